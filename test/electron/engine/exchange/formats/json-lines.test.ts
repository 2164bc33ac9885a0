import { describe, expect, it } from 'vitest'
import { writeJsonLines } from '#engine/exchange/formats/json-lines.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { exportEvent, hostileTexts, jsonLinesOf, sha256, stream, textOf } from './samples.ts'

const lineOf = async (event: ExportEvent): Promise<string> => (await textOf(writeJsonLines(stream([event])))).trimEnd()

describe('writeJsonLines', () => {
  it('carries the exact bytes of the record as the last member of its line', async () => {
    const rawRecord = '{"n": 9007199254740993, "n" :1.0, "s":"\\u0041\\ud800"}'
    const line = await lineOf(exportEvent({ rawRecord }))
    expect(line.endsWith(`,"record":${rawRecord}}`)).toBe(true)
    const event = JSON.parse(line)
    expect(event.recordSha256).toBe(sha256(rawRecord))
    expect(event.recordNumber).toBe(0)
  })
  it.each([
    ['spans lines', Buffer.from('{\n"a":1\r\n}')],
    ['is not JSON', Buffer.from('{"a":NaN}')],
    ['is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['starts with a byte order mark', Buffer.from('\ufeff{}')],
  ])('gives the exact bytes in base64 when the record %s', async (_, rawRecord) => {
    const event = JSON.parse(await lineOf(exportEvent({ rawRecord })))
    expect(event.record).toBeUndefined()
    expect(Buffer.from(event.recordBase64, 'base64').equals(rawRecord)).toBe(true)
  })
  it('is one line per event, whatever the evidence says', async () => {
    const events = hostileTexts().map((text) =>
      exportEvent({ path: text, tags: [text], rawRecord: JSON.stringify({ userAgent: text }) }),
    )
    const lines = await jsonLinesOf(writeJsonLines(stream(events)))
    expect(lines.map((line) => line.record.userAgent)).toEqual(hostileTexts())
  })
})
