import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SqlText } from '#engine/intake/run/sql-text.ts'

describe('a statement put together byte by byte', () => {
  it('holds each number as it would be written, whatever its size and sign', () => {
    const edges = [
      0,
      9,
      10,
      99,
      100,
      999_999_999,
      1_000_000_000,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32,
      1_740_960_143_000,
      Number.MAX_SAFE_INTEGER,
      -1,
      -62_135_596_800_000,
    ]
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...edges), fc.nat(), fc.maxSafeInteger())), (numbers) => {
        const sql = new SqlText(0)
        sql.text('(')
        for (const n of numbers) sql.number(n)
        sql.text(')')
        expect(sql.toString()).toBe(`(${numbers.map((n) => `,${n}`).join('')})`)
      }),
    )
  })

  it('holds 16 bytes as a blob literal', () => {
    const sql = new SqlText(0)
    sql.bytes16(
      Uint8Array.from({ length: 18 }, (_, n) => 0xf0 + n),
      2,
    )
    expect(sql.toString()).toBe(",x'f2f3f4f5f6f7f8f9fafbfcfdfeff0001'")
  })
})
