import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analystColumns } from '#engine/exchange/formats/analyst-columns.ts'
import { writeAnalystCsv } from '#engine/exchange/formats/analyst-csv.ts'
import { csvRows } from '#engine/exchange/formats/csv-text.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { exportEvent, hostileTexts, statement, stream, textOf } from './samples.ts'

const rowsOf = async (events: readonly ExportEvent[]): Promise<Record<string, string>[]> =>
  parse(await textOf(writeAnalystCsv(stream(events), statement())), { bom: true, columns: true })

/** One event with the same text in every place an attacker, or a colleague, can write to. */
const poisoned = (text: string): ExportEvent => ({
  ...exportEvent({
    path: text,
    tags: [text],
    bookmark: { exhibit: text, title: text, note: text },
    terms: {
      eventSource: text,
      eventName: text,
      principal: text,
      'userIdentity.type': text,
      'userIdentity.accessKeyId': text,
      account: text,
      awsRegion: text,
      sourceIPAddress: text,
      userAgent: text,
      errorCode: text,
      errorMessage: text,
      resource: text,
    },
    identifiers: { eventID: text },
  }),
})

describe('writeAnalystCsv', () => {
  it('starts with a byte order mark, ends rows with CRLF and has exactly the agreed columns', async () => {
    const text = await textOf(writeAnalystCsv(stream([exportEvent()]), statement()))
    expect(text.startsWith('\ufeff')).toBe(true)
    expect(text.slice(1).split('\r\n')[0]).toBe(
      'row,exhibit,time_utc,time_local,zone,event_source,event_name,actor,actor_type,access_key,account,region,source_ip,user_agent,error,resources,tags,comment,event_id,evidence_file,evidence_sha256,record_no,record_sha256,neutralised',
    )
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })
  it('gives UTC and the local time with its offset, in summer and in winter', async () => {
    const [winter, summer] = await rowsOf([exportEvent(), exportEvent({ time: '2026-07-02T23:30:00Z' })])
    expect(winter).toMatchObject({
      time_utc: '2026-01-02T03:04:05Z',
      time_local: '2026-01-02T04:04:05+01:00',
      zone: 'Europe/Berlin',
    })
    expect(summer).toMatchObject({ time_local: '2026-07-03T01:30:00+02:00' })
  })
  it('says 0 for a row that is the evidence as it is', async () => {
    expect((await rowsOf([exportEvent()]))[0]).toMatchObject({
      neutralised: '0',
      account: '000123456789',
      record_no: '0',
    })
  })
  it('keeps every hostile text from running, hiding or breaking rows, in every column, and marks the row', async () => {
    const rows = await rowsOf(hostileTexts().map(poisoned))
    expect(rows).toHaveLength(200)
    for (const row of rows) {
      for (const [column, cell] of Object.entries(row)) {
        expect(cell, column).not.toMatch(/(?:^|[;\n])[=+\-@\uff1d\uff0b\uff0d\uff20]/)
        expect(cell, column).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      }
    }
    expect(rows.filter((row) => row['neutralised'] === '1').length).toBeGreaterThan(180)
  })
  it('has no raw escape byte anywhere', async () => {
    const text = await textOf(writeAnalystCsv(stream(hostileTexts().map(poisoned)), statement()))
    expect(text).not.toContain('\u001b')
  })
})

describe('csvRows', () => {
  it('is read back as it was by another RFC 4180 reader', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', ';', '\r', '\n', '\t', ' ', "'", 'é', '\u{1f600}'),
      maxLength: 6,
    })
    const row = fc.array(cell, { minLength: analystColumns.length, maxLength: analystColumns.length })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        expect(parse(csvRows(rows), { record_delimiter: '\r\n' })).toEqual(rows)
      }),
      { numRuns: 200 },
    )
  })
})
