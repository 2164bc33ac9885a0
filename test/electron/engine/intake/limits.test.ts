import { describe, expect, it } from 'vitest'
import { deflateRawSync } from 'node:zlib'
import { flagged, gz, ids, logText, parse, parsePieces, record, term } from './evidence.ts'

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const withParameters = (json: string): string =>
  JSON.stringify(record(1)).replace(/"requestParameters":\{[^}]*\}/, `"requestParameters":${json}`)

/** A zstd frame of blocks as RFC 8878 describes them: raw (0) or one byte repeated (1). */
function zstd(blocks: readonly { type: 0 | 1; size: number; bytes: Buffer }[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])]
  blocks.forEach(({ type, size, bytes }, i) => {
    const header = Buffer.alloc(3)
    header.writeUIntLE((i === blocks.length - 1 ? 1 : 0) | (type << 1) | (size << 3), 0, 3)
    parts.push(header, bytes)
  })
  return Buffer.concat(parts)
}

describe('limits', () => {
  it('refuses a file that inflates to more than 200 times its size, after the first megabyte', async () => {
    const bomb = gz(`{"Records":[${' '.repeat(3_000_000)}]}`)
    for (const file of [parse(bomb), await parsePieces(bomb, 1000)]) {
      expect(file).toMatchObject({ outcome: 'quarantined', recordCount: 0 })
      expect(file.reason).toContain('200 bytes for each stored byte')
    }
    expect(parse(gz(`{"Records":[${' '.repeat(900_000)}]}`)).outcome).toBe('stored')
  })

  it('refuses a file beyond the size limit', async () => {
    const content = gz(
      logText(Array.from({ length: 200 }, (_, n) => record(n, { userAgent: Math.random().toString() }))),
    )
    for (const file of [
      parse(content, 'x', { inflatedBytes: 10_000 }),
      await parsePieces(content, 100, 'x', { inflatedBytes: 10_000 }),
    ]) {
      expect(file.outcome).toBe('quarantined')
      expect(file.reason).toContain('the limit for one file is 10.0 kB')
    }
  })

  it('refuses gzip inside gzip inside gzip without end', async () => {
    let content: Buffer = Buffer.from(logText([record(1)]))
    for (let i = 0; i < 5; i++) content = gz(content)
    expect(parse(content)).toMatchObject({ outcome: 'quarantined', recordCount: 0 })
    expect(await parsePieces(content, 50)).toMatchObject({ outcome: 'quarantined', recordCount: 0 })
    expect(parse(content, 'x', { compressionLayers: 5 })).toMatchObject({ outcome: 'stored', recordCount: 1 })
  })

  it('rejects a record beyond the record limit and reads the next', () => {
    const content = logText([record(1), record(2, { userAgent: 'x'.repeat(5000) }), record(3)])
    expect(parse(content, 'x', { recordBytes: 2000 })).toMatchObject({
      outcome: 'stored',
      recordCount: 2,
      rejectedCount: 1,
    })
  })

  it('stops a stream at a value that is larger than memory allows, and keeps what came before', async () => {
    const content = Buffer.from(`${JSON.stringify(record(1))}\n{"a":"${'x'.repeat(5_000_000)}"}`)
    const file = await parsePieces(content, 100_000, 'x', { recordBytes: 1_000_000 })
    expect(file).toMatchObject({ outcome: 'quarantined', recordCount: 1, size: content.length })
    expect(file.reason).toContain('larger than 1.0 MB')
  })

  it('keeps a record that is nested too deep, marks it, and leaves its documents out', () => {
    const content = `[${withParameters(nested(64))},${withParameters(nested(62))},${withParameters(nested(200_000))}]`
    const file = parse(content)
    expect(file).toMatchObject({ outcome: 'stored', recordCount: 3 })
    expect(file.records.map((r) => flagged(r.columns, 'tooDeep'))).toEqual([true, false, true])
    expect(term(file.records[2]!.columns, 'eventName')).toBe('GetObject')
    expect(file.records[2]!.columns.documents.every((d) => d === undefined)).toBe(true)
  })

  it('takes a deep record inside a string the same way', () => {
    const content = JSON.stringify({ Events: [{ CloudTrailEvent: withParameters(nested(100_000)) }] })
    expect(parse(content).records.map((r) => flagged(r.columns, 'tooDeep'))).toEqual([true])
  })

  it('reads zstd, and refuses one that grows without end or breaks off', async () => {
    const text = Buffer.from(logText([record(1), record(2)]))
    const good = zstd([{ type: 0, size: text.length, bytes: text }])
    expect(parse(good)).toMatchObject({ outcome: 'stored', compression: 'zstd', recordCount: 2 })
    expect((await parsePieces(good, 100)).recordCount).toBe(2)
    const bomb = zstd(Array.from({ length: 100 }, () => ({ type: 1 as const, size: 100_000, bytes: Buffer.from(' ') })))
    expect(parse(bomb)).toMatchObject({ outcome: 'quarantined' })
    expect(await parsePieces(bomb, 100)).toMatchObject({ outcome: 'quarantined' })
    expect(parse(good.subarray(0, good.length - 40))).toMatchObject({ outcome: 'quarantined' })
  })

  it('reads gzip headers with name, comment, extra field and checksum', () => {
    const text = Buffer.from(logText([record(1)]))
    const plain = gz(text)
    const header = Buffer.from([
      0x1f,
      0x8b,
      8,
      2 | 4 | 8 | 16,
      0,
      0,
      0,
      0,
      0,
      255,
      3,
      0,
      1,
      2,
      3,
      ...Buffer.from('log.json\0note\0'),
      0,
      0,
    ])
    const content = Buffer.concat([header, deflateRawSync(text), plain.subarray(-8)])
    expect(ids(parse(content))).toEqual([record(1)['eventID']])
    expect(parse(header.subarray(0, 20))).toMatchObject({ outcome: 'quarantined' })
  })

  it('takes attacker text full of blanks and quotes in linear time', () => {
    const lines = `${' \n'.repeat(50_000)}x-amz`
    expect(parse(lines).outcome).toBe('ignored')
    expect(parse(`Event ID,Event name,AWS region\n${'"",'.repeat(100_000)}\n`).outcome).toBe('stored')
  })
})
