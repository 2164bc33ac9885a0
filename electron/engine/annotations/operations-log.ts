import { randomUUID } from 'node:crypto'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import type { Transaction } from '../storage/case-file.ts'

/**
 * One immutable change of what people say about a case. The current state is the fold of all operations; merging two
 * cases is their union. `id` is unique everywhere, `seq` only orders this file.
 */
export type Operation = {
  readonly id: string
  readonly timeMs: number
  readonly examiner: string
  /** What kind of change, e.g. `case.set`, `tag.add`. */
  readonly type: string
  /** What it is about: `case`, `event:<sha256>:<ordinal>`, `finding:<id>`. */
  readonly target: string
  readonly body: unknown
}

export const newOperation = (operation: Omit<Operation, 'id'>): Operation => ({ id: randomUUID(), ...operation })

/** Adds operations that the case does not have yet; one it has already changes nothing. */
export async function appendOperations(tx: Transaction, operations: readonly Operation[]): Promise<void> {
  for (const o of operations)
    await tx.run('insert into operation (id, time_ms, examiner, type, target, body) values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing', [
      o.id,
      o.timeMs,
      o.examiner,
      o.type,
      o.target,
      canonicalJson(o.body),
    ])
}

type Row = { id: string; timeMs: number; examiner: string; type: string; target: string; body: string }

/** All operations of some types, oldest first. */
export async function listOperations(reader: Pick<Transaction, 'all'>, types: readonly string[]): Promise<Operation[]> {
  const rows = await reader.all<Row>(
    `select id, time_ms as timeMs, examiner, type, target, body from operation where type in (${types.map(() => '?').join(',')}) order by seq`,
    types,
  )
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }))
}
