import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JsonbRows } from '#engine/storage/jsonb-rows.ts'
import { Connection } from '#engine/storage/sqlite.ts'

let db: Connection
beforeAll(async () => {
  db = await Connection.open(':memory:', 'create')
})
afterAll(() => db.close())

const written = (rows: readonly (readonly (number | null)[])[]): Buffer => {
  const out = new JsonbRows(0)
  for (const row of rows) {
    out.row()
    for (const value of row)
      if (value === null) out.none()
      else out.number(value)
  }
  return out.bytes()
}

describe('rows of numbers in binary JSON', () => {
  it('are read by SQLite as the same rows, whatever the size and sign of the numbers', async () => {
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
      99_999_999_999,
      100_000_000_000,
      1_740_960_143_000,
      Number.MAX_SAFE_INTEGER,
      -1,
      -62_135_596_800_000,
      null,
    ]
    const number = fc.oneof(fc.constantFrom(...edges), fc.nat(), fc.maxSafeInteger())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(number, { maxLength: 60 }), { maxLength: 20 }), async (rows) => {
        const [read] = await db.all<{ valid: number; text: string }>(
          'select json_valid(?1, 8) as valid, json(?1) as text',
          [written(rows)],
        )
        expect(read?.valid).toBe(1)
        expect(JSON.parse(read?.text ?? '')).toEqual(rows)
        const each = await db.all<{ n: number; type: string; text: string }>(
          'select key as n, typeof(value) as type, json(value) as text from jsonb_each(?)',
          [written(rows)],
        )
        expect(each.map(({ text }) => JSON.parse(text) as unknown)).toEqual(rows)
        expect(each.every(({ n, type }, at) => n === at && type === 'blob')).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('are refused by SQLite when a byte of a size is wrong', async () => {
    const bytes = Buffer.from(written([[1, 2, 3]]))
    bytes[4]! += 1
    const read = await db.get<{ valid: number }>('select json_valid(?, 8) as valid', [bytes])
    expect(read?.valid).toBe(0)
  })
})
