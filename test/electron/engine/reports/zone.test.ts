import { describe, expect, it } from 'vitest'
import { formatOffset, localReading, openZone, zoneStatement } from '#engine/reports/zone.ts'
import { at } from './sample-model.ts'

describe('a zone', () => {
  it('reads the wall clock with its offset', () => {
    const kathmandu = openZone('Asia/Kathmandu')!
    expect(localReading(at('2023-07-10T20:30:05Z'), kathmandu)).toEqual({
      day: '2023-07-11',
      clock: '02:15:05',
      offset: '+05:45',
    })
    expect(formatOffset(-210)).toBe('-03:30')
  })

  it('states all its offsets of the year', () => {
    const period = { from: at('2023-07-01T00:00:00Z'), to: at('2023-07-31T00:00:00Z') }
    expect(zoneStatement(openZone('Europe/Berlin')!, period)).toBe(
      'All times UTC; local = Europe/Berlin (UTC+01:00/+02:00)',
    )
    expect(zoneStatement(openZone('UTC')!, period)).toBe('All times UTC')
  })

  it('is undefined for a name that nobody knows', () => {
    expect(openZone('Mars/Olympus')).toBeUndefined()
  })
})
