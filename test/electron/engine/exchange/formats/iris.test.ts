import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { writeIrisCsv } from '#engine/exchange/formats/iris.ts'
import { exportEvent, hostileTexts, stream, textOf } from './samples.ts'

describe('writeIrisCsv', () => {
  it('has the header, date and separators that the IRIS upload demands', async () => {
    const event = exportEvent({
      tags: ['exfil', 'a|b'],
      bookmark: { exhibit: 'AR-0001', title: 'Logging stopped', note: 'two\nlines' },
    })
    const text = await textOf(writeIrisCsv(stream([event])))
    expect(text.split('\r\n')[0]).toBe(
      'event_date,event_tz,event_title,event_category,event_content,event_raw,event_source,event_assets,event_iocs,event_tags',
    )
    const [row] = parse(text, { columns: true })
    expect(row).toMatchObject({
      event_date: '2026-01-02T03:04:05.000',
      event_tz: '+00:00',
      event_title: 'Logging stopped',
      event_category: 'Unspecified',
      event_assets: '',
      event_iocs: '',
      event_tags: 'exfil|a b',
    })
  })
  it('survives being split into lines before it is read as CSV, whatever the evidence says', async () => {
    const events = hostileTexts().map((text) =>
      exportEvent({ terms: { eventName: text, principal: text }, rawRecord: text, path: text }),
    )
    const lines = (await textOf(writeIrisCsv(stream(events))))
      .split(/[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+/)
      .filter((line) => line !== '')
    expect(lines).toHaveLength(201)
    for (const line of lines) {
      const [cells]: string[][] = parse(line)
      expect(cells).toHaveLength(10)
      expect(cells![2]).not.toBe('')
    }
  })
})
