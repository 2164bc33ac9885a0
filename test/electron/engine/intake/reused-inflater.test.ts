import fc from 'fast-check'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import { inflateFirstMember } from '#engine/intake/inflate.ts'
import { defaultLimits } from '#engine/intake/limits.ts'
import { reusedInflater } from '#engine/intake/reused-inflater.ts'

const inflate = ensure(reusedInflater(), 'this Node offers what the inflater needs')
const plain = (seed: number, size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, n) => (Math.imul(n, seed) >>> 7) & 63))

describe('inflating many files with one engine', () => {
  it('gives what an engine of its own gives, for sound and for damaged files in turn', () => {
    const file = fc.record({
      seed: fc.integer({ min: 1 }),
      size: fc.nat(20_000),
      tail: fc.uint8Array({ maxLength: 20 }),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      flip: fc.option(fc.double({ min: 0, max: 0.999, noNaN: true })),
    })
    fc.assert(
      fc.property(file, ({ seed, size, tail, cut, flip }) => {
        let stored = Buffer.concat([gzipSync(plain(seed, size)), tail])
        if (flip !== null) stored[Math.floor(flip * stored.length)]! ^= 0x10
        if (cut !== null) stored = stored.subarray(0, Math.floor(cut * stored.length))
        const { bytes: expected, ...rest } = inflateFirstMember(stored, defaultLimits)
        const { bytes, ...same } = inflateFirstMember(stored, defaultLimits, inflate)
        expect(same).toEqual(rest)
        expect(bytes.equals(expected)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('grows for a file that is larger than its room, and stops at the limit', () => {
    const large = plain(3, 3_000_000)
    const body = deflateRawSync(large)
    const whole = inflate(body, large.length, 0)
    expect(typeof whole === 'object' && whole.bytes.equals(large) && whole.consumed).toBe(body.length)
    expect(inflate(body, large.length - 1, 0)).toBe('too-large')
    expect(inflate(deflateRawSync(Buffer.from('after it')), 100, 0)).toMatchObject({ bytes: Buffer.from('after it') })
  })
})
