import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brushed, shifted, timeOf, xOf, zoomed } from '#renderer/ui/time-view.ts'

const extent = { from: 0, to: 1_000_000_000 }

describe('a view of time', () => {
  it('keeps what is under the pointer in place while zooming, and never leaves the extent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900_000_000 }),
        fc.integer({ min: 2000, max: 99_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        (from, width, part, factor) => {
          const view = { from, to: from + width }
          const anchor = from + part * width
          const next = zoomed(view, anchor, factor, extent)
          expect(next.from).toBeGreaterThanOrEqual(extent.from)
          expect(next.to).toBeLessThanOrEqual(extent.to)
          const inside = next.from > extent.from && next.to < extent.to
          if (inside) expect(Math.abs((anchor - next.from) / (next.to - next.from) - part)).toBeLessThan(0.002)
        },
      ),
    )
  })

  it('does not zoom closer than a second', () =>
    expect(zoomed({ from: 0, to: 1500 }, 700, 0.1, extent).to).toBe(700 - 467 + 1000))

  it('stops at the edge when moved too far', () =>
    expect(shifted({ from: 500, to: 1500 }, -9000, extent)).toEqual({ from: 0, to: 1000 }))

  it('finds the moment under a point again where it was drawn, and the nearer end for a point outside', () => {
    const view = { from: 1000, to: 3000 }
    expect(xOf(view, 400, 1500)).toBe(100)
    expect(timeOf(view, 400, 100)).toBe(1500)
    expect([timeOf(view, 400, -7), timeOf(view, 400, 407)]).toEqual([1000, 3000])
  })

  it('takes a brush drawn in either direction', () =>
    expect([brushed({ a: 5.4, b: 9.6 }), brushed({ a: 9.6, b: 5.4 })]).toEqual([
      { from: 5, to: 10 },
      { from: 5, to: 10 },
    ]))
})
