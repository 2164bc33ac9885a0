import type { Transaction } from '../../storage/case-file.ts'
import type { ParsedBatch } from './batch.ts'
import type { ImportState } from './import-state.ts'
import { SAME_BYTES, writeLedger, zeroCounts, type LedgerLine, type StoredEntry } from './ledger.ts'
import { storeOriginals, type Keeping, type Originals } from './store-originals.ts'
import { storeRecords, type StoredRecords } from './store-records.ts'

/** What one batch changes in memory once its transaction is committed. */
export type StoredBatch = { readonly entries: readonly StoredEntry[]; readonly commit: () => void }

/**
 * Stores a batch of parsed files inside the caller's transaction: originals, ledger, dictionaries, events, vectors.
 * The caller calls `commit` when the transaction holds.
 */
export async function storeBatch(
  tx: Transaction,
  state: ImportState,
  worker: number,
  sourceId: number,
  batch: ParsedBatch,
  keeping: Keeping,
): Promise<StoredBatch> {
  // A worker's new texts must be learnt even when all its files turn out to be duplicates: later batches name them.
  await state.dictionaries.learn(tx, worker, batch.texts)
  const originals = await storeOriginals(tx, state, batch, keeping)
  const kept = batch.files.map((file, i) => !file.unchanged && originals.fates[i] !== 'known')
  const events = await storeRecords(tx, state, worker, batch.columns, kept, originals.entryIds)
  const entries = batch.files.map((file, i): StoredEntry => {
    const known = !kept[i]
    const counts = known ? zeroCounts() : { ...events.counts[i]!, rejected: file.rejectedCount }
    return {
      file,
      outcome: known ? 'duplicate' : file.outcome,
      reason: known ? SAME_BYTES : file.reason,
      records: { ...counts, read: counts.stored + counts.duplicate + counts.conflict + counts.rejected },
    }
  })
  await storeLedger(tx, sourceId, entries, originals, events)
  const { lastEntry, lastOriginal } = originals
  return {
    entries,
    commit: () => {
      state.lastEvent = events.lastEvent
      state.lastEntry = lastEntry
      state.lastOriginal = lastOriginal
    },
  }
}

async function storeLedger(
  tx: Transaction,
  sourceId: number,
  entries: readonly StoredEntry[],
  originals: Originals,
  events: StoredRecords,
): Promise<void> {
  const lines = entries.flatMap((stored, i): LedgerLine[] => {
    const id = originals.entryIds[i]
    return id === null || id === undefined
      ? []
      : [{ ...stored, id, source: sourceId, original: originals.ids[i] ?? null, span: events.spans[i]! }]
  })
  await writeLedger(tx, lines)
}
