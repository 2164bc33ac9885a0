import { eventFlags } from '#shared/domain/fields.ts'
import type { Transaction } from '../../storage/case-file.ts'
import { eventNumbers } from '../../storage/event-table.ts'
import type { FileFacts, NewTexts, RecordColumns } from './batch.ts'
import type { ImportState } from './import-state.ts'
import { emptySpan, writeLedger, zeroCounts, type RecordCounts, type Span, type StoredEntry } from './ledger.ts'
import type { Keeping } from './store-originals.ts'
import { storeRecords } from './store-records.ts'

/** What a file that is stored part by part has brought so far. */
export type LargeSoFar = { readonly records: RecordCounts; readonly span: Span }
export const emptySoFar = (): LargeSoFar => ({ records: zeroCounts(), span: emptySpan() })

/** Stores one part of a large file and adds it to what came before. */
export async function storePart(
  tx: Transaction,
  state: ImportState,
  worker: number,
  part: { readonly columns: RecordColumns; readonly texts: NewTexts },
  entryId: number,
  soFar: LargeSoFar,
): Promise<void> {
  await state.dictionaries.learn(tx, worker, part.texts)
  const stored = await storeRecords(tx, state, worker, part.columns, [true], [entryId])
  state.lastEvent = stored.lastEvent
  const counts = stored.counts[0]!
  const span = stored.spans[0]!
  soFar.records.stored += counts.stored
  soFar.records.duplicate += counts.duplicate
  soFar.records.conflict += counts.conflict
  if (soFar.span.count === 0) soFar.span.first = span.first
  soFar.span.count += span.count
  soFar.span.firstMs = Math.min(soFar.span.firstMs, span.firstMs)
  soFar.span.lastMs = Math.max(soFar.span.lastMs, span.lastMs)
}

/** Writes the original's line and the ledger once the whole file has been read. */
export async function finishLarge(
  tx: Transaction,
  file: FileFacts,
  at: { readonly source: number; readonly entryId: number; readonly original: number; readonly keeping: Keeping },
  soFar: LargeSoFar,
): Promise<StoredEntry> {
  const keeps = file.outcome !== 'ignored' && file.sha256 !== ''
  if (keeps)
    await tx.run('insert into original (id, sha256, size, reference_path) values (?, ?, ?, ?)', [
      at.original,
      Buffer.from(file.sha256, 'hex'),
      file.size,
      at.keeping.kind === 'reference' ? `${at.keeping.root}\u0000${file.path}` : null,
    ])
  else
    await tx.run('delete from original_piece where id >= ? and id < ?', [
      at.original * 65536,
      (at.original + 1) * 65536,
    ])
  // Whether the file is damaged is known only at its end.
  if (file.outcome === 'quarantined') await markSalvaged(tx, soFar.span)
  const { stored, duplicate, conflict } = soFar.records
  const rejected = file.rejectedCount
  const records: RecordCounts = {
    read: stored + duplicate + conflict + rejected,
    stored,
    duplicate,
    conflict,
    rejected,
  }
  const entry: StoredEntry = { file, outcome: file.outcome, reason: file.reason, records }
  await writeLedger(tx, [
    { ...entry, id: at.entryId, source: at.source, original: keeps ? at.original : null, span: soFar.span },
  ])
  return entry
}

const FLAGS = eventNumbers.indexOf('flags')

/** The events of one file have numbers in a row. */
async function markSalvaged(tx: Transaction, { first, count }: Span): Promise<void> {
  await tx.run(
    `update event_row set numbers = jsonb_set(numbers, '$[${FLAGS}]', (numbers ->> ${FLAGS}) | ${eventFlags.salvaged}) where id >= ? and id < ?`,
    [first, first + count],
  )
}

/** The id of an original with this hash, if the case has one. */
export async function findOriginal(tx: Pick<Transaction, 'get'>, sha256: string): Promise<number | undefined> {
  return (await tx.get<{ id: number }>('select id from original where sha256 = ?', [Buffer.from(sha256, 'hex')]))?.id
}
