import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ParsedFile } from '#engine/intake/types.ts'
import { flagged, gz, ids, logText, parse, parsePieces, raw, record, records, term } from './evidence.ts'

const COUNT = 40
const text = logText(records(COUNT))
const packed = gz(text)
const all = records(COUNT).map((r) => r['eventID'])
const LOG_NAME = '111122223333_CloudTrail_eu-west-1_20240501T0000Z_aaaaaaaaaaaaaaaa.json.gz'

/** What every damaged file must keep: only whole records from its front, each marked, and a reason. */
function expectSalvaged(file: ParsedFile): void {
  expect(file.outcome).toBe('quarantined')
  expect(file.reason).toBeTruthy()
  expect(ids(file)).toEqual(all.slice(0, file.records.length))
  expect(file.records.every((r) => flagged(r.columns, 'salvaged'))).toBe(true)
}

describe('damaged files', () => {
  it('keeps the whole records before a cut at every percent of a gzip file', () => {
    let most = 0
    for (let percent = 1; percent < 100; percent++) {
      const file = parse(packed.subarray(0, Math.floor((packed.length * percent) / 100)), LOG_NAME)
      expectSalvaged(file)
      expect(file.records.length).toBeGreaterThanOrEqual(most)
      most = file.records.length
    }
    expect(most).toBeGreaterThan(COUNT / 2)
  })

  it('keeps the whole records before a cut at every percent of a plain file, and says where it broke', () => {
    for (let percent = 2; percent < 100; percent++) {
      const cut = Math.floor((text.length * percent) / 100)
      const file = parse(text.slice(0, cut))
      expectSalvaged(file)
      expect(file.brokeAt).toBeLessThanOrEqual(cut)
      const last = file.records.at(-1)
      if (last) expect(file.brokeAt).toBeGreaterThanOrEqual(last.offset + last.length)
    }
  })

  it('never takes a file with a flipped bit for a whole one, and never fails', () => {
    fc.assert(
      fc.property(fc.nat(packed.length * 8 - 1), (bit) => {
        const damaged = Buffer.from(packed)
        damaged[bit >> 3]! ^= 1 << (bit & 7)
        const file = parse(damaged, LOG_NAME)
        // Bits of the header that say when and where it was compressed change nothing of the content.
        if (bit >> 3 > 3 && bit >> 3 < 10) return
        if (file.outcome === 'stored') expect(ids(file)).toEqual(all)
        else expect(file.reason).toBeTruthy()
      }),
      { numRuns: 400 },
    )
  })

  it('has an outcome for any bytes at all, whole or as a stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', '{"Records":[', '\u001f\u008b\b', 'PK\u0003\u0004', '[', '(\u00b5/\u00fd'),
        async (bytes, front) => {
          const content = Buffer.concat([Buffer.from(front, 'latin1'), bytes])
          const file = parse(content)
          expect(file.sha256).toBe(createHash('sha256').update(content).digest('hex'))
          if (file.outcome !== 'stored') expect(file.reason).toBeTruthy()
          const streamed = await parsePieces(content, 17)
          expect(streamed.outcome).toBe(file.outcome)
          expect(streamed.sha256).toBe(file.sha256)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reads only the first gzip member, and says how much follows it', () => {
    const second = gz(logText([record(99)]))
    for (const tail of [second, Buffer.from('garbage'), Buffer.alloc(512)]) {
      const file = parse(Buffer.concat([packed, tail]), LOG_NAME)
      expect(file).toMatchObject({ outcome: 'stored', trailingBytes: tail.length, recordCount: COUNT })
      expect(file.notes.join()).toContain('first gzip member')
      expect(file.inflatedSha256).toBe(createHash('sha256').update(text).digest('hex'))
    }
  })

  it('quarantines a file whose gzip checksum does not fit', () => {
    const damaged = Buffer.from(packed)
    damaged[packed.length - 6]! ^= 1
    const file = parse(damaged, LOG_NAME)
    expectSalvaged(file)
    expect(file.reason).toContain('checksum')
  })

  it('quarantines what stands after the JSON of a log file', () => {
    expect(parse(`${text}]}`)).toMatchObject({ outcome: 'stored', recordCount: COUNT, rejectedCount: 1 })
    expect(parse(text.slice(0, -1))).toMatchObject({ outcome: 'quarantined', recordCount: COUNT })
    expect(parse(`{"Records":[${JSON.stringify(record(1))}],x}`)).toMatchObject({
      outcome: 'quarantined',
      recordCount: 1,
    })
  })

  it('rejects a broken line and reads the lines after it', () => {
    const line = (n: number) => JSON.stringify(record(n))
    const file = parse(`${line(0)}\n${line(1).slice(0, 100)}\n${line(2)}\nnot json\n${line(3)}\n`)
    expect(file).toMatchObject({ outcome: 'stored', recordCount: 3, rejectedCount: 2 })
    expect(file.rejected.map((r) => r.ordinal)).toEqual([1, 3])
  })

  it('rejects one record with a raw line break in a text, as in copied samples, and reads the others', () => {
    const bad = JSON.stringify(record(1)).replace('report-1', 'report\n1')
    const file = parse(`{"Records":[${JSON.stringify(record(0))},${bad},${JSON.stringify(record(2))}]}`)
    expect(file).toMatchObject({ outcome: 'stored', recordCount: 2, rejectedCount: 1 })
    expect(file.rejected[0]?.reason).toContain('not valid JSON')
  })
})

describe('exact bytes', () => {
  const odd = (more: string) =>
    `{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"e-1",${more}}`

  it('keeps a number beyond 2^53 in the raw bytes and in the document', () => {
    const content = `{"Records":[${odd('"requestParameters":{"n":9007199254740993}')}]}`
    const file = parse(content)
    expect(raw(content, file.records[0]!)).toContain('9007199254740993')
    expect(file.records[0]!.columns.documents[1]).toBe('{"n":9007199254740993}')
  })

  it('marks a record that names a key twice, at the top or inside', () => {
    const top = parse(`{"Records":[${odd('"eventName":"StopLogging"')},${odd('"a":1')}]}`)
    expect(top.records.map((r) => flagged(r.columns, 'duplicateKey'))).toEqual([true, false])
    expect(term(top.records[0]!.columns, 'eventName')).toBe('StopLogging')
    const inside = parse(`[${odd('"requestParameters":{"name":"x","name":"y"}')}]`)
    expect(flagged(inside.records[0]!.columns, 'duplicateKey')).toBe(true)
    const wrapped = parse(JSON.stringify({ Events: [{ CloudTrailEvent: odd('"eventName":"StopLogging"') }] }))
    expect(flagged(wrapped.records[0]!.columns, 'duplicateKey')).toBe(true)
  })

  it('shows invalid UTF-8 as such in one record and leaves the others alone', () => {
    const bytes = Buffer.from(`{"Records":[${odd('"userAgent":"a~b"')},${odd('"userAgent":"Grüße"')}]}`)
    bytes[bytes.indexOf('~')] = 0xff
    const file = parse(bytes)
    expect(file.records.map((r) => flagged(r.columns, 'invalidUtf8'))).toEqual([true, false])
    expect(term(file.records[0]!.columns, 'userAgent')).toBe('a\ufffdb')
    expect(term(file.records[1]!.columns, 'userAgent')).toBe('Grüße')
    expect(bytes[file.records[0]!.offset + bytes.subarray(file.records[0]!.offset).indexOf('"a') + 2]).toBe(0xff)
  })

  it('gives a number-like key, a __proto__ key and escapes their place in the documents', () => {
    const file = parse(`[${odd('"7":{"x":1},"__proto__":{"y":2},"requestParameters":{"a":"\\u0041\\/"}')}]`)
    const columns = file.records[0]!.columns
    expect(columns.documents[6]).toBe('{"7":{"x":1},"__proto__":{"y":2}}')
    expect(columns.documents[1]).toBe('{"a":"A/"}')
  })

  it('finds the same slices as the file has elements, for every record of a file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
        fc.constantFrom(undefined, 2),
        (values, indent) => {
          const items = values.map((v, n) => record(n, { requestParameters: v as unknown }))
          const content = gz(JSON.stringify({ Records: items }, undefined, indent))
          const file = parse(content)
          const inflated = gunzipSync(content)
          expect(
            file.records.map((r) => JSON.parse(inflated.toString('utf8', r.offset, r.offset + r.length)) as unknown),
          ).toEqual(items.map((i) => JSON.parse(JSON.stringify(i)) as unknown))
        },
      ),
      { numRuns: 100 },
    )
  })
})
