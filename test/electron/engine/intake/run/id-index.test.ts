import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdIndex } from '#engine/intake/run/id-index.ts'

describe('the index of identities', () => {
  it('finds every event under its hash, also after it has grown', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 5000 }), (hashes) => {
        const index = new IdIndex(1)
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
