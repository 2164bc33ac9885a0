import { ensure } from '#shared/base/assert.ts'
import { Refusal } from '../refusal.ts'
import type { CaseFile } from '../storage/case-file.ts'
import { SqlError, type Connection, type SqlRow } from '../storage/sqlite.ts'
import { oneStatement } from './one-statement.ts'

export type SqlAnswer = { columns: string[]; rows: (string | number | null)[][]; truncated: boolean; seconds: number }
type Stopped = 'time-limit' | 'cancelled' | 'enough'

/** An answer ends, truncated, when its texts and bytes are this many together: a person cannot read more, and memory holds it. */
const MOST_BYTES = 64_000_000
const INTERRUPT_EVERY_MS = 25
/** How long a statement that was told to stop may take until the answer no longer waits for it. */
const GRACE_MS = 800
/** Statements that were told to stop and sit in one long step of SQLite (`instr` of large texts) still hold a thread. */
const MOST_ENDING = 2
let ending = 0

/**
 * Runs one SELECT that a person wrote. It is one statement that stands in parentheses, so nothing but a query can run; its
 * connection is read-only, cannot attach files, has low limits and is thrown away afterwards; `interrupt` stops it at the time limit.
 * @throws Refusal `bad-input` with SQLite's own words, `time-limit`, `cancelled`.
 */
export async function runSql(
  caseFile: CaseFile,
  sql: string,
  limits: { readonly rows: number; readonly milliseconds: number },
  signal: AbortSignal,
  now: () => number,
): Promise<SqlAnswer> {
  const statement = oneStatement(sql)
  if (ending >= MOST_ENDING)
    throw new Refusal(
      'time-limit',
      'Statements that were stopped are still coming to their end. Wait a moment, then run this again.',
    )
  const started = now()
  const connection = await openConsole(caseFile)
  let stopped: Stopped | undefined
  let grace: NodeJS.Timeout | undefined
  let again: NodeJS.Timeout | undefined
  let held = false
  let waitNoLonger = (): void => undefined
  const overdue = new Promise<never>(
    (_, reject) => (waitNoLonger = () => reject(new Error('The statement does not stop.'))),
  )
  const stop = (why: Stopped) => {
    stopped ??= why
    connection.interrupt()
    // An interrupt between two statements is lost: the next one would run on.
    again ??= setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS)
    grace ??= setTimeout(() => {
      held = true
      ending++
      waitNoLonger()
    }, GRACE_MS)
  }
  const timer = setTimeout(() => stop('time-limit'), limits.milliseconds)
  const onAbort = () => stop('cancelled')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const work = readAnswer(connection, statement, limits.rows, () => stop('enough'))
  void work
    .catch(() => undefined)
    .then(() => {
      clearInterval(again)
      if (held) ending--
      return connection.close()
    })
  try {
    return { ...(await Promise.race([work, overdue])), seconds: (now() - started) / 1000 }
  } catch (error) {
    throw toRefusal(error, stopped, limits.milliseconds)
  } finally {
    clearTimeout(timer)
    clearTimeout(grace)
    signal.removeEventListener('abort', onAbort)
  }
}

async function readAnswer(
  connection: Connection,
  statement: string,
  most: number,
  enough: () => void,
): Promise<Omit<SqlAnswer, 'seconds'>> {
  const columns = await columnsOf(connection, statement)
  const answer: Omit<SqlAnswer, 'seconds'> = { columns, rows: [], truncated: false }
  let bytes = 0
  const visit = (row: SqlRow): void => {
    if (answer.truncated) return
    answer.truncated = answer.rows.length === most || bytes > MOST_BYTES
    if (answer.truncated) {
      enough()
      return
    }
    const cells = columns.map((_, n) => cell(row[`c${n}`] ?? null))
    for (const value of cells) bytes += typeof value === 'string' ? value.length : 8
    answer.rows.push(cells)
  }
  const named = columns.map((c, n) => `${quoteName(c)} as c${n}`).join(', ')
  const sql = `select ${columns.map((_, n) => exact(n)).join(', ')} from (select ${named} from (${statement}\n)) limit ${most + 1}`
  try {
    await connection.each(sql, visit)
  } catch (error) {
    // Stopped by ourselves because there is enough: what was read is the answer.
    if (!answer.truncated) throw error
  }
  return answer
}

function toRefusal(error: unknown, stopped: Stopped | undefined, milliseconds: number): unknown {
  if (stopped === 'time-limit')
    return new Refusal('time-limit', `Stopped after ${milliseconds / 1000} s. Narrow the question, or allow more time.`)
  if (stopped === 'cancelled') return new Refusal('cancelled', 'Stopped as you asked.')
  if (!(error instanceof SqlError)) return error
  if (error.code === 'SQLITE_NOMEM')
    return new Refusal(
      'bad-input',
      'This needs more memory than a statement may take. Narrow the question, or sort fewer rows.',
    )
  if (error.code === 'SQLITE_TOOBIG')
    return new Refusal(
      'bad-input',
      `A text or a statement grew beyond ${LIMITS.length / 1_000_000} MB, the most that is allowed here. AWS writes no record that long: leave such events out by their _id.`,
    )
  return new Refusal(
    'bad-input',
    `SQLite says: ${error.message.replace(/^SQLITE_\w+: /, '').replace(/; while running:[\s\S]*$/, '')}`,
  )
}

/**
 * AWS writes no record above 1 MB. A single step on large texts cannot be interrupted (`instr` of 1 MB in 2 MB takes half a
 * minute), so the length also bounds how long a thread can be held.
 */
const LIMITS = {
  attached: 0,
  length: 2_000_000,
  sqlLength: 250_000,
  exprDepth: 100,
  compoundSelect: 50,
  likePattern: 1000,
  triggerDepth: 0,
  workerThreads: 0,
} as const

async function openConsole(caseFile: CaseFile): Promise<Connection> {
  const connection = await caseFile.openReader()
  await connection.exec('pragma cache_size = -65536; pragma temp_store = memory; pragma hard_heap_limit = 1000000000')
  for (const [what, value] of Object.entries(LIMITS)) connection.limit(what as keyof typeof LIMITS, value)
  return connection
}

/** The names of the result's columns, made different from each other by SQLite where a statement repeats one. */
async function columnsOf(connection: Connection, statement: string): Promise<string[]> {
  // An outer join with one row gives the names; `limit 0` spares the work of a first row.
  const row = await connection.get(`select x.* from (select 1) left join (select * from (${statement}\n) limit 0) x`)
  return Object.keys(ensure(row, 'an outer join with one row gives a row'))
}

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** Integers beyond 2^53 would be rounded on their way into JavaScript: they come as text. */
const exact = (n: number): string =>
  `case when typeof(c${n}) = 'integer' and abs(c${n} / 2) > 4503599627370495 then cast(c${n} as text) else c${n} end as c${n}`
const cell = (value: string | number | Buffer | null): string | number | null =>
  Buffer.isBuffer(value) ? `x'${value.toString('hex')}'` : value
