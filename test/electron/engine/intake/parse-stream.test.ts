import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { defaultLimits } from '#engine/intake/limits.ts'
import { parseStream } from '#engine/intake/parse-stream.ts'
import { gz, ids, logText, parse, parsePieces, record, records } from './evidence.ts'

/** Records that compress badly, so that many steps of inflating are needed. The same each time: what a flipped byte of the file spoils depends on them. */
const large = (count: number): string =>
  logText(records(count).map((r, n) => ({ ...r, requestParameters: { blob: noise(n) } })))
const noise = (n: number): string =>
  [0, 1, 2].map((part) => createHash('sha512').update(`${n} ${part}`).digest('base64')).join('')

describe('files that do not fit in memory', () => {
  it('gives what reading the whole file gives, however it is cut', async () => {
    const text = large(400)
    for (const content of [Buffer.from(text), gz(text), gz(gz(text))]) {
      const whole = parse(content)
      for (const size of [997, 65_536, 10_000_000]) expect(await parsePieces(content, size)).toEqual(whole)
    }
  })

  it('sees what follows the first gzip member, also when the member ends where a piece ends', async () => {
    const member = gz(large(300))
    const content = Buffer.concat([member, gz(logText([record(7)])), Buffer.alloc(100)])
    for (const size of [7, member.length - 8, member.length, 4096]) {
      const file = await parsePieces(content, size)
      expect(file).toMatchObject({ outcome: 'stored', recordCount: 300, trailingBytes: content.length - member.length })
    }
  })

  it('keeps the records before a cut, a damaged byte and a wrong checksum', async () => {
    const content = gz(large(2000))
    const cut = await parsePieces(content.subarray(0, content.length / 2), 5000)
    const flipped = Buffer.from(content)
    flipped[(content.length / 2) | 0]! ^= 0xff
    const wrong = Buffer.from(content)
    wrong[content.length - 5]! ^= 1
    for (const file of [cut, await parsePieces(flipped, 5000), await parsePieces(wrong, 5000)]) {
      expect(file.outcome).toBe('quarantined')
      expect(file.recordCount).toBeGreaterThan(500)
      expect(ids(file)).toEqual(
        records(2000)
          .slice(0, file.recordCount)
          .map((r) => r['eventID']),
      )
    }
  })

  it('waits for each part to be taken before it reads on', async () => {
    const text = Buffer.from(large(15_000))
    let read = 0
    let taken = 0
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < text.length; at += 100_000) {
        read = at
        yield await Promise.resolve(text.subarray(at, at + 100_000))
      }
    }
    let ahead = 0
    await parseStream(
      'x',
      chunks(),
      defaultLimits,
      async (part) => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        const last = part.at(-1)!
        taken = last.offset + last.length
        ahead = Math.max(ahead, read - taken)
      },
      new AbortController().signal,
    )
    expect(taken).toBeGreaterThan(text.length - 100)
    expect(ahead).toBeLessThan(2_500_000)
  })

  it('stops when cancelled', async () => {
    const stop = new AbortController()
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(Buffer.from(`${JSON.stringify(record(1))}\n`.repeat(1000)))
    }
    const run = parseStream(
      'x',
      chunks(),
      defaultLimits,
      () => {
        stop.abort(new Error('cancelled'))
        return Promise.resolve()
      },
      stop.signal,
    )
    await expect(run).rejects.toThrow('cancelled')
  })

  it('says what to do with a large file in UTF-16', async () => {
    const file = await parsePieces(Buffer.from(`\ufeff${logText([record(1)])}`, 'utf16le'), 100)
    expect(file).toMatchObject({ outcome: 'quarantined', recordCount: 0 })
    expect(file.reason).toContain('Convert it to UTF-8')
  })
})
