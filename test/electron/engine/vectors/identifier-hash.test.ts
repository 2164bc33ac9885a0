import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashIdentifier, hashUuidBytes, uuidBytes } from '#engine/vectors/identifier-hash.ts'

describe('the hash of an identifier', () => {
  it('is the same for a UUID as text, in any case, and as bytes', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer(), (uuid, seed) => {
        const bytes = uuidBytes(uuid)!
        expect(hashIdentifier(uuid.toUpperCase(), seed)).toBe(hashUuidBytes(bytes, 0, seed))
      }),
    )
  })

  it('is never the mark for absent, and differs with the seed of the case', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, seed) => {
        expect(hashIdentifier(text, seed)).not.toBe(0)
      }),
    )
    expect(hashIdentifier('B3Q2F5EXAMPLE', 1)).not.toBe(hashIdentifier('B3Q2F5EXAMPLE', 2))
  })

  it('takes only the usual form of a UUID for one', () => {
    expect(uuidBytes('not-a-uuid')).toBeUndefined()
    expect(uuidBytes('{00000000-0000-4000-8000-000000000000}')).toBeUndefined()
  })
})
