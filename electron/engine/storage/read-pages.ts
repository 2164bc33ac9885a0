import { ensure } from '#shared/base/assert.ts'
import type { Connection, SqlValue } from './sqlite.ts'

const PAGE = 5000

/**
 * The rows of a large answer, some thousand at a time. As one answer they are held twice, and the thread of the database
 * that fetched them keeps its memory.
 * @param sql ends in `… and KEY > ? order by KEY limit ?`, with `params` before these two
 * @param keyOf the key of a row: a number above 0 that no other row has
 */
export async function* readPages<Row>(
  reader: Pick<Connection, 'all'>,
  sql: string,
  params: readonly SqlValue[],
  keyOf: (row: Row) => number,
): AsyncGenerator<readonly Row[]> {
  for (let after = 0; ;) {
    const rows = await reader.all<Row>(sql, [...params, after, PAGE])
    yield rows
    if (rows.length < PAGE) return
    after = keyOf(ensure(rows.at(-1), 'a full page has a last row'))
  }
}
