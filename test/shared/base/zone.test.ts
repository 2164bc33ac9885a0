import { describe, expect, it } from 'vitest'
import { timeTicks } from '#renderer/ui/time-axis.ts'
import { durationText, ianaZone, timeText, UTC, type Zone } from '#shared/base/zone.ts'

const berlin = (): Zone => {
  const zone = ianaZone('Europe/Berlin')
  if (!zone.ok) throw new Error(zone.message)
  return zone.value
}

describe('a display zone', () => {
  it('always carries its offset, summer and winter', () => {
    expect(timeText(Date.UTC(2023, 6, 10, 12, 3, 44))).toBe('2023-07-10 12:03:44Z')
    expect(timeText(Date.UTC(2023, 6, 10, 12, 3, 44), berlin())).toBe('2023-07-10 14:03:44+02:00')
    expect(timeText(Date.UTC(2023, 0, 10, 12, 3, 44, 120), berlin())).toBe('2023-01-10 13:03:44.120+01:00')
  })

  it('changes within the hour that clocks change', () => {
    const change = Date.UTC(2023, 2, 26, 1)
    expect(berlin().offsetMinutes(change - 1)).toBe(60)
    expect(berlin().offsetMinutes(change)).toBe(120)
  })

  it('is refused when nobody knows it', () =>
    expect(ianaZone('Mars/Olympus')).toMatchObject({ ok: false, code: 'unknown-zone' }))
})

describe('a time axis', () => {
  const day = { from: Date.UTC(2023, 6, 10, 18), to: Date.UTC(2023, 6, 11, 6) }

  it('has ticks at round hours and names the new day', () => {
    const ticks = timeTicks(day, 800, UTC)
    expect(ticks.map((tick) => tick.label)).toEqual(['18:00', '20:00', '22:00', 'Jul 11', '02:00', '04:00'])
    expect(ticks.filter((tick) => tick.major).map((tick) => tick.label)).toEqual(['Jul 11'])
  })

  it('is round in the zone that is shown', () => {
    const [first] = timeTicks(day, 300, berlin())
    expect(new Date(first!.at).toISOString()).toBe('2023-07-10T22:00:00.000Z')
    expect(first!.label).toBe('Jul 11')
  })

  it('goes from seconds to decades without crowding', () => {
    for (const span of [10_000, 3_600_000, 86_400_000, 40 * 86_400_000, 900 * 86_400_000, 30 * 365 * 86_400_000]) {
      const ticks = timeTicks({ from: day.from, to: day.from + span }, 1000, UTC)
      expect(ticks.length).toBeGreaterThan(1)
      expect(ticks.length).toBeLessThanOrEqual(13)
    }
  })

  it('is empty for an empty span', () => expect(timeTicks({ from: 5, to: 5 }, 800, UTC)).toEqual([]))
})

describe('a duration', () => {
  it('is told in two units at most', () => {
    expect([7_000, 200_000, 7_500_000, 273_600_000].map(durationText)).toEqual([
      '7 s',
      '3 min 20 s',
      '2 h 5 min',
      '3 d 4 h',
    ])
  })
})
