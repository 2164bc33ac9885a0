import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstOf } from '#engine/queries/first-of.ts'

describe('firstOf', () => {
  it('gives what sorting all that pass would give', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.nat(12), (values, most) => {
        const compare = (a: number, b: number): number => values[b]! - values[a]! || a - b
        const passes = (n: number): boolean => values[n]! % 3 !== 0
        const sorted = values.map((_, n) => n).filter(passes)
        expect(firstOf(values.length, most, compare, passes)).toEqual(sorted.sort(compare).slice(0, most))
      }),
      { seed: 4 },
    )
  })
})
