import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinSegments, packSegment, widthOf } from '#engine/vectors/segments.ts'

describe('segments of a vector', () => {
  it('come back as the values they were packed from, at the width they need', () => {
    const values = fc.array(
      fc.oneof(fc.constant(0), fc.nat(255), fc.nat(65_535), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
        let first = 1
        const rows = parts.map((part) => {
          const numbers = Uint32Array.from(part)
          const width = widthOf(numbers)
          const row = {
            first,
            count: part.length,
            width,
            bytes: width === 0 ? null : Buffer.concat([Buffer.from([1]), packSegment(numbers, width)]).subarray(1),
          }
          first += part.length
          return row
        })
        expect([...joinSegments(rows, first - 1)]).toEqual(parts.flat())
      }),
    )
  })

  it('takes no bytes for a column that is absent everywhere', () => {
    expect(widthOf(new Uint32Array(1000))).toBe(0)
    expect(packSegment(new Uint32Array(1000), 0)).toHaveLength(0)
    expect(widthOf(Uint32Array.of(0xffffffff))).toBe(4)
  })
})
