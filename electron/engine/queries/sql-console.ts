import { Refusal } from '../refusal.ts'
import type { CaseFile } from '../storage/case-file.ts'
import { Connection, SqlError } from '../storage/sqlite.ts'

export type SqlAnswer = { columns: string[]; rows: (string | number | null)[][]; truncated: boolean; seconds: number }

/**
 * Runs one SELECT that a person wrote. It is wrapped as `select * from (…)`, so nothing but a query can stand there; its
 * connection is read-only, cannot attach files, and is thrown away afterwards; `interrupt` stops it at the time limit.
 * @throws Refusal `bad-input` with SQLite's own words, `time-limit`, `cancelled`.
 */
export async function runSql(
  caseFile: CaseFile,
  sql: string,
  limits: { readonly rows: number; readonly milliseconds: number },
  signal: AbortSignal,
  now: () => number,
): Promise<SqlAnswer> {
  const statement = sql.trim().replace(/;\s*$/, '')
  if (statement === '') throw new Refusal('bad-input', 'There is no statement to run. Write a SELECT over the views events or files.')
  const started = now()
  const connection = await openConsole(caseFile)
  let stopped: 'time-limit' | 'cancelled' | undefined
  const stop = (why: 'time-limit' | 'cancelled') => {
    stopped = why
    connection.interrupt()
  }
  const timer = setTimeout(() => stop('time-limit'), limits.milliseconds)
  const onAbort = () => stop('cancelled')
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const columns = await columnsOf(connection, statement)
    const rows = await connection.all<Record<string, string | number | Buffer | null>>(
      `select ${columns.map((_, n) => exact(n)).join(', ')} from (select ${columns.map((c, n) => `${quoteName(c)} as c${n}`).join(', ')} from (${statement}\n)) limit ${limits.rows + 1}`,
    )
    const truncated = rows.length > limits.rows
    return {
      columns,
      rows: rows.slice(0, limits.rows).map((row) => columns.map((_, n) => cell(row[`c${n}`] ?? null))),
      truncated,
      seconds: (now() - started) / 1000,
    }
  } catch (error) {
    if (stopped === 'time-limit') throw new Refusal('time-limit', `Stopped after ${limits.milliseconds / 1000} s. Narrow the question, or allow more time.`)
    if (stopped === 'cancelled') throw new Refusal('cancelled', 'Stopped as you asked.')
    if (error instanceof SqlError) throw new Refusal('bad-input', `SQLite says: ${error.message.replace(/^SQLITE_ERROR: /, '').replace(/; while running:[\s\S]*$/, '')}`)
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    await connection.close()
  }
}

async function openConsole(caseFile: CaseFile): Promise<Connection> {
  const connection = await caseFile.openReader()
  connection.limit('attached', 0)
  await connection.exec('pragma cache_size = -65536; pragma temp_store = memory; pragma hard_heap_limit = 1500000000')
  return connection
}

/** The names of the result's columns, made different from each other by SQLite where a statement repeats one. */
async function columnsOf(connection: Connection, statement: string): Promise<string[]> {
  // An outer join with one row gives the names even when there is no result row.
  const row = await connection.get(`select x.* from (select 1) left join (select * from (${statement}\n) limit 1) x`)
  const names = Object.keys(row ?? {})
  if (names.length === 0) throw new Refusal('bad-input', 'This statement has no columns. Write a SELECT over the views events or files.')
  return names
}

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** Integers beyond 2^53 would be rounded on their way into JavaScript: they come as text. */
const exact = (n: number): string =>
  `case when typeof(c${n}) = 'integer' and abs(c${n} / 2) > 4503599627370495 then cast(c${n} as text) else c${n} end as c${n}`
const cell = (value: string | number | Buffer | null): string | number | null => (Buffer.isBuffer(value) ? `x'${value.toString('hex')}'` : value)
