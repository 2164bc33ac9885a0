import { describe, expect, it } from 'vitest'
import { localTime } from '#engine/exchange/formats/local-time.ts'
import { at } from './samples.ts'

describe('localTime', () => {
  it.each([
    ['2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29T01:59:59+01:00'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00:00+02:00'],
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+02:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+01:00'],
    ['2026-01-01T02:00:00Z', 'America/St_Johns', '2025-12-31T22:30:00-03:30'],
    ['2026-01-01T00:00:00Z', 'Asia/Kathmandu', '2026-01-01T05:45:00+05:45'],
    ['2026-04-04T15:00:00Z', 'Australia/Lord_Howe', '2026-04-05T01:30:00+10:30'],
    ['2026-01-01T00:00:00Z', 'UTC', '2026-01-01T00:00:00+00:00'],
  ])('%s in %s is %s', (time, zone, expected) => {
    expect(localTime(at(time), zone)).toBe(expected)
  })
  it('throws for a zone that does not exist', () => {
    expect(() => localTime(at('2026-01-01T00:00:00Z'), 'Mars/Olympus')).toThrow(RangeError)
  })
})
