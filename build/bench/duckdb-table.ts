import { createRequire } from 'node:module'
import { join } from 'node:path'
import { facetVector } from '#engine/queries/facet-vector.ts'
import type { QueryWorld } from '#engine/queries/evaluate.ts'

/** Runs a statement to its end and gives its rows. */
export type AskDuckdb = (sql: string) => Promise<readonly (readonly unknown[])[]>

/** How a field is called in the table. */
export const columnOf = (field: string): string => `"${field}"`

/**
 * An in-memory DuckDB with its default settings and a native table `e` of the same events in time order: `t` (seconds)
 * and the given fields as text. Ids and dictionaries are handed over and joined by DuckDB, as that is quick to load;
 * the table itself holds texts, as any table made from these logs would.
 */
export async function duckdbTable(world: QueryWorld, fields: readonly string[]): Promise<AskDuckdb> {
  // Its native part is found beside the package, so it stays outside the bundle.
  const { DuckDBInstance, DuckDBDataChunk, UINTEGER, VARCHAR } = createRequire(join(process.cwd(), 'package.json'))(
    '@duckdb/node-api',
  ) as typeof import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const { index } = world
  const insert = async (table: string, columns: readonly ArrayLike<number | string | null>[]): Promise<void> => {
    const kinds = columns.map((column) => (typeof column[0] === 'number' ? UINTEGER : VARCHAR))
    const names = kinds.map((kind, n) => `c${n} ${kind === UINTEGER ? 'uinteger' : 'varchar'}`)
    await connection.run(`create table ${table} (${names.join(', ')})`)
    const appender = await connection.createAppender(table)
    const { length } = columns[0]!
    for (let first = 0; first < length; first += 2048) {
      const rows = Math.min(2048, length - first)
      const chunk = DuckDBDataChunk.create(kinds, rows)
      for (const [n, column] of columns.entries()) {
        const vector = chunk.getColumnVector(n)
        for (let row = 0; row < rows; row++) vector.setItem(row, column[first + row]!)
        vector.flush()
      }
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  }
  const ids: ArrayLike<number>[] = []
  for (const [n, field] of fields.entries()) {
    const { vector, texts } = await facetVector(world, field)
    ids.push(vector)
    await insert(`d${n}`, [Uint32Array.from(texts, (_, id) => id), texts])
  }
  await insert('ids', [index.seconds, ...ids])
  const [names, joins] = [
    fields.map((field, n) => `d${n}.c1 as ${columnOf(field)}`),
    fields.map((_, n) => `left join d${n} on d${n}.c0 = ids.c${n + 1}`),
  ]
  await connection.run(
    `create table e as select ids.c0 as t, ${names.join(', ')} from ids ${joins.join(' ')} order by t`,
  )
  await connection.run('drop table ids')
  return async (sql) => (await connection.runAndReadAll(sql)).getRows()
}
