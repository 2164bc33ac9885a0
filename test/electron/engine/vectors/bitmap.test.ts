import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bitmap, popcount } from '#engine/vectors/bitmap.ts'

const sets = fc.integer({ min: 0, max: 200 }).chain((length) =>
  fc.record({
    length: fc.constant(length),
    a: fc.array(fc.integer({ min: 0, max: Math.max(0, length - 1) }), { maxLength: length }),
    b: fc.array(fc.integer({ min: 0, max: Math.max(0, length - 1) }), { maxLength: length }),
  }),
)
const toBitmap = (length: number, positions: readonly number[]) => {
  const map = new Bitmap(length)
  for (const p of positions) if (p < length) map.add(p)
  return map
}
const toList = (map: Bitmap) => {
  const out: number[] = []
  map.each((p) => out.push(p))
  return out
}

describe('a set of events', () => {
  it('combines, negates and counts as sets of numbers do', () => {
    fc.assert(
      fc.property(sets, ({ length, a, b }) => {
        const [x, y] = [toBitmap(length, a), toBitmap(length, b)]
        const all = Array.from({ length }, (_, i) => i)
        const [inA, inB] = [new Set(a), new Set(b)]
        expect(toList(x.and(y))).toEqual(all.filter((p) => inA.has(p) && inB.has(p)))
        expect(toList(x.or(y))).toEqual(all.filter((p) => inA.has(p) || inB.has(p)))
        expect(toList(x.andNot(y))).toEqual(all.filter((p) => inA.has(p) && !inB.has(p)))
        expect(toList(x.not())).toEqual(all.filter((p) => !inA.has(p)))
        expect(x.count()).toBe(all.filter((p) => inA.has(p)).length)
      }),
    )
  })

  it('counts and pages within any range, forwards and backwards', () => {
    fc.assert(
      fc.property(sets, fc.nat(200), fc.nat(200), ({ length, a }, from, to) => {
        const map = toBitmap(length, a)
        const list = toList(map)
        expect(map.count(from, to)).toBe(list.filter((p) => p >= from && p < to).length)
        expect(toList(Bitmap.range(length, from, to))).toEqual(
          Array.from({ length }, (_, i) => i).filter((p) => p >= from && p < to),
        )
        expect(map.next(from)).toBe(list.find((p) => p >= from) ?? -1)
        expect(map.page(from, 7)).toEqual(list.slice(from, from + 7))
        expect(map.page(from, 7, true)).toEqual(list.toReversed().slice(from, from + 7))
      }),
    )
  })

  it('knows the empty and the full set', () => {
    expect(new Bitmap(70).isEmpty).toBe(true)
    expect(Bitmap.full(70).count()).toBe(70)
    expect(Bitmap.full(0).isEmpty).toBe(true)
    expect(popcount(0xffffffff)).toBe(32)
  })
})
