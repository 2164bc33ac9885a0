import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { visible } from '#shared/base/visible.ts'
import { defaultLimits } from '../intake/limits.ts'
import { parseFile } from '../intake/parse-file.ts'
import type { ParsedRecord } from '../intake/types.ts'
import { ONE_PIECE, readInBatches, type KeptOriginal } from '../queries/read-batches.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Findings, type Check } from './findings.ts'
import { readStoredEvents, type StoredEvent } from './stored-events.ts'

type File = KeptOriginal & {
  readonly id: number
  readonly path: string
  readonly first: number
  readonly count: number
}

/** Events that are read together, and the most of one large file that are held at once. */
const EVENTS = 2000
const PAGE = 10_000

/**
 * Parses every original again and compares each event's columns with what its record says. Files and their events are read in
 * groups: a question per file and a look-up per column were nine tenths of the time.
 */
export async function checkColumns(
  reader: Connection,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Check> {
  const found = new Findings('columns')
  const all = await reader.all<File>(
    `select n.id, n.path, n.original, n.size, o.reference_path is null and o.size <= ${ONE_PIECE} as whole, n.first_event as first, n.event_count as count
     from entry n join original o on o.id = n.original where n.event_count > 0 order by n.id`,
  )
  let done = 0
  for await (const { files, bytesOf } of readInBatches(reader, all, signal)) {
    progress(done, all.length)
    done += files.length
    for (const group of grouped(files)) {
      const events = await readStoredEvents(
        reader,
        group.filter(({ count }) => count <= PAGE),
      )
      for (const file of group)
        await compareFile(reader, file, readOrNothing(bytesOf, file.original), events.get(file.id), found)
    }
  }
  return found.result
}

function* grouped(files: readonly File[]): Generator<File[]> {
  let group: File[] = []
  let events = 0
  for (const file of files) {
    group.push(file)
    events += file.count
    if (events < EVENTS) continue
    yield group
    group = []
    events = 0
  }
  if (group.length > 0) yield group
}

function readOrNothing(bytesOf: (original: number) => Buffer, original: number): Buffer | undefined {
  try {
    return bytesOf(original)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

async function compareFile(
  reader: Connection,
  file: File,
  bytes: Buffer | undefined,
  events: readonly StoredEvent[] | undefined,
  found: Findings,
): Promise<void> {
  const path = visible(file.path)
  if (!bytes) {
    found.failed(`${path}: its original cannot be read, so its events cannot be compared`)
    return
  }
  const records = new Map(parseFile(file.path, bytes, defaultLimits).records.map((r) => [r.ordinal, r]))
  let seen = 0
  for await (const page of events ? [events] : pagesOf(reader, file)) {
    seen += page.length
    for (const event of page) {
      const difference = compare(event, records.get(event.ordinal))
      if (difference === undefined) found.passed()
      else found.failed(`${path} record ${event.ordinal}: ${visible(difference)}`)
    }
  }
  if (seen < file.count) found.failed(`${path}: ${file.count - seen} of its events are gone`)
}

async function* pagesOf(reader: Connection, { id, first, count }: File): AsyncGenerator<readonly StoredEvent[]> {
  for (let done = 0; done < count; done += PAGE) {
    const span = { id, first: first + done, count: Math.min(PAGE, count - done) }
    yield (await readStoredEvents(reader, [span])).get(id) ?? []
  }
}

function compare(event: StoredEvent, record: ParsedRecord | undefined): string | undefined {
  if (!record) return 'is not in its file'
  if (event.offset !== record.offset || event.length !== record.length) return 'stands elsewhere in its file'
  const { columns: c } = record
  if (event.timeMs !== (c.timeMs ?? null))
    return `eventTime is ${String(event.timeMs)}, its record says ${String(c.timeMs)}`
  for (const [n, field] of termFields.entries())
    if (event.terms[n] !== c.terms[n]) return `${field} differs from its record`
  for (const [n, field] of documentFields.entries())
    if (event.documents[n] !== c.documents[n]) return `${field} differs from its record`
  for (const [n, field] of identifierFields.entries())
    if (event.identifiers[n] !== c.identifiers[n]) return `${field} differs from its record`
  return undefined
}
