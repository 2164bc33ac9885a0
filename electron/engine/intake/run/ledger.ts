import type { Transaction } from '../../storage/case-file.ts'
import { runRows, type JsonbRows } from '../../storage/jsonb-rows.ts'
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

/** In the order in which `writeLine` gives them; those of hashes come as hexadecimal text. */
const COLUMNS = [
  ...[
    'id',
    'source',
    'path',
    'outcome',
    'reason',
    'kind',
    'size',
    'sha256',
    'original',
    'inflated_sha256',
    'inflated_size',
  ],
  ...[
    'compression',
    'trailing_bytes',
    'broke_at',
    'records_read',
    'records_stored',
    'records_duplicate',
    'records_conflict',
  ],
  ...['records_rejected', 'first_event', 'event_count', 'first_event_ms', 'last_event_ms', 'notes'],
]
const HASHES: ReadonlySet<string> = new Set(['sha256', 'inflated_sha256'])
const valueOf = (column: string, n: number) => (HASHES.has(column) ? `unhex(value ->> ${n})` : `value ->> ${n}`)
const INSERT_LINES = `insert into entry (${COLUMNS.join(', ')}) select ${COLUMNS.map(valueOf).join(', ')} from jsonb_each(?)`
const INSERT_REJECTED =
  'insert into rejected_record select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from jsonb_each(?)'

/** Writes what became of each entry, and of each record that could not be read. */
export async function writeLedger(tx: Transaction, lines: readonly LedgerLine[]): Promise<void> {
  await runRows(tx, INSERT_LINES, lines, writeLine)
  const rejected = lines.flatMap(({ id, file, outcome }) =>
    outcome === 'duplicate' ? [] : file.rejected.map((record) => ({ id, record })),
  )
  await runRows(tx, INSERT_REJECTED, rejected, (row, { id, record }) => {
    row.number(id)
    row.number(record.ordinal)
    row.number(record.offset)
    row.text(record.reason)
  })
}

function writeLine(row: JsonbRows, { id, source, file, outcome, reason, records, original, span }: LedgerLine): void {
  row.number(id)
  row.number(source)
  row.text(file.path)
  row.text(outcome)
  textOrNone(row, reason)
  row.text(file.kind)
  row.number(file.size)
  textOrNone(row, file.sha256)
  numberOrNone(row, original)
  textOrNone(row, file.inflatedSha256)
  row.number(file.inflatedSize)
  row.text(file.compression)
  row.number(file.trailingBytes)
  numberOrNone(row, file.brokeAt)
  row.number(records.read)
  row.number(records.stored)
  row.number(records.duplicate)
  row.number(records.conflict)
  row.number(records.rejected)
  numberOrNone(row, span.count === 0 ? null : span.first)
  row.number(span.count)
  const known = outcome === 'duplicate'
  numberOrNone(row, known ? null : span.firstMs)
  numberOrNone(row, known ? null : span.lastMs)
  textOrNone(row, file.notes.length === 0 ? undefined : JSON.stringify(file.notes))
}

/** A hash that is not known is an empty text. */
function textOrNone(row: JsonbRows, text: string | undefined): void {
  if (text === undefined || text === '') row.none()
  else row.text(text)
}

/** A span without times ends in infinity. */
function numberOrNone(row: JsonbRows, value: number | null | undefined): void {
  if (value === null || value === undefined || !Number.isFinite(value)) row.none()
  else row.number(value)
}
