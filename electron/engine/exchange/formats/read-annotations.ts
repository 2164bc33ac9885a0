import { CsvError, parse, type Parser } from 'csv-parse'
import { parseUtc } from '#shared/base/time.ts'
import type { AnnotationFileKind, AnnotationRow, DropReason } from '#shared/domain/annotation-import.ts'
import { fromFormulaSafe } from '#shared/domain/export.ts'
import { Refusal } from '../../refusal.ts'
import { splitTags } from './event-facts.ts'
import { textLines } from './text-lines.ts'

/** One line or row: 16 MiB, as for records. */
const LIMIT = 16 * 1024 * 1024

/** Names of the columns that are read; another tool's file may call them differently. */
export type AnnotationColumns = {
  readonly eventID: string
  readonly sourceSha256: string
  readonly ordinal: string
  readonly tags: string
  readonly comment: string
  readonly time: string
}

export const timesketchAnnotationColumns: AnnotationColumns = {
  eventID: 'event_id',
  sourceSha256: 'evidence_sha256',
  ordinal: 'evidence_record',
  tags: 'tag',
  comment: 'comment',
  time: 'datetime',
}
export const analystAnnotationColumns: AnnotationColumns = {
  ...timesketchAnnotationColumns,
  ordinal: 'record_no',
  tags: 'tags',
  time: 'time_utc',
}

/** Excel writes `;` where the comma is the decimal sign, and a tab for "Unicode text". */
export const csvDelimiters = [',', ';', '\t'] as const
export type CsvDelimiter = (typeof csvDelimiters)[number]

export type ReadAnnotationsOptions = {
  /** Where the file's headings differ from the usual ones. */
  readonly columns?: Partial<AnnotationColumns>
  /** What parts the cells of a CSV; default comma. */
  readonly delimiter?: CsvDelimiter
  /** Times without a zone: refuse the row, or read them as UTC because the examiner said so. Default refuse. */
  readonly zoneless?: 'refuse' | 'utc'
}

/**
 * Reads tags and comments back from Timesketch JSON lines or CSV, or from our own CSV: each row becomes a proposal for
 * one event, or is dropped with its reason. Nothing is applied here. A row is recognised by its place in the evidence
 * (source SHA-256 and record number), else by its eventID. Streams; a broken CSV ends with one dropped row that says where.
 * @throws Refusal `bad-input` for a CSV that is not UTF-8, or whose heading lacks a column that is needed or has it twice
 */
export async function* readAnnotations(
  kind: AnnotationFileKind,
  chunks: AsyncIterable<Uint8Array>,
  options: ReadAnnotationsOptions = {},
): AsyncGenerator<AnnotationRow> {
  const usual = kind === 'csv' ? analystAnnotationColumns : timesketchAnnotationColumns
  const columns = { ...usual, ...options.columns }
  const delimiter = options.delimiter ?? ','
  for await (const row of kind === 'timesketch' ? jsonRows(chunks) : csvRows(chunks, columns, delimiter)) {
    yield row.kind === 'dropped' ? row : toProposal(kind, row, columns, options.zoneless ?? 'refuse')
  }
}

type Row = { readonly kind: 'row'; readonly line: number; readonly cells: ReadonlyMap<string, unknown> }
type Dropped = Extract<AnnotationRow, { kind: 'dropped' }>

const dropped = (line: number, reason: DropReason, detail: string): Dropped => ({
  kind: 'dropped',
  dropped: { line, reason, detail },
})

async function* jsonRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row | Dropped> {
  for await (const line of textLines(chunks, LIMIT)) {
    if (line.kind === 'unreadable') yield dropped(line.number, 'UNREADABLE', `The line cannot be read: ${line.why}.`)
    else if (line.text.trim() !== '') yield toJsonRow(line.number, line.text)
  }
}

function toJsonRow(number: number, text: string): Row | Dropped {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { kind: 'row', line: number, cells: new Map(Object.entries(value)) }
    }
  } catch {
    // Said below: to the reader a broken object and another kind of value are the same.
  }
  return dropped(number, 'UNREADABLE', 'The line is not a JSON object.')
}

type CsvRecord = { readonly record: string[]; readonly info: { readonly lines: number } }

async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  columns: AnnotationColumns,
  delimiter: CsvDelimiter,
): AsyncGenerator<Row | Dropped> {
  let heading: readonly string[] | undefined
  let line = 1
  for await (const row of csvRecords(utf8Only(chunks), delimiter)) {
    if (row instanceof CsvError)
      yield dropped(line, 'UNREADABLE', `The file is not valid CSV from here on: ${row.code}.`)
    else if (heading === undefined) heading = checkedHeading(row.record, columns)
    else yield toCsvRow(line, heading, row.record)
    if (!(row instanceof CsvError)) line = row.info.lines + 1
  }
}

/** The chunks as they are, as long as they are UTF-8. @throws Refusal `bad-input` */
async function* utf8Only(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const checked = (chunk: Uint8Array | undefined): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new Refusal(
        'bad-input',
        'The file is not UTF-8 text, so its cells cannot be trusted. Save it again as “CSV UTF-8”; nothing was changed.',
      )
    }
  }
  for await (const chunk of chunks) {
    checked(chunk)
    yield chunk
  }
  checked(undefined)
}

/** The names of the columns, if the ones that are needed are there once each. @throws Refusal `bad-input` */
function checkedHeading(record: readonly string[], columns: AnnotationColumns): readonly string[] {
  const heading = record.map((name) => name.trim())
  const has = (name: keyof AnnotationColumns): boolean => heading.includes(columns[name])
  const twice = Object.values(columns).find((name) => heading.indexOf(name) !== heading.lastIndexOf(name))
  if (twice !== undefined)
    throw new Refusal(
      'bad-input',
      `The heading has the column ${twice} twice, so it is not clear which one counts. Take one out.`,
    )
  if (!has('eventID') && !(has('sourceSha256') && has('ordinal')))
    throw new Refusal(
      'bad-input',
      `The heading has no column that says which event a row is about: ${columns.eventID}, or ${columns.sourceSha256} with ${columns.ordinal}. Export it with these columns, or name the one that has them.`,
    )
  if (!has('tags') && !has('comment'))
    throw new Refusal(
      'bad-input',
      `The heading has neither a column ${columns.tags} nor ${columns.comment}: there is nothing to read from it.`,
    )
  return heading
}

/** The records of a CSV; the error as the last one if it breaks off. Iterating the parser would lose what it holds then. */
async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: CsvDelimiter,
): AsyncGenerator<CsvRecord | CsvError> {
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LIMIT,
  })
  let problem: Error | undefined
  parser.on('error', (error) => (problem = error))
  for await (const chunk of chunks) {
    const written = new Promise<void>((resolve) => parser.write(chunk, () => resolve()))
    yield* held(parser)
    await written
    yield* held(parser)
    if (problem !== undefined) break
  }
  if (problem === undefined) {
    await new Promise<void>((resolve) => parser.end(() => resolve()))
    yield* held(parser)
  }
  parser.destroy()
  if (problem instanceof CsvError) yield problem
  else if (problem !== undefined) throw problem
}

function* held(parser: Parser): Generator<CsvRecord> {
  for (let row: unknown = parser.read(); row !== null; row = parser.read()) yield row as CsvRecord
}

function toCsvRow(line: number, heading: readonly string[], record: readonly string[]): Row | Dropped {
  if (record.length !== heading.length) {
    return dropped(line, 'UNREADABLE', `The row has ${record.length} cells, the heading ${heading.length}.`)
  }
  return {
    kind: 'row',
    line,
    cells: new Map(heading.map((name, index) => [name, fromFormulaSafe(record[index] ?? '')])),
  }
}

function toProposal(
  kind: AnnotationFileKind,
  row: Row,
  columns: AnnotationColumns,
  zoneless: 'refuse' | 'utc',
): AnnotationRow {
  const cell = (name: keyof AnnotationColumns): unknown => row.cells.get(columns[name])
  const event = toEvent(text(cell('eventID')), text(cell('sourceSha256')), text(cell('ordinal')))
  if (event === undefined) {
    return dropped(
      row.line,
      'NO_EVENT',
      'The row names no event: neither source SHA-256 with record number nor eventID.',
    )
  }
  const time = timeTrouble(text(cell('time')), zoneless)
  if (time !== undefined) return dropped(row.line, time.reason, time.detail)
  const tags = [...new Set(toTags(kind, cell('tags')))]
  const comment = text(cell('comment')).trim()
  if (tags.length === 0 && comment === '')
    return dropped(row.line, 'NOTHING_SAID', 'The row has neither tag nor comment.')
  return { kind: 'proposal', proposal: { line: row.line, event, tags, comment } }
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

function toEvent(eventID: string, sha256: string, ordinal: string): AnnotationProposalEvent | undefined {
  const id = eventID.trim()
  if (/^[0-9a-f]{64}$/i.test(sha256) && /^\d{1,9}$/.test(ordinal)) {
    return {
      kind: 'place',
      sourceSha256: sha256.toLowerCase(),
      ordinal: Number(ordinal),
      eventID: id === '' ? undefined : id,
    }
  }
  return id === '' || id.length > 200 ? undefined : { kind: 'eventID', eventID: id }
}
type AnnotationProposalEvent = Extract<AnnotationRow, { kind: 'proposal' }>['proposal']['event']

/** A time that is there must be readable and must say its zone, or someone must have said that it is UTC. */
function timeTrouble(
  time: string,
  zoneless: 'refuse' | 'utc',
): { readonly reason: DropReason; readonly detail: string } | undefined {
  if (time === '') return undefined
  if (time.length > 64 || parseUtc(time) === undefined)
    return { reason: 'NO_TIME', detail: 'The time of the row cannot be read.' }
  if (zoneless === 'utc' || /(?:Z|[+-]\d\d:?\d\d)$/i.test(time.trim())) return undefined
  return { reason: 'NO_ZONE', detail: 'The time of the row has no zone. Say which zone it is before it is used.' }
}

/** Timesketch: a list, or text with commas, `-` for none. Our CSV: text with `|`. */
function toTags(kind: AnnotationFileKind, value: unknown): string[] {
  if (Array.isArray(value)) return value.map(text).flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]))
  const joined = text(value)
  if (kind === 'csv') return splitTags(joined)
  const tags = joined.replace(/^\[|\]$/g, '').split(',')
  return tags.map((tag) => tag.trim().replace(/^'(.*)'$/, '$1')).filter((tag) => tag !== '' && tag !== '-')
}
