import { describe, expect, it } from 'vitest'
import { barHeight, highest, toBuckets, yTicks, type HistogramData } from '#renderer/ui/histogram/histogram-model.ts'

const data: HistogramData = {
  from: 1000,
  bucketMs: 100,
  buckets: 4,
  series: [
    { id: 'a', label: 'a', counts: [1, 0, 5, 2] },
    { id: 'b', label: 'b', counts: [0, 0, 4, 90] },
  ],
}

describe('the histogram', () => {
  it('brushes whole bars, one at least', () => {
    expect(toBuckets(data, 1130, 1290)).toEqual({ from: 1100, to: 1300 })
    expect(toBuckets(data, 1290, 1130)).toEqual({ from: 1100, to: 1300 })
    expect(toBuckets(data, 1150, 1150)).toEqual({ from: 1100, to: 1200 })
  })

  it('scales to the highest bar in sight', () => {
    expect(highest(data, { from: 1000, to: 1300 })).toBe(9)
    expect(highest(data, { from: 1000, to: 1400 })).toBe(92)
  })

  it('lets a single event be seen beside a million on the log scale, and nothing where there is none', () => {
    expect(barHeight(1, 1_000_000, 'log')).toBeGreaterThan(0.08)
    expect(barHeight(0, 1_000_000, 'log')).toBe(0)
    expect(barHeight(1_000_000, 1_000_000, 'log')).toBeCloseTo(1)
  })

  it('labels the counts with round numbers', () => {
    expect(yTicks(92, 'linear')).toEqual([20, 40, 60, 80])
    expect(yTicks(2293, 'log')).toEqual([1, 10, 100, 1000])
    expect(yTicks(1, 'linear')).toEqual([1])
  })
})
