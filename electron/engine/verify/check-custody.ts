import { custodyHash } from '../annotations/custody.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Findings, type Check } from './verify-case.ts'

type Row = { seq: number; timeMs: number; examiner: string; action: string; body: string; previous: Buffer; hash: Buffer }

/** Walks the custody log and recomputes each hash: a removed, swapped or edited entry breaks the chain. */
export async function checkCustody(reader: Connection, signal: AbortSignal): Promise<Check> {
  const found = new Findings('custody')
  let previous: Buffer = Buffer.alloc(32)
  let last = 0
  for (;;) {
    stopIfCancelled(signal)
    const rows = await reader.all<Row>(
      'select seq, time_ms as timeMs, examiner, action, body, previous, hash from custody where seq > ? order by seq limit 20000',
      [last],
    )
    for (const row of rows) {
      const problem = problemOf(row, previous, last)
      if (problem === undefined) found.passed()
      else found.failed(problem)
      previous = row.hash
      last = row.seq
    }
    if (rows.length < 20_000) return found.result
  }
}

function problemOf(row: Row, previous: Buffer, last: number): string | undefined {
  if (row.seq !== last + 1) return `Entry ${last + 1} is missing: the log goes on with ${row.seq}.`
  if (!row.previous.equals(previous)) return `Entry ${row.seq} does not follow the entry before it.`
  const act = { timeMs: row.timeMs, examiner: row.examiner, action: row.action, body: parsed(row.body) }
  return custodyHash(row.seq, act, row.previous).equals(row.hash) ? undefined : `Entry ${row.seq} (${row.action}) was changed after it was written.`
}

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Every operation must be named by the custody entry of the act that made it, and be readable. */
export async function checkOperations(reader: Connection): Promise<Check> {
  const found = new Findings('annotations')
  const rows = await reader.all<{ id: string; valid: number; named: number }>(
    `select o.id, json_valid(o.body) as valid,
            o.id in (select j.value from custody c, json_each(c.body, '$.operations') j) as named from operation o`,
  )
  for (const row of rows) {
    if (row.valid === 1 && row.named === 1) found.passed()
    else found.failed(row.valid === 1 ? `Operation ${row.id} is in no custody entry.` : `Operation ${row.id} cannot be read.`)
  }
  return found.result
}
