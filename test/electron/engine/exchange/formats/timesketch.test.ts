import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { timesketchColumns, writeTimesketchCsv, writeTimesketchJsonLines } from '#engine/exchange/formats/timesketch.ts'
import { exportEvent, hostileTexts, jsonLinesOf, stream, textOf } from './samples.ts'

const denied = exportEvent({
  tags: ['exfil', 'day 1'],
  bookmark: { exhibit: 'AR-0001', title: 'Logging stopped', note: 'first act' },
  terms: { errorCode: 'AccessDenied' },
  rawRecord: '{ "errorCode" : "AccessDenied", "readOnly" : false,\n "userIdentity": {"userName": "alice"} }',
})

describe('writeTimesketchJsonLines', () => {
  it('writes plaso names, microseconds and the sentence of plaso', async () => {
    const [row] = await jsonLinesOf(writeTimesketchJsonLines(stream([denied])))
    expect(row).toMatchObject({
      message: 'User alice performed StopLogging on [] using access key AKIAEXAMPLE from IP address 203.0.113.7',
      datetime: '2026-01-02T03:04:05+00:00',
      timestamp: 1767323045000000,
      timestamp_desc: 'Recorded Time',
      data_type: 'aws:cloudtrail:entry',
      event_name: 'StopLogging',
      user_name: 'alice',
      account_identifier: '000123456789',
      evidence_record: 0,
      exhibit: 'AR-0001',
      tag: ['exfil', 'day 1'],
      comment: 'Logging stopped\nfirst act',
    })
  })
  it('gives the taggers what they look for: the record without blanks, readable as JSON', async () => {
    const [row] = await jsonLinesOf(writeTimesketchJsonLines(stream([denied])))
    expect(row.cloud_trail_event).toContain('"errorCode":"AccessDenied"')
    const record = JSON.parse(row.cloud_trail_event)
    expect(record.readOnly).toBe(false)
    expect(record.userIdentity.userName).toBe('alice')
  })
  it('keeps a fraction of a second', async () => {
    const [row] = await jsonLinesOf(
      writeTimesketchJsonLines(stream([exportEvent({ time: '2026-01-02T03:04:05.250Z' })])),
    )
    expect(row).toMatchObject({ datetime: '2026-01-02T03:04:05.250+00:00', timestamp: 1767323045250000 })
  })
  it('always has the three fields that Timesketch demands, and none that it strips', async () => {
    const [row] = await jsonLinesOf(
      writeTimesketchJsonLines(stream([{ ...exportEvent(), terms: {}, identifiers: {}, rawRecord: '' }])),
    )
    expect(Object.keys(row)).toEqual(expect.arrayContaining(['message', 'datetime', 'timestamp_desc']))
    for (const name of ['_id', '_type', '_index', '_source', '__ts_timeline_id']) expect(row).not.toHaveProperty(name)
  })
})

describe('writeTimesketchCsv', () => {
  it('has the same columns with tags in one cell', async () => {
    const [row] = parse(await textOf(writeTimesketchCsv(stream([denied]))), { columns: true })
    expect(Object.keys(row as object)).toEqual([...timesketchColumns, 'neutralised'])
    expect(row).toMatchObject({ tag: 'exfil,day 1', timestamp: '1767323045000000', neutralised: '0' })
    expect(JSON.parse((row as Record<string, string>)['cloud_trail_event']!)).toMatchObject({
      errorCode: 'AccessDenied',
    })
  })
  it('lets no cell run in a spreadsheet', async () => {
    const events = hostileTexts().map((text) =>
      exportEvent({ terms: { userAgent: text, 'userIdentity.userName': text }, tags: [text] }),
    )
    const rows: string[][] = parse(await textOf(writeTimesketchCsv(stream(events))))
    expect(rows).toHaveLength(201)
    for (const cell of rows.flat()) expect(cell).not.toMatch(/(?:^|[;\n])[=+\-@\uff1d\uff0b\uff0d\uff20]/)
  })
})
