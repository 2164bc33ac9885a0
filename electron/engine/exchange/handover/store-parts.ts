import { appendCustody } from '../../annotations/custody.ts'
import { FOREIGN_LOG } from '../../annotations/foreign-logs.ts'
import { appendOperations, operationsHash, type Operation } from '../../annotations/operations-log.ts'
import type { OpenCase } from '../../open-case.ts'
import { stopIfCancelled } from '../../refusal.ts'
import type { CaseStore } from '../../storage/case-file.ts'
import { refused } from './check-package.ts'
import { documentNames } from './documents.ts'
import { packageLines, type OpenedPackage } from './open-package.ts'

/** Operations of one custody entry. */
const PER_ACT = 1000
const MOST_LOG = 268_435_456

/**
 * Stores annotations, each named with a hash by the custody entry that brought it. Those of kinds that are not known here lie still.
 * @param told how many are stored
 */
export async function storeOperations(
  open: OpenCase,
  store: CaseStore,
  operations: AsyncIterable<Operation> | Iterable<Operation>,
  told: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let done = 0
  let held: Operation[] = []
  const storeHeld = async () => {
    stopIfCancelled(signal)
    if (held.length === 0) return
    const part = held
    await store.transaction(async (tx) => {
      await appendOperations(tx, part)
      const named = { operations: part.map((o) => o.id), operationsSha256: operationsHash(part) }
      await appendCustody(tx, open.act('package.annotations', { ...named, annotations: part.length }))
    })
    done += part.length
    held = []
    told(done)
  }
  for await (const operation of operations) {
    held.push(operation)
    if (held.length >= PER_ACT) await storeHeld()
  }
  await storeHeld()
}

/** A custody log of a package: its file, how many entries it has, the hash of the last. */
export type PackedLog = { readonly name: string; readonly entries: number; readonly hash: string }

/** All custody logs that a package carries: the sender's own first. */
export const packedLogs = ({ document }: OpenedPackage): PackedLog[] => [
  { name: documentNames.audit, ...document.custody },
  ...document.logs,
]

/** The custody logs of the cases this one came from stay whole beside its own, which names the hash of each one's last entry. */
export async function keepLogs(
  open: OpenCase,
  store: CaseStore,
  { bag }: OpenedPackage,
  logs: readonly PackedLog[],
): Promise<void> {
  for (const { name, hash, entries } of logs) {
    let text = ''
    for await (const line of packageLines(bag, name, MOST_LOG)) text += `${line}\n`
    if (text.length > MOST_LOG) throw refused(`${name} is too large`)
    await store.transaction(async (tx) => {
      await tx.run('insert into fact values (?, ?) on conflict (name) do nothing', [`${FOREIGN_LOG}${hash}`, text])
      await appendCustody(tx, open.act('package.custody', { entries, hash }))
    })
  }
}
