import { open, stat } from 'node:fs/promises'
import { Refusal } from '../refusal.ts'
import { CaseLock } from './case-lock.ts'
import { APPLICATION_ID, SCHEMA_VERSION, schemaSql } from './schema.ts'
import { Connection, type SqlValue } from './sqlite.ts'
import { OpenTransaction, type Transaction } from './transaction.ts'

export type { Transaction }

/**
 * Pages that each connection keeps, in KB. The operating system keeps the same pages once more: four times as much made an
 * import no faster, and cost it 100 MB.
 */
const WRITER_CACHE = 16_384
const READER_CACHE = 8_192

/** What storing work needs of a case: the file itself, or the inside of one transaction on it (`CaseFile.whole`). */
export type CaseStore = Pick<CaseFile, 'reader' | 'transaction'>

/** A case file that is open: one writer, one reader that sees what is committed, and the lock that keeps others out. */
export class CaseFile {
  readonly path: string
  readonly reader: Connection
  readonly #writer: Connection
  readonly #lock: CaseLock
  #queue: Promise<unknown> = Promise.resolve()
  #durable = true

  private constructor(path: string, writer: Connection, reader: Connection, lock: CaseLock) {
    this.path = path
    this.#writer = writer
    this.reader = reader
    this.#lock = lock
  }

  /** Makes an empty case at `path`. @throws Refusal `already-exists`, `locked`, `disk-full`, `unreadable`. */
  static async create(path: string, holder: { examiner: string; sinceUtc: string }): Promise<CaseFile> {
    if (await exists(path))
      throw new Refusal('already-exists', `${path} exists already. Choose another name, or open it.`)
    const lock = await CaseLock.take(path, holder)
    try {
      const db = await Connection.open(path, 'create')
      await db.exec('pragma page_size = 16384; pragma journal_mode = wal')
      await db.exec(
        `begin immediate; ${schemaSql} pragma application_id = ${APPLICATION_ID}; pragma user_version = ${SCHEMA_VERSION}; commit`,
      )
      await db.close()
      return await CaseFile.#openLocked(path, lock)
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** Opens a case. @throws Refusal `not-found`, `not-a-case`, `newer-version`, `damaged`, `locked`. */
  static async open(path: string, holder: { examiner: string; sinceUtc: string }): Promise<CaseFile> {
    await checkHeader(path)
    const lock = await CaseLock.take(path, holder)
    try {
      return await CaseFile.#openLocked(path, lock)
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  static async #openLocked(path: string, lock: CaseLock): Promise<CaseFile> {
    const writer = await Connection.open(path, 'write')
    await writer.exec(
      `pragma trusted_schema = off; pragma cell_size_check = on; pragma foreign_keys = on; pragma busy_timeout = 2000;
       pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -${WRITER_CACHE}; pragma wal_autocheckpoint = 2000; pragma temp_store = memory`,
    )
    await refuseForeignSchema(writer)
    const reader = await Connection.open(path, 'read')
    await reader.exec(
      `pragma trusted_schema = off; pragma busy_timeout = 2000; pragma cache_size = -${READER_CACHE}; pragma query_only = on`,
    )
    return new CaseFile(path, writer, reader, lock)
  }

  /**
   * Runs `work` in one transaction, after every transaction asked for earlier. All of it is stored, or none.
   * `durable: false` is for bulk import only: power loss may undo the last commits, never damage the file, and the ledger
   * knows what to import again. Annotations are always durable.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options: { durable: boolean } = { durable: true }): Promise<T> {
    return this.#inTurn(work, options.durable)
  }

  #inTurn<T>(work: (tx: OpenTransaction) => Promise<T>, durable: boolean): Promise<T> {
    const next = this.#queue.then(() => this.#transact(work, durable))
    this.#queue = next.catch(() => undefined)
    return next
  }

  /**
   * Runs work that is made of many transactions as one: all of it is stored, or none, also when the program is killed. Reading through the
   * given store sees what was written before in it. Other writers wait until the end.
   */
  whole<T>(work: (store: CaseStore) => Promise<T>): Promise<T> {
    return this.#inTurn((tx) => {
      const transaction = async <R>(inner: (tx: Transaction) => Promise<R>): Promise<R> => {
        const result = await inner(tx)
        await tx.settle()
        return result
      }
      return work({ reader: this.#writer, transaction })
    }, true)
  }

  async #transact<T>(work: (tx: OpenTransaction) => Promise<T>, durable: boolean): Promise<T> {
    const db = this.#writer
    if (durable !== this.#durable) await db.exec(`pragma synchronous = ${durable ? 'full' : 'normal'}`)
    this.#durable = durable
    await db.exec('begin immediate')
    const tx = new OpenTransaction(db)
    try {
      const result = await work(tx)
      await tx.settle()
      await db.exec('commit')
      return result
    } catch (error) {
      await tx.settle().catch(() => undefined)
      // SQLite may have rolled back by itself (disk full); a second rollback then has nothing to do.
      await db.exec('rollback').catch(() => undefined)
      throw error
    }
  }

  /** Moves the write-ahead log into the file, so that a copy of the file alone is whole. */
  async checkpoint(): Promise<void> {
    await this.#queue.catch(() => undefined)
    await this.#writer.all('pragma wal_checkpoint(truncate)')
  }

  /** Another read-only connection, for work that must be stopped on its own. The caller closes it. */
  async openReader(): Promise<Connection> {
    const reader = await Connection.open(this.path, 'read')
    await reader.exec('pragma trusted_schema = off; pragma busy_timeout = 2000; pragma query_only = on')
    return reader
  }

  async close(): Promise<void> {
    await this.#queue.catch(() => undefined)
    await this.reader.close()
    await this.#writer.all('pragma wal_checkpoint(truncate)').catch(() => undefined)
    await this.#writer.close()
    await this.#lock.release()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Reads the first 100 bytes: nothing of a file that is not ours is ever run as a database. */
async function checkHeader(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) throw new Refusal('not-found', `${path} cannot be found or read. Check the path and its permissions.`)
  try {
    const header = Buffer.alloc(100)
    const { bytesRead } = await file.read(header, 0, 100, 0)
    if (
      bytesRead < 100 ||
      header.toString('latin1', 0, 16) !== 'SQLite format 3\0' ||
      header.readUInt32BE(68) !== APPLICATION_ID
    )
      throw new Refusal(
        'not-a-case',
        `${path} is not a Trailcase case. To look at evidence, import it into a new case instead.`,
      )
    const version = header.readUInt32BE(60)
    if (version > SCHEMA_VERSION)
      throw new Refusal(
        'newer-version',
        `This case was written by a newer Trailcase (format ${version}; this one reads up to ${SCHEMA_VERSION}). Open it with the newer version.`,
      )
    const pageSize = header.readUInt16BE(16)
    const { size } = await file.stat()
    if (size % (pageSize === 1 ? 65536 : pageSize) !== 0)
      throw new Refusal(
        'damaged',
        `${path} is cut short or damaged. Work on a copy, or go back to a backup or package.`,
      )
  } finally {
    await file.close()
  }
}

/** A case from a stranger may carry triggers or views of its own that run when we write: its schema must be exactly ours. */
async function refuseForeignSchema(db: Connection): Promise<void> {
  const rows = await db.all<{ sql: string }>(
    `select sql from sqlite_schema where sql is not null and name not like 'word\\_%' escape '\\' order by name`,
  )
  const expected = await ourSchema()
  if (JSON.stringify(rows.map((r) => r.sql)) !== JSON.stringify(expected))
    throw new Refusal(
      'damaged',
      'The tables of this case are not those that Trailcase makes. It may have been tampered with; import its package or the evidence again.',
    )
}

let known: Promise<string[]> | undefined
function ourSchema(): Promise<string[]> {
  known ??= (async () => {
    const db = await Connection.open(':memory:', 'create')
    await db.exec(schemaSql)
    const rows = await db.all<{ sql: string }>(
      `select sql from sqlite_schema where sql is not null and name not like 'word\\_%' escape '\\' order by name`,
    )
    await db.close()
    return rows.map((r) => r.sql)
  })()
  return known
}

/** Inserts many rows with bound values, as few statements as the limit of 32,766 parameters allows. */
export async function insertRows(tx: Transaction, into: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
  const width = rows[0]?.length ?? 0
  if (width === 0) return
  const perStatement = Math.max(1, Math.min(500, Math.floor(32_000 / width)))
  const one = `(${Array(width).fill('?').join(',')})`
  for (let first = 0; first < rows.length; first += perStatement) {
    const part = rows.slice(first, first + perStatement)
    await tx.run(`insert into ${into} values ${Array(part.length).fill(one).join(',')}`, part.flat())
  }
}
