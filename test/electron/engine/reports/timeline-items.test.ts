import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { timelineItems, timelineNotes, type TimelineItem } from '#engine/reports/timeline-items.ts'
import { openZone, type Zone } from '#engine/reports/zone.ts'
import { at, row } from './sample-model.ts'

const zone = (name: string): Zone => {
  const found = openZone(name)
  if (!found) throw new Error(name)
  return found
}
const itemsAt = (times: readonly string[], name = 'UTC'): TimelineItem[] =>
  timelineItems({ rows: times.map((time, n) => row(n, { time: at(time) })), gapMs: 3_600_000 }, zone(name))
const texts = (items: readonly TimelineItem[]): string[] =>
  items.map((item) =>
    item.kind === 'event' ? `${item.number}${item.sameSecond ? '=' : ''}` : `${item.kind}: ${item.text}`,
  )

describe('the rows of the timeline', () => {
  it('are grouped by day, with pauses named and equal seconds marked', () => {
    expect(
      texts(itemsAt(['2023-07-10T03:10:00Z', '2023-07-10T09:42:00Z', '2023-07-10T09:42:00Z', '2023-07-11T09:41:59Z'])),
    ).toEqual([
      'day: 2023-07-10 Monday, 3 events',
      '1',
      'gap: no events in selected data 03:10 to 09:42 (6 h 32 min)',
      '2=',
      '3=',
      'gap: no events in selected data 2023-07-10 09:42 to 2023-07-11 09:41 (23 h 59 min)',
      'day: 2023-07-11 Tuesday, 1 event',
      '4',
    ])
  })

  it('read the same way when the newest stands first', () => {
    expect(texts(itemsAt(['2023-07-10T09:42:00Z', '2023-07-10T03:10:00Z']))).toContain(
      'gap: no events in selected data 03:10 to 09:42 (6 h 32 min)',
    )
  })

  it('show a change of the clock where it happened, forward and back', () => {
    expect(texts(itemsAt(['2023-03-26T00:59:59Z', '2023-03-26T01:00:00Z'], 'Europe/Berlin'))).toContain(
      'clock-change: Europe/Berlin changes from UTC+01:00 to UTC+02:00 at 2023-03-26 01:00:00Z',
    )
    expect(texts(itemsAt(['2023-11-05T05:59:59Z', '2023-11-05T06:00:00Z'], 'America/New_York'))).toContain(
      'clock-change: America/New_York changes from UTC-04:00 to UTC-05:00 at 2023-11-05 06:00:00Z',
    )
  })

  it('show no change of the clock in a zone without one', () => {
    expect(
      texts(itemsAt(['2023-01-01T00:00:00Z', '2024-01-01T00:00:00Z'], 'Asia/Tokyo')).filter((one) =>
        one.startsWith('clock'),
      ),
    ).toEqual([])
  })

  it('all come out once and in order, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { maxLength: 40 }), (times) => {
        const rows = times.sort((a, b) => a - b).map((time, n) => row(n, { time: utcMs(time) }))
        const events = timelineItems({ rows, gapMs: 3_600_000 }, zone('UTC')).flatMap((item) =>
          item.kind === 'event' ? [item] : [],
        )
        expect(events.map((one) => one.row)).toEqual(rows)
        expect(events.map((one) => one.number)).toEqual(rows.map((_, n) => n + 1))
      }),
      { numRuns: 50 },
    )
  })
})

describe('the notes', () => {
  it('number each long text once', () => {
    const notes = timelineNotes([row(0), row(1), row(2)])
    expect([...notes.principals.values()]).toEqual(['P1', 'P2'])
    expect([...notes.userAgents.values()]).toEqual(['U1', 'U2'])
  })
})
