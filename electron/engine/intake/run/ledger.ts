import { insertRows, literal, type Transaction } from '../../storage/case-file.ts'
import type { FileFacts } from './batch.ts'

export type EntryOutcome = 'stored' | 'duplicate' | 'quarantined' | 'ignored'
/** `read = stored + duplicate + conflict + rejected`. */
export type RecordCounts = { read: number; stored: number; duplicate: number; conflict: number; rejected: number }
export const zeroCounts = (): RecordCounts => ({ read: 0, stored: 0, duplicate: 0, conflict: 0, rejected: 0 })

/** The events a file brought: numbers `first` to `first + count - 1`, and the time they span (infinite when none has a time). */
export type Span = { first: number; count: number; firstMs: number; lastMs: number }
export const emptySpan = (): Span => ({ first: 0, count: 0, firstMs: Infinity, lastMs: -Infinity })

/** Why an entry counts as a duplicate. */
export const SAME_BYTES = 'the same bytes are in the case already'

export type StoredEntry = {
  readonly file: FileFacts
  readonly outcome: EntryOutcome
  readonly reason: string | undefined
  readonly records: RecordCounts
}
export type LedgerLine = StoredEntry & {
  readonly id: number
  readonly source: number
  readonly original: number | null
  readonly span: Span
}

const COLUMNS = `id, source, path, outcome, reason, kind, size, sha256, original, inflated_sha256, inflated_size, compression, trailing_bytes, broke_at,
  records_read, records_stored, records_duplicate, records_conflict, records_rejected, first_event, event_count, first_event_ms, last_event_ms, notes`

/** A hash as a literal. Hashes are hexadecimal texts that we made. */
const hashLiteral = (sha256: string) => (sha256 === '' ? 'null' : `x'${sha256}'`)
const finite = (ms: number) => (Number.isFinite(ms) ? ms : null)

/** Lines per statement. */
const LINES = 400

/**
 * Writes what became of each entry, and of each record that could not be read. Numbers and hashes stand in the statement
 * itself, as one bound parameter per column is what inserting costs; every text that comes from evidence is bound.
 */
export async function writeLedger(tx: Transaction, lines: readonly LedgerLine[]): Promise<void> {
  for (let first = 0; first < lines.length; first += LINES) {
    const part = lines.slice(first, first + LINES)
    const texts: (string | null)[] = []
    const rows = part.map((line) => ledgerRow(line, texts))
    await tx.run(`insert into entry (${COLUMNS}) values ${rows.join(',')}`, texts)
  }
  const rejected = lines.flatMap(({ id, file, outcome }) =>
    outcome === 'duplicate' ? [] : file.rejected.map((r) => [id, r.ordinal, r.offset, r.reason]),
  )
  await insertRows(tx, 'rejected_record', rejected)
}

function ledgerRow(
  { id, source, file, outcome, reason, records, original, span }: LedgerLine,
  texts: (string | null)[],
): string {
  texts.push(file.path, reason ?? null, file.notes.length === 0 ? null : JSON.stringify(file.notes))
  const known = outcome === 'duplicate'
  const numbers = [
    ...[
      file.trailingBytes,
      file.brokeAt ?? null,
      records.read,
      records.stored,
      records.duplicate,
      records.conflict,
      records.rejected,
    ],
    ...[
      span.count === 0 ? null : span.first,
      span.count,
      known ? null : finite(span.firstMs),
      known ? null : finite(span.lastMs),
    ],
  ]
  // Outcome, kind and compression are words of ours.
  return `(${id},${source},?,'${outcome}',?,'${file.kind}',${file.size},${hashLiteral(file.sha256)},${literal(original)},${hashLiteral(file.inflatedSha256)},${file.inflatedSize},'${file.compression}',${numbers.map(literal).join(',')},?)`
}
