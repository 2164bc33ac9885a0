import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsWhere, presentIn, type Bitmap } from '#engine/vectors/bitmap.ts'
import { ValueSets } from '#engine/vectors/value-sets.ts'

const positions = (events: Bitmap): number[] => events.page(0, events.length)

describe('ValueSets', () => {
  it('finds the events of values as a walk over the column does, of rare and of popular values alike', () => {
    const column = fc.array(fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(40)), { maxLength: 300 })
    fc.assert(
      fc.property(column, fc.uniqueArray(fc.integer({ min: 1, max: 45 })), (values, ids) => {
        const sets = ValueSets.of(Uint8Array.from(values), 'terms')
        expect(positions(sets.union(ids))).toEqual(positions(bitsWhere(values, (id) => ids.includes(id))))
        for (const id of ids) {
          const [all, two]: number[][] = [[], []]
          sets.each(id, (p) => all!.push(p) > 0)
          sets.each(id, (p) => two!.push(p) < 2)
          expect(all).toEqual(positions(bitsWhere(values, (one) => one === id)))
          expect(two).toEqual(all!.slice(0, 2))
        }
        expect(positions(presentIn(values))).toEqual(positions(bitsWhere(values, (id) => id !== 0)))
      }),
      { numRuns: 500, seed: 4 },
    )
  })

  it('tells documents apart by their numbers, though a column holds few of them', () => {
    const column = Uint32Array.from([0, 8 * 5 + 1, 8 * 90_000 + 1, 0, 8 * 5 + 1, 8 * 7 + 1])
    const sets = ValueSets.of(column, 'documents')
    expect(positions(sets.union([41]))).toEqual([1, 4])
    expect(positions(sets.union([720_001, 57]))).toEqual([2, 5])
    expect(positions(sets.union([41, 720_001, 57]))).toEqual([1, 2, 4, 5])
    expect(positions(sets.union([49, 8, 8_000_001]))).toEqual([])
    expect(positions(presentIn(column))).toEqual([1, 2, 4, 5])
  })

  it('takes no more room than the column in its widest form and its popular values need', () => {
    const column = Uint16Array.from({ length: 64_000 }, (_, p) => (p % 2 === 0 ? 1 : p))
    expect(ValueSets.of(column, 'terms').byteLength).toBeLessThan(column.length * 4 * 2 + 65_536 * 4)
  })

  it('refuses to look for an absent value and to take in numbers that no import wrote', () => {
    expect(() => ValueSets.of(Uint8Array.from([1]), 'terms').union([0])).toThrow(/absent/)
    expect(() => ValueSets.of(Uint32Array.from([0xffffffff]), 'terms')).toThrow(/larger/)
  })
})
