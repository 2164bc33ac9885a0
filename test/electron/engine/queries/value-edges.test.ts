import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countIds } from '#engine/queries/count-events.ts'
import { firstPositions, lastPositions } from '#engine/queries/value-edges.ts'
import { pairsOf } from '#engine/queries/value-pairs.ts'
import { Bitmap } from '#engine/vectors/bitmap.ts'

const SIZE = 6
const column = (length: number) => fc.array(fc.nat(SIZE - 1), { minLength: length, maxLength: length })
const set = (length: number) => fc.array(fc.boolean(), { minLength: length, maxLength: length })
const sized = fc.integer({ min: 1, max: 150 })
const bitmap = (bits: readonly boolean[]): Bitmap => {
  const map = new Bitmap(bits.length)
  for (const [p, bit] of bits.entries()) if (bit) map.add(p)
  return map
}
const positions = (bits: readonly boolean[]): number[] => [...bits.keys()].filter((p) => bits[p])

describe('the first and the last event with each value', () => {
  it('are those that a walk over the events meets first and last', () => {
    const drawn = sized.chain((length) => fc.tuple(column(length), set(length)))
    fc.assert(
      fc.property(drawn, ([values, bits]) => {
        const events = bitmap(bits)
        const vector = Uint8Array.from(values)
        const counts = countIds(events, vector, SIZE)
        const found = positions(bits)
        for (let id = 0; id < SIZE; id++) {
          expect(firstPositions(events, vector, counts)[id]).toBe(found.find((p) => values[p] === id) ?? -1)
          expect(lastPositions(events, vector, counts)[id]).toBe(found.findLast((p) => values[p] === id) ?? -1)
        }
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})

describe('pairsOf', () => {
  const none = (length: number): Bitmap => new Bitmap(length)

  it('groups events by two columns with what came of them, most events first, in a table and in a map alike', () => {
    const drawn = sized.chain((length) => fc.tuple(column(length), column(length), set(length), set(length)))
    fc.assert(
      fc.property(drawn, fc.boolean(), ([a, b, bits, denied], isLarge) => {
        const outcomes = {
          denied: bitmap(denied),
          failed: none(bits.length),
          reads: bitmap(denied.map((one) => !one)),
          writes: bitmap(denied),
        }
        const of = (values: readonly number[]) => ({
          vector: Uint8Array.from(values),
          // So many possible pairs need a map.
          size: isLarge ? 1_000_000 : SIZE,
        })
        const pairs = pairsOf(bitmap(bits), outcomes, of(a), of(b))
        const keys = new Map<string, number[]>()
        for (const p of positions(bits)) keys.set(`${a[p]!} ${b[p]!}`, [...(keys.get(`${a[p]!} ${b[p]!}`) ?? []), p])
        expect(pairs).toHaveLength(keys.size)
        for (const pair of pairs) {
          const events = keys.get(`${pair.a} ${pair.b}`)!
          const refused = events.filter((p) => denied[p]).length
          expect(pair).toEqual({
            a: pair.a,
            b: pair.b,
            count: events.length,
            denied: refused,
            failed: 0,
            reads: events.length - refused,
            writes: refused,
            first: events[0],
            last: events.at(-1),
          })
        }
        const order = pairs.map(({ count, first }) => [-count, first])
        expect(order).toEqual(order.toSorted((x, y) => x[0]! - y[0]! || x[1]! - y[1]!))
      }),
      { numRuns: 200, seed: 8 },
    )
  })
})
