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

const START = Buffer.alloc(32)

/** SHA-256 over the canonical JSON of an entry and the hash of the one before it: no entry can be changed, swapped or taken out unseen. */
export function custodyHash(seq: number, act: CustodyAct, previous: Uint8Array): Buffer {
  const { timeMs, examiner, action, body } = act
  return createHash('sha256')
    .update(
      custodyText({
        seq,
        timeMs,
        examiner,
        action,
        body: canonicalJson(body),
        previous: Buffer.from(previous).toString('hex'),
      }),
    )
    .digest()
}

/**
 * The text that is hashed: canonical JSON of the entry, its members in order of their names. The body is taken as it is stored: one that
 * was rewritten, even to the same meaning, gives another hash.
 */
export const custodyText = (
  e: Omit<CustodyAct, 'body'> & { readonly seq: number; readonly body: string; readonly previous: string },
): string =>
  `{"action":${JSON.stringify(e.action)},"body":${e.body},"examiner":${JSON.stringify(e.examiner)},"previous":"${e.previous}","seq":${e.seq},"timeMs":${e.timeMs}}`

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
