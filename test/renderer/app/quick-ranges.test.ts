import { describe, expect, it } from 'vitest'
import { quickRanges } from '#renderer/app/quick-ranges.ts'

const MINUTE = 60_000
const rangeOf = (facts: Parameters<typeof quickRanges>[0], id: string) =>
  quickRanges(facts).find((preset) => preset.id === id)?.range

describe('quick ranges', () => {
  const none = { selected: undefined, range: undefined, end: undefined }

  it('lie around the selected event, which is inside', () => {
    expect(rangeOf({ ...none, selected: 10 * MINUTE }, 'around-5')).toEqual({ from: 5 * MINUTE, to: 15 * MINUTE + 1 })
  })
  it('go before, after and around the present range', () => {
    const facts = { ...none, range: { from: 1000, to: 3000 } }
    expect(rangeOf(facts, 'before')).toEqual({ from: -1000, to: 1000 })
    expect(rangeOf(facts, 'after')).toEqual({ from: 3000, to: 5000 })
    expect(rangeOf(facts, 'wider')).toEqual({ from: 0, to: 4000 })
  })
  it('count from the end of the evidence', () => {
    expect(rangeOf({ ...none, end: 3_600_000 }, 'hour')).toEqual({ from: 0, to: 3_600_000 })
  })
  it('are not offered where there is nothing to count from', () => {
    expect(quickRanges(none)).toEqual([])
  })
})
