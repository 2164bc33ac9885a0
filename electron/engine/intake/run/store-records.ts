import { documentFields, eventFlags, identifierFields, termFields } from '#shared/domain/fields.ts'
import { insertRows, type Transaction } from '../../storage/case-file.ts'
import { identifierKind as kinds, rowBytes } from '../../storage/event-table.ts'
import { JsonbRows, runRows } from '../../storage/jsonb-rows.ts'
import { hashIdentifier, hashUuidBytes } from '../../vectors/identifier-hash.ts'
import { batchVectors, packSegment, widthOf } from '../../vectors/segments.ts'
import type { RecordColumns } from './batch.ts'
import { idsPerRecord } from './dictionaries.ts'
import type { ImportState } from './import-state.ts'
import { judgeRecords, type RecordFate } from './judge-records.ts'
import { emptySpan, zeroCounts, type RecordCounts, type Span } from './ledger.ts'

const TERMS = termFields.length
const DOCUMENTS = documentFields.length
const IDENTIFIERS = identifierFields.length
const UUID = kinds.uuid
/** Events per statement. Each of SQLite's threads keeps the memory that its longest statement took. */
const ROWS = 1000

export type StoredRecords = {
  readonly counts: RecordCounts[]
  readonly spans: Span[]
  readonly lastEvent: number
}

/** Stores the records of kept files: new events with their vectors, occurrences of known ones, conflicts. */
export async function storeRecords(
  tx: Transaction,
  state: ImportState,
  worker: number,
  columns: RecordColumns,
  kept: readonly boolean[],
  entryIds: readonly (number | null)[],
): Promise<StoredRecords> {
  const hashes = identifierHashes(columns, state.seed)
  const translate = state.dictionaries.translator(worker)
  const fates = await judgeRecords(tx, state, columns, hashes, kept, (row) => contentOf(columns, row, translate))
  const counts = kept.map(zeroCounts)
  const spans = kept.map(emptySpan)
  const fresh: number[] = []
  const occurrences: [number, number, number, number, number][] = []
  const conflicts: [number, number][] = []
  const hidden: [number, number][] = []
  const place = (row: number) =>
    [entryIds[columns.file[row]!]!, columns.ordinal[row]!, columns.offset[row]!, columns.length[row]!] as const

  for (let row = 0; row < columns.count; row++) {
    const file = columns.file[row]!
    if (!kept[file]) continue
    const fate: RecordFate = fates[row]!
    if (fate.kind === 'duplicate') {
      counts[file]!.duplicate++
      occurrences.push([fate.of, ...place(row)])
      continue
    }
    if (fate.kind === 'conflict') {
      counts[file]!.conflict++
      columns.flags[row]! |= eventFlags.conflict
      conflicts.push([fate.event, fate.with])
    } else counts[file]!.stored++
    if (fate.kind === 'supersedes') hidden.push([fate.thinner, fate.event])
    const span = spans[file]!
    if (span.count === 0) span.first = fate.event
    span.count++
    fresh.push(row)
  }
  for (let row = 0; row < columns.count; row++) {
    const t = columns.timeMs[row]!
    const span = spans[columns.file[row]!]!
    if (!Number.isNaN(t)) {
      span.firstMs = Math.min(span.firstMs, t)
      span.lastMs = Math.max(span.lastMs, t)
    }
  }
  const first = state.lastEvent + 1
  if (fresh.length > 0) {
    await storeRows(tx, columns, fresh, first, entryIds, translate)
    await storeSegments(tx, columns, fresh, first, entryIds, translate, hashes)
  }
  await runRows(tx, INSERT_OCCURRENCES, occurrences, (row, values) => {
    for (const value of values) row.number(value)
  })
  await insertRows(tx, 'conflict', conflicts)
  await insertRows(tx, 'hidden_event', hidden)
  for (const [thinner, event] of hidden)
    await tx.run('insert into occurrence select ?, entry, ordinal, offset, length from event where id = ?', [
      event,
      thinner,
    ])
  return { counts, spans, lastEvent: state.lastEvent + fresh.length }
}

function identifierHashes(columns: RecordColumns, seed: number): Uint32Array {
  const hashes = new Uint32Array(columns.count * IDENTIFIERS)
  for (let slot = 0; slot < hashes.length; slot++)
    if (columns.identifierKind[slot] === 1) hashes[slot] = hashUuidBytes(columns.identifiers, slot * 16, seed)
  for (const [slot, text] of columns.identifierTexts) hashes[slot] = hashIdentifier(text, seed)
  return hashes
}

type Translate = { readonly terms: readonly (readonly number[])[]; readonly documents: readonly number[] }

/** The case's numbers of all terms and documents of a record. */
const contentOf = (columns: RecordColumns, row: number, translate: Translate): number[] =>
  Array.from({ length: idsPerRecord }, (_, n) => {
    const id = columns.ids[row * idsPerRecord + n]!
    return n < TERMS ? translate.terms[n]![id]! : translate.documents[id]!
  })

const INSERT_EVENTS = `insert into event_row select ?1 + key, value, substr(?3, key * ${rowBytes.all} + 1, ${rowBytes.all}) from jsonb_each(?2)`
const INSERT_OCCURRENCES = `insert into occurrence select ${[0, 1, 2, 3, 4].map((n) => `value ->> ${n}`).join(', ')} from jsonb_each(?)`
const INSERT_IDENTIFIERS = 'insert into identifier_text select value ->> 0, value ->> 1, value ->> 2 from jsonb_each(?)'

async function storeRows(
  tx: Transaction,
  columns: RecordColumns,
  rows: readonly number[],
  first: number,
  entryIds: readonly (number | null)[],
  translate: Translate,
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS) {
    const part = rows.slice(from, from + ROWS)
    await tx.later(INSERT_EVENTS, [
      first + from,
      numbersOf(columns, part, entryIds, translate).bytes(),
      bytesOf(columns, part),
    ])
  }
  if (columns.identifierTexts.length === 0) return
  const texts = new Map(columns.identifierTexts)
  const slots = rows.flatMap((row, n) =>
    identifierFields.flatMap((_, identifier) => {
      const text = texts.get(row * IDENTIFIERS + identifier)
      return text === undefined ? [] : [{ event: first + n, identifier, text }]
    }),
  )
  await runRows(tx, INSERT_IDENTIFIERS, slots, (row, { event, identifier, text }) => {
    row.number(event)
    row.number(identifier)
    row.text(text)
  })
}

/** The numbers of each event, in the order of `eventNumbers`. */
function numbersOf(
  columns: RecordColumns,
  rows: readonly number[],
  entryIds: readonly (number | null)[],
  { terms, documents }: Translate,
): JsonbRows {
  const out = new JsonbRows(rows.length * 180, 'narrow')
  const { ids } = columns
  for (const row of rows) {
    out.row()
    out.number(entryIds[columns.file[row]!]!)
    out.number(columns.ordinal[row]!)
    out.number(columns.offset[row]!)
    out.number(columns.length[row]!)
    const t = columns.timeMs[row]!
    if (Number.isNaN(t)) out.none()
    else out.number(t)
    out.number(columns.flags[row]!)
    let at = row * idsPerRecord
    for (let field = 0; field < TERMS; field++) out.number(terms[field]![ids[at++]!]!)
    for (let field = 0; field < DOCUMENTS; field++) out.number(documents[ids[at++]!]!)
  }
  return out
}

/** The bytes of each event, as `event-table.ts` lays them out. */
function bytesOf(columns: RecordColumns, rows: readonly number[]): Buffer {
  const out = Buffer.alloc(rows.length * rowBytes.all)
  const { recordHash, identifierKind, identifiers } = columns
  let at = 0
  for (const row of rows) {
    copy(recordHash, row * rowBytes.recordHash, rowBytes.recordHash, out, at)
    copy(identifierKind, row * IDENTIFIERS, IDENTIFIERS, out, at + rowBytes.kindsAt)
    for (let n = 0; n < IDENTIFIERS; n++)
      if (identifierKind[row * IDENTIFIERS + n] === UUID)
        copy(
          identifiers,
          (row * IDENTIFIERS + n) * rowBytes.identifier,
          rowBytes.identifier,
          out,
          at + rowBytes.identifiersAt + n * rowBytes.identifier,
        )
    at += rowBytes.all
  }
  return out
}

/** By hand: a call for so few bytes costs more than they do. */
function copy(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  for (let n = 0; n < length; n++) to[at + n] = from[start + n]!
}

async function storeSegments(
  tx: Transaction,
  columns: RecordColumns,
  rows: readonly number[],
  first: number,
  entryIds: readonly (number | null)[],
  translate: Translate,
  hashes: Uint32Array,
): Promise<void> {
  const count = rows.length
  const values = new Uint32Array(count)
  const out: [null, number, number, number, number, Uint8Array | null][] = []
  for (const [n, field] of batchVectors.entries()) {
    if (n < TERMS)
      for (let i = 0; i < count; i++) values[i] = translate.terms[n]![columns.ids[rows[i]! * idsPerRecord + n]!]!
    else if (n < idsPerRecord)
      for (let i = 0; i < count; i++) values[i] = translate.documents[columns.ids[rows[i]! * idsPerRecord + n]!]!
    else if (n < idsPerRecord + IDENTIFIERS)
      for (let i = 0; i < count; i++) values[i] = hashes[rows[i]! * IDENTIFIERS + n - idsPerRecord]!
    else
      switch (n - idsPerRecord - IDENTIFIERS) {
        case 0:
          for (let i = 0; i < count; i++) values[i] = entryIds[columns.file[rows[i]!]!]!
          break
        case 1:
          for (let i = 0; i < count; i++) values[i] = seconds(columns.timeMs[rows[i]!]!)
          break
        default:
          for (let i = 0; i < count; i++) values[i] = milliseconds(columns.timeMs[rows[i]!]!)
      }
    const width = widthOf(values)
    out.push([null, field, first, count, width, width === 0 ? null : packSegment(values, width)])
  }
  await insertRows(tx, 'segment', out)
}

/** Whole seconds since 1970, 0 for an unreadable time or one before 1970 or after 2106. */
const seconds = (ms: number): number => (ms >= 0 && ms < 2 ** 32 * 1000 ? Math.floor(ms / 1000) : 0)
const milliseconds = (ms: number): number => (ms >= 0 ? ms % 1000 : 0)
