import { describe, expect, it } from 'vitest'
import { coverageWish } from '#renderer/features/integrity/coverage-unit.ts'
import { nextTrouble, spanAt, type Lane, type LaneSpan } from '#renderer/features/integrity/lane-model.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const lane = (id: string, ...spans: Lane['spans']): Lane => ({ id, name: id, title: id, spans, names: [] })
const lanes = [
  lane('a', { from: 0, to: 10, state: 'proven' }, { from: 10, to: 20, state: 'missing' }),
  lane('b', { from: 10, to: 30, state: 'altered' }, { from: 40, to: 50, state: 'missing' }),
]

describe('walking from gap to gap', () => {
  it('goes through all that is altered or missing, in time and then from lane to lane, and begins again at the end', () => {
    const seen: string[] = []
    let at = { lane: -1, time: -1 }
    for (let i = 0; i < 4; i++) {
      const next = nextTrouble(lanes, at, 1)!
      seen.push(`${next.lane} ${next.span.from}`)
      at = { lane: next.lane, time: next.span.from }
    }
    expect(seen).toEqual(['0 10', '1 10', '1 40', '0 10'])
  })
  it('walks back the same way', () => {
    expect(nextTrouble(lanes, { lane: 1, time: 40 }, -1)).toMatchObject({ lane: 1, span: { from: 10 } })
    expect(nextTrouble(lanes, { lane: 1, time: 10 }, -1)).toMatchObject({ lane: 0, span: { from: 10 } })
  })
  it('goes nowhere when everything is proven', () => {
    expect(nextTrouble([lane('a', { from: 0, to: 10, state: 'proven' })], { lane: 0, time: 0 }, 1)).toBeUndefined()
  })
})

describe('the stretch under a moment', () => {
  it('is found at its first moment and no longer at its end', () => {
    const { spans } = lanes[1]!
    expect(spanAt(spans, 10)?.state).toBe('altered')
    expect(spanAt(spans, 30)).toBeUndefined()
    expect(spanAt(spans, 49)?.state).toBe('missing')
    expect(spanAt<LaneSpan>([], 1)).toBeUndefined()
  })
})

describe('how finely coverage is asked for', () => {
  const year = { from: 0, to: 365 * DAY }
  it('asks for hours of all time where that is little, for days where it is much', () => {
    expect(coverageWish({ from: 0, to: 14 * DAY }, { from: 0, to: 14 * DAY }, 40)).toEqual({
      unit: 'hour',
      range: undefined,
    })
    expect(coverageWish(year, year, 60)).toEqual({ unit: 'day', range: undefined })
  })
  it('asks for hours of what is shown when one comes nearer, and for minutes of a few hours', () => {
    expect(coverageWish({ from: 100 * DAY, to: 105 * DAY }, year, 60)).toEqual({
      unit: 'hour',
      range: { from: 98 * DAY, to: 105 * DAY },
    })
    expect(coverageWish({ from: 3 * HOUR, to: 5 * HOUR }, year, 60)).toEqual({
      unit: 'minute',
      range: { from: 2 * HOUR, to: 6 * HOUR },
    })
  })
})
