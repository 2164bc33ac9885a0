import { describe, expect, it } from 'vitest'
import { zeroed16, zeroed32, zeroed8 } from '#engine/vectors/zeroed.ts'

describe('arrays for large vectors', () => {
  it('have the length that was asked for and hold zeros, whatever their size', () => {
    for (const length of [0, 7, 3_000_000, 9_000_001]) {
      for (const array of [zeroed8(length), zeroed16(length), zeroed32(length)]) {
        expect(array).toHaveLength(length)
        expect(array.byteLength).toBe(length * array.BYTES_PER_ELEMENT)
        expect(array.every((value) => value === 0)).toBe(true)
      }
    }
  })

  it.runIf(process.platform === 'linux')('ask for so much that the system takes it back, though they use less', () => {
    expect(zeroed8(9_000_000).buffer.byteLength).toBe(32 * 1024 * 1024)
    expect(zeroed8(1000).buffer.byteLength).toBe(1000)
    expect(zeroed32(9_000_000).buffer.byteLength).toBe(36_000_000)
  })
})
