import { describe, expect, it } from 'vitest'
import { addToTrail, drawnTop, NO_TRAIL } from '#renderer/ui/grid/drawn-rows.ts'

const trailOf = (...tops: number[]) => tops.reduce(addToTrail, NO_TRAIL)

describe('the rows that are drawn while others are on their way', () => {
  it('are those of the place scrolled to, once they are there', () => {
    expect(drawnTop(300, trailOf(100, 200, 300), () => true)).toBe(300)
  })

  it('are until then those of the last place passed whose rows have come', () => {
    expect(drawnTop(400, trailOf(100, 200, 300, 400), (top) => top <= 200)).toBe(200)
  })

  it('are none where nothing has come yet', () => {
    expect(drawnTop(400, trailOf(100, 400), () => false)).toBe(400)
    expect(drawnTop(0, NO_TRAIL, () => false)).toBe(0)
  })

  it('are looked for among the places of the last second', () => {
    const long = trailOf(...Array.from({ length: 1000 }, (_, n) => n))
    expect(long).toHaveLength(60)
    expect(long.at(-1)).toBe(999)
    expect(addToTrail(long, 999)).toBe(long)
  })
})
