import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdIndex, MANY } from '#engine/intake/run/id-index.ts'

const hash = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))

describe('the index of identities', () => {
  it('finds every event under its hash, also after it has grown', () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 5000 }), fc.constantFrom(1, MANY), (hashes, tables) => {
        const index = new IdIndex(1, tables)
        for (const [n, hash] of hashes.entries()) index.add(hash, n + 1)
        for (const hash of new Set(hashes)) {
          const found: number[] = []
          index.each(hash, (event) => found.push(event))
          expect(found.sort((a, b) => a - b)).toEqual(hashes.flatMap((h, n) => (h === hash ? [n + 1] : [])))
        }
        expect(index.size).toBe(hashes.length)
      }),
      { numRuns: 20 },
    )
  })
})
