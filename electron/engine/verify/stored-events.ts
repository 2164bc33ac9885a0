import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { uuidText } from '../queries/event-rows.ts'
import type { Connection } from '../storage/sqlite.ts'

/** An event as the case keeps it, with the texts that its numbers stand for; `undefined` where it has none. */
export type StoredEvent = {
  readonly ordinal: number
  readonly offset: number
  readonly length: number
  readonly timeMs: number | null
  readonly terms: readonly (string | undefined)[]
  readonly documents: readonly (string | undefined)[]
  readonly identifiers: readonly (string | undefined)[]
}
type Span = { readonly id: number; readonly first: number; readonly count: number }
type Row = readonly (number | string | null)[]

const TERMS = termFields.length
const DOCUMENTS = documentFields.length
const HEAD = 5

const columns = [
  'e.entry, e.ordinal, e.offset, e.length, e.time_ms',
  ...termFields.map((_, n) => `e.t${n}`),
  ...documentFields.map((_, n) => `e.d${n}`),
  ...identifierFields.map((_, n) => uuidText(`e.i${n}`)),
].join(', ')

/**
 * The events of several files, by the number of the file's line in the ledger. Three questions for all of them: rows come as one JSON text,
 * because thousands of objects with a member per column take longer than parsing it, and each text is read once however many events have it.
 */
export async function readStoredEvents(
  reader: Connection,
  files: readonly Span[],
): Promise<Map<number, StoredEvent[]>> {
  const answer = await reader.get<{ rows: string }>(
    `select json_group_array(json_array(${columns})) as rows from (select e.* from json_each(?) j cross join event e
     on e.id between j.value ->> 0 and j.value ->> 1 order by e.id) e`,
    [JSON.stringify(files.map(({ first, count }) => [first, first + count - 1]))],
  )
  const rows = JSON.parse(answer?.rows ?? '[]') as Row[]
  const terms = await readTerms(reader, rows)
  const documents = await readDocuments(reader, rows)
  const byFile = new Map<number, StoredEvent[]>(files.map(({ id }) => [id, []]))
  for (const row of rows) {
    const [entry, ordinal, offset, length, timeMs] = row as readonly [number, number, number, number, number | null]
    byFile.get(entry)?.push({
      ordinal,
      offset,
      length,
      timeMs,
      terms: termFields.map((_, field) => terms[field]?.get(row[HEAD + field] as number)),
      documents: documentFields.map((_, n) => documents.get(row[HEAD + TERMS + n] as number)),
      identifiers: identifierFields.map(
        (_, n) => (row[HEAD + TERMS + DOCUMENTS + n] ?? undefined) as string | undefined,
      ),
    })
  }
  return byFile
}

async function readTerms(reader: Connection, rows: readonly Row[]): Promise<Map<number, string>[]> {
  const wanted = termFields.map((_, field) => numbersIn(rows, HEAD + field))
  const found = await reader.all<{ field: number; id: number; text: string }>(
    `select t.field, t.id, t.text from json_each(?) f join json_each(f.value) j cross join term t on t.field = f.key and t.id = j.value`,
    [JSON.stringify(wanted)],
  )
  const texts = termFields.map(() => new Map<number, string>())
  for (const { field, id, text } of found) texts[field]?.set(id, text)
  return texts
}

async function readDocuments(reader: Connection, rows: readonly Row[]): Promise<Map<number, string>> {
  const wanted = documentFields.flatMap((_, n) => numbersIn(rows, HEAD + TERMS + n))
  const found = await reader.all<{ id: number; json: string }>(
    'select d.id, d.json from json_each(?) j cross join document d on d.id = j.value',
    [JSON.stringify(wanted)],
  )
  return new Map(found.map(({ id, json }) => [id, json]))
}

const numbersIn = (rows: readonly Row[], column: number): number[] => [
  ...new Set(rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []))),
]
