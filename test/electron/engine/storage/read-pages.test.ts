import { describe, expect, it } from 'vitest'
import { readPages } from '#engine/storage/read-pages.ts'
import { Connection } from '#engine/storage/sqlite.ts'

/** The ids of `count` rows with even ids, page by page, above `least`. */
async function pagesOf(count: number, least: number): Promise<number[][]> {
  const db = await Connection.open(':memory:', 'create')
  await db.exec(
    `create table line (id integer primary key);
     with recursive up (n) as (select 1 union all select n + 1 from up where n < ${count}) insert into line select n * 2 from up where n <= ${count}`,
  )
  const pages: number[][] = []
  const sql = 'select id from line where id >= ? and id > ? order by id limit ?'
  for await (const rows of readPages<{ id: number }>(db, sql, [least], (row) => row.id))
    pages.push(rows.map((r) => r.id))
  await db.close()
  return pages
}

describe('an answer read page by page', () => {
  it.each([0, 1, 4999, 5000, 5001, 12_345])('has each of %i rows once and in order', async (count) => {
    const pages = await pagesOf(count, 0)
    expect(pages.flat()).toEqual(Array.from({ length: count }, (_, n) => (n + 1) * 2))
    expect(pages.every((page) => page.length <= 5000)).toBe(true)
  })

  it('keeps to what was asked for', async () => {
    expect((await pagesOf(6000, 11_990)).flat()).toEqual([11_990, 11_992, 11_994, 11_996, 11_998, 12_000])
  })
})
