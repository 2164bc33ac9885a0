import type { Connection, SqlRow, SqlValue } from './sqlite.ts'

/** What a transaction may do. */
export type Transaction = Pick<Connection, 'run' | 'exec' | 'all' | 'get'> & {
  /**
   * Runs a statement without waiting for its end, so that the caller prepares the next one meanwhile. At most one is under way: each call, of
   * whichever method, waits for the one before, and throws what that one failed with. The text is prepared once and kept.
   */
  later(sql: string, params: readonly SqlValue[]): Promise<void>
}

/** A transaction that is open on a connection. Whoever commits calls `settle` before. */
export class OpenTransaction implements Transaction {
  readonly #db: Connection
  #underWay: Promise<void> | undefined

  constructor(db: Connection) {
    this.#db = db
  }

  async run(sql: string, params?: readonly SqlValue[]): Promise<number> {
    await this.settle()
    return this.#db.run(sql, params)
  }

  async exec(sql: string): Promise<void> {
    await this.settle()
    return this.#db.exec(sql)
  }

  async all<Row = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    await this.settle()
    return this.#db.all<Row>(sql, params)
  }

  async get<Row = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row | undefined> {
    await this.settle()
    return this.#db.get<Row>(sql, params)
  }

  async later(sql: string, params: readonly SqlValue[]): Promise<void> {
    await this.settle()
    const statement = await this.#db.keep(sql)
    const underWay = statement.run(params)
    // Its failure is thrown where it is waited for.
    underWay.catch(() => undefined)
    this.#underWay = underWay
  }

  /** Waits for the statement that is under way. @throws what it failed with */
  async settle(): Promise<void> {
    const underWay = this.#underWay
    this.#underWay = undefined
    await underWay
  }
}
