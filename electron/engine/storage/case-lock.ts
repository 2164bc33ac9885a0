import { dirname, basename, join } from 'node:path'
import { hostname } from 'node:os'
import { Connection } from './sqlite.ts'
import { Refusal } from '../refusal.ts'

/**
 * One writer per case. The lock is an open SQLite transaction on a small file beside the case: the operating system drops it
 * the moment its holder ends, even by `kill -9`, so it can never go stale. Others can still read who holds it.
 * The file stays after use; deleting it while another process opens it would let two processes hold two locks.
 */
export class CaseLock {
  readonly #db: Connection
  private constructor(db: Connection) {
    this.#db = db
  }

  /** @throws Refusal `locked`, naming who holds the case. */
  static async take(casePath: string, holder: { examiner: string; sinceUtc: string }): Promise<CaseLock> {
    const path = join(dirname(casePath), `.${basename(casePath)}.lock`)
    const db = await Connection.open(path, 'create')
    const me = `${holder.examiner || 'someone'} on ${hostname()} (process ${process.pid}), since ${holder.sinceUtc}`
    try {
      await db.exec('pragma busy_timeout = 400; pragma synchronous = off; begin immediate')
      await db.exec('create table if not exists holder (who text)')
      await db.exec('delete from holder')
      await db.run('insert into holder values (?)', [me])
      await db.exec('commit; begin immediate')
      return new CaseLock(db)
    } catch (error) {
      const row = await db.get<{ who: string }>('select who from holder').catch(() => undefined)
      await db.close().catch(() => undefined)
      if (error instanceof Refusal && error.code === 'locked')
        throw new Refusal(
          'locked',
          `This case is open elsewhere: ${row?.who ?? 'holder unknown'}. Close it there, or open a copy.`,
        )
      throw error
    }
  }

  async release(): Promise<void> {
    await this.#db.exec('rollback')
    await this.#db.close()
  }
}
