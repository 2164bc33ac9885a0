import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { TimelineSession } from '#shared/contract/timeline.ts'
import {
  barPart,
  hitAt,
  LANE_BASE,
  LANE_HEIGHT,
  mergeGaps,
  rowStays,
  STAY_ROWS,
} from '#renderer/features/timeline/lane-model.ts'

const stay = (lane: number, firstMs: number, lastMs: number): TimelineSession => ({
  lane,
  credential: `ASIA${lane}-${firstMs}-${lastMs}`,
  kind: 'session',
  principal: null,
  firstMs,
  lastMs,
  events: 1,
  parent: null,
})

describe('rowStays', () => {
  it('puts stays that overlap into rows of their own, and those that follow each other into one', () => {
    const rows = rowStays([stay(0, 0, 10), stay(0, 5, 20), stay(0, 11, 30), stay(1, 0, 10)])
    expect(rows.map((one) => [one.lane, one.firstMs, one.row])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 5, 1],
      [0, 11, 0],
    ])
  })

  it('never uses more rows than a lane has, and loses no stay', () => {
    const spans = fc.array(fc.tuple(fc.nat(2), fc.nat(50), fc.nat(30)), { maxLength: 30 })
    fc.assert(
      fc.property(spans, (list) => {
        const rows = rowStays(list.map(([lane, first, length]) => stay(lane, first, first + length)))
        expect(rows).toHaveLength(list.length)
        for (const one of rows) expect(one.row).toBeLessThan(STAY_ROWS)
      }),
      { numRuns: 60 },
    )
  })
})

describe('mergeGaps', () => {
  it('makes one of gaps that touch, with all their names, and leaves others apart', () => {
    const gap = (from: number, to: number, name: string) => ({ from, to, name })
    expect(mergeGaps([gap(30, 40, 'c'), gap(0, 10, 'a'), gap(10, 20, 'b'), gap(5, 8, 'a')])).toEqual([
      { from: 0, to: 20, names: ['a', 'b'] },
      { from: 30, to: 40, names: ['c'] },
    ])
  })
})

describe('hitAt', () => {
  const lane = { value: 'alice', total: 3, firstMs: 0, lastMs: 20, counts: [2, 0, 1] }
  const data = { startMs: 0, bucketMs: 10, lanes: [lane] }

  it('gives the bucket under the pointer with its count, and a stay only in its own row', () => {
    const stays = rowStays([stay(0, 0, 20)])
    expect(hitAt(data, stays, 25, 4, 0)).toMatchObject({ n: 0, range: { from: 20, to: 30 }, count: 1, stays: [] })
    expect(hitAt(data, stays, 15, LANE_BASE + 2, 0)?.stays).toHaveLength(1)
    expect(hitAt(data, stays, 35, LANE_BASE + 2, 0)?.stays).toHaveLength(0)
  })

  it('gives nothing below the last lane', () => {
    expect(hitAt(data, [], 5, LANE_HEIGHT + 1, 0)).toBeUndefined()
  })
})

describe('barPart', () => {
  it('shows a single event among a million, and nothing for none', () => {
    expect(barPart(1, 1_000_000)).toBeGreaterThan(0.1)
    expect(barPart(1_000_000, 1_000_000)).toBeCloseTo(1)
    expect(barPart(0, 5)).toBe(0)
  })
})
