import sqlite3 from 'sqlite3'
import { Refusal } from '../refusal.ts'

/** What may be bound to a parameter. Dates and other objects are not: the binding would store something else. */
export type SqlValue = string | number | bigint | Uint8Array | null
export type SqlRow = Record<string, string | number | Buffer | null>

/** A failed statement, with the SQL that failed. A bug unless `toRefusal` knows better. */
export class SqlError extends Error {
  readonly code: string
  readonly sql: string
  constructor(code: string, message: string, sql: string) {
    super(`${message}; while running: ${sql.slice(0, 300)}`)
    this.name = 'SqlError'
    this.code = code
    this.sql = sql
  }
}

const REFUSALS: Readonly<Record<string, readonly [ConstructorParameters<typeof Refusal>[0], string]>> = {
  SQLITE_FULL: [
    'disk-full',
    'The disk is full. Nothing half-written was kept; free some space and run this again to go on.',
  ],
  SQLITE_BUSY: ['locked', 'Another program is writing to this case. Close it there, then try again.'],
  SQLITE_READONLY: ['read-only', 'The case file cannot be written. Check its permissions, or work on a copy.'],
  SQLITE_CANTOPEN: [
    'unreadable',
    'The file cannot be opened. Check that the folder exists and that you may write to it.',
  ],
  SQLITE_NOTADB: ['not-a-case', 'This file is not a Trailcase case.'],
  SQLITE_CORRUPT: [
    'damaged',
    'The case file is damaged. Run `trailcase verify` on a copy, or go back to a backup or package.',
  ],
  SQLITE_IOERR: ['unreadable', 'The disk reported an error while reading or writing the case file.'],
  SQLITE_INTERRUPT: ['cancelled', 'Stopped as you asked.'],
}

function fail(error: Error, sql: string): Error {
  const code = (error as Error & { code?: string }).code ?? 'SQLITE_ERROR'
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
  return known ? new Refusal(known[0], known[1]) : new SqlError(code, error.message, sql)
}

/**
 * Makes a value safe to bind. The binding has three traps: a BigInt binds as NULL, an integer above 2^31 binds as REAL
 * (harmless below 2^53: STRICT INTEGER columns and comparisons turn it back), and NaN binds as NULL.
 */
function bindable(value: SqlValue): string | number | Uint8Array | null {
  if (typeof value === 'bigint') {
    const n = Number(value)
    if (!Number.isSafeInteger(n))
      throw new RangeError(`${value} is beyond 2^53: bind it as text and CAST it in the statement`)
    return n
  }
  if (typeof value === 'number' && Number.isNaN(value)) throw new RangeError('NaN would be stored as NULL')
  return value
}

/** SQLite's names for what can be limited (https://sqlite.org/c3ref/c_limit_attached.html). */
const LIMITS = {
  attached: sqlite3.LIMIT_ATTACHED,
  length: sqlite3.LIMIT_LENGTH,
  sqlLength: sqlite3.LIMIT_SQL_LENGTH,
  exprDepth: sqlite3.LIMIT_EXPR_DEPTH,
  compoundSelect: sqlite3.LIMIT_COMPOUND_SELECT,
  likePattern: sqlite3.LIMIT_LIKE_PATTERN_LENGTH,
  triggerDepth: sqlite3.LIMIT_TRIGGER_DEPTH,
  workerThreads: sqlite3.LIMIT_WORKER_THREADS,
} as const

export type OpenMode = 'create' | 'write' | 'read'

/** A statement that a connection keeps. */
class KeptStatement {
  readonly #statement: sqlite3.Statement
  readonly #sql: string

  constructor(statement: sqlite3.Statement, sql: string) {
    this.#statement = statement
    this.#sql = sql
  }

  /** Starts it on SQLite's thread before this call returns, also when this thread is busy right afterwards. The values are copied at once. */
  run(params: readonly SqlValue[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#statement.run(params.map(bindable), (error: Error | null) => {
        if (error) reject(fail(error, this.#sql))
        else resolve()
      })
    })
  }

  end(): void {
    this.#statement.finalize()
  }
}

/** One connection to one SQLite file. Statements run on SQLite's own thread, one after the other. */
export class Connection {
  readonly path: string
  readonly #db: sqlite3.Database
  readonly #kept = new Map<string, Promise<KeptStatement>>()

  private constructor(path: string, db: sqlite3.Database) {
    this.path = path
    this.#db = db
  }

  /** Opens `path`. `create` makes the file when it is absent; `read` can never change it. */
  static open(path: string, mode: OpenMode): Promise<Connection> {
    const flags = {
      create: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
      write: sqlite3.OPEN_READWRITE,
      read: sqlite3.OPEN_READONLY,
    }[mode]
    return new Promise((resolve, reject) => {
      const db = new sqlite3.Database(path, flags, (error) => {
        if (error) reject(fail(error, `open ${mode}`))
        else resolve(new Connection(path, db))
      })
    })
  }

  /** Runs one statement; gives how many rows it changed. */
  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#db.run(sql, params.map(bindable), function (this: sqlite3.RunResult, error: Error | null) {
        if (error) reject(fail(error, sql))
        else resolve(this.changes)
      })
    })
  }

  /** A statement that is prepared once and kept until the connection is closed: for a few texts that are run again and again. */
  keep(sql: string): Promise<KeptStatement> {
    const known = this.#kept.get(sql)
    if (known) return known
    const kept = new Promise<KeptStatement>((resolve, reject) => {
      const statement = this.#db.prepare(sql, (error: Error | null) => {
        if (error) reject(fail(error, sql))
        else resolve(new KeptStatement(statement, sql))
      })
    })
    this.#kept.set(sql, kept)
    return kept
  }

  /** Runs several statements without parameters. Only for SQL written by us. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#db.exec(sql, (error: Error | null) => {
        if (error) reject(fail(error, sql))
        else resolve()
      })
    })
  }

  /** All rows. Integers above 2^53 would be rounded: CAST them to text in the statement. */
  all<Row = SqlRow>(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#db.all(sql, params.map(bindable), (error: Error | null, rows: Row[]) => {
        if (error) reject(fail(error, sql))
        else resolve(rows)
      })
    })
  }

  /** The first row, if there is one. */
  async get<Row = SqlRow>(sql: string, params: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.all<Row>(sql, params))[0]
  }

  /** Calls `visit` with each row as it comes, without keeping any. After `interrupt` a few more may come. */
  each(sql: string, visit: (row: SqlRow) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let failure: Error | undefined
      // The binding says "complete" after a failed step too, and may say so before it tells the error. The error is told before
      // the statement is finalized; the last rows may come after that. So both ends are waited for.
      let ends = 0
      const atEnd = () => {
        if (++ends < 2) return
        if (failure) reject(fail(failure, sql))
        else resolve()
      }
      const statement = this.#db.prepare(sql, (error: Error | null) => {
        if (error) {
          reject(fail(error, sql))
          return
        }
        statement.each<SqlRow>((problem: Error | null, row: SqlRow) => {
          if (problem) failure ??= problem
          else visit(row)
        }, atEnd)
        statement.finalize(atEnd)
      })
    })
  }

  /** Lowers one of SQLite's limits for this connection, e.g. how many databases may be attached. */
  limit(what: keyof typeof LIMITS, value: number): void {
    this.#db.configure('limit', LIMITS[what], value)
  }

  /** Stops every statement that is running on this connection. */
  interrupt(): void {
    this.#db.interrupt()
  }

  async close(): Promise<void> {
    for (const kept of this.#kept.values()) (await kept.catch(() => undefined))?.end()
    this.#kept.clear()
    return new Promise((resolve, reject) => {
      this.#db.close((error) => {
        if (error) reject(fail(error, 'close'))
        else resolve()
      })
    })
  }
}

/** The version of SQLite itself, for reports. */
export const sqliteVersion = sqlite3.VERSION
