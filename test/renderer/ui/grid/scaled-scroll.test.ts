import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listTop, scrolled, scrollShape, scrollTo, TOP, type ScrollState } from '#renderer/ui/grid/scaled-scroll.ts'

const ROW = 24
const VIEW = 600
const huge = scrollShape(10_000_000 * ROW, VIEW)

describe('scrolling ten million rows', () => {
  it('shows the last row when the bar is at its end', () => {
    const state = scrolled(huge, TOP, huge.canvas - VIEW, false)
    expect(listTop(huge, state)).toBe(huge.total - VIEW)
  })

  it('lands exactly on any row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_975 }), (row) => {
        const state = scrollTo(huge, row * ROW)
        expect(listTop(huge, state)).toBe(row * ROW)
        expect(state.scrollTop).toBeGreaterThanOrEqual(0)
        expect(state.scrollTop).toBeLessThanOrEqual(huge.canvas - VIEW)
      }),
    )
  })

  it('moves by exactly what the wheel says, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: huge.total - 40_000 }),
        fc.array(fc.integer({ min: -900, max: 900 }), { maxLength: 20 }),
        (top, deltas) => {
          let state: ScrollState = scrollTo(huge, top)
          let expected = top
          for (const delta of deltas) {
            state = scrolled(huge, state, state.scrollTop + delta, true)
            expected += delta
            expect(listTop(huge, state)).toBe(expected)
          }
        },
      ),
    )
  })

  it('reads a long way of the bar as a share of the list, not as pixels', () => {
    const state = scrolled(huge, TOP, huge.canvas / 2, false)
    expect(listTop(huge, state) / huge.total).toBeCloseTo(0.5, 2)
  })
})

describe('scrolling a short list', () => {
  it('leaves the position to the browser', () => {
    const short = scrollShape(1000 * ROW, VIEW)
    expect(scrolled(short, TOP, 5000, false)).toEqual({ scrollTop: 5000, page: 0, offset: 0 })
    expect(short.canvas).toBe(24_000)
  })

  it('stays at the top when everything fits', () => {
    const tiny = scrollShape(3 * ROW, VIEW)
    expect(listTop(tiny, scrollTo(tiny, 500))).toBe(0)
  })
})
