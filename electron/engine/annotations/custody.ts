import { createHash } from 'node:crypto'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import type { Transaction } from '../storage/case-file.ts'

/** One act on the case. `body` holds what was acted on, with the values before and after where something changed. */
export type CustodyAct = {
  readonly timeMs: number
  readonly examiner: string
  readonly action: string
  readonly body: Readonly<Record<string, unknown>>
}

export type CustodyEntry = CustodyAct & { readonly seq: number; readonly previous: string; readonly hash: string }

const START = Buffer.alloc(32)

/** SHA-256 over the canonical JSON of an entry and the hash of the one before it: no entry can be changed, swapped or taken out unseen. */
export function custodyHash(seq: number, act: CustodyAct, previous: Uint8Array): Buffer {
  const text = canonicalJson({
    seq,
    timeMs: act.timeMs,
    examiner: act.examiner,
    action: act.action,
    body: act.body,
    previous: Buffer.from(previous).toString('hex'),
  })
  return createHash('sha256').update(text).digest()
}

/** Writes an act to the custody log, in the transaction of the change itself. */
export async function appendCustody(tx: Transaction, act: CustodyAct): Promise<void> {
  const last = await tx.get<{ seq: number; hash: Buffer }>('select seq, hash from custody order by seq desc limit 1')
  const seq = (last?.seq ?? 0) + 1
  const previous = last?.hash ?? START
  await tx.run(
    'insert into custody (seq, time_ms, examiner, action, body, previous, hash) values (?, ?, ?, ?, ?, ?, ?)',
    [seq, act.timeMs, act.examiner, act.action, canonicalJson(act.body), previous, custodyHash(seq, act, previous)],
  )
}
