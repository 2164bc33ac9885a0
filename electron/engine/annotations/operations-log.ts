import { createHash } from 'node:crypto'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import type { Transaction } from '../storage/case-file.ts'
import { uuidV7 } from './uuid-v7.ts'

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

export const newOperation = (operation: Omit<Operation, 'id'>): Operation => ({
  id: uuidV7(operation.timeMs),
  ...operation,
})

/** SHA-256 over operations in their canonical form: the custody entry of an act carries it, so that no operation can be edited unseen. */
export function operationsHash(operations: readonly Operation[]): string {
  const hash = createHash('sha256')
  for (const o of operations) hash.update(operationText({ ...o, body: canonicalJson(o.body) }))
  return hash.digest('hex')
}

/** One operation as it is hashed: its members in order, the body as canonical JSON text. */
export const operationText = (o: Omit<Operation, 'body'> & { readonly body: string }): string =>
  `${JSON.stringify([o.id, o.timeMs, o.examiner, o.type, o.target])}${o.body}\n`

/** Adds operations that the case does not have yet; one it has already changes nothing. */
export async function appendOperations(tx: Transaction, operations: readonly Operation[]): Promise<void> {
  for (const o of operations)
    await tx.run(
      'insert into operation (id, time_ms, examiner, type, target, body) values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing',
      [o.id, o.timeMs, o.examiner, o.type, o.target, canonicalJson(o.body)],
    )
}

type Row = { id: string; timeMs: number; examiner: string; type: string; target: string; body: string }

/** All operations of some types, in the order that is the same on every laptop. One that is no JSON is left out; `verify` reports it. */
export async function listOperations(reader: Pick<Transaction, 'all'>, types: readonly string[]): Promise<Operation[]> {
  const rows = await reader.all<Row>(
    `select id, time_ms as timeMs, examiner, type, target, body from operation
     where type in (${types.map(() => '?').join(',')}) and json_valid(body) order by time_ms, examiner, id`,
    types,
  )
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }))
}
