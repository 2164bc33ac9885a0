import { documentFields, termFields, type DocumentField, type TermField } from '#shared/domain/fields.ts'
import type { IndexLookup } from '#shared/domain/query/pattern.ts'
import { fieldOfDocument, termWordRow } from '../intake/run/dictionaries.ts'
import { indexWords } from '../intake/run/index-words.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import type { EventIndex } from '../vectors/event-index.ts'

/** Row ids of a field's terms in the index of words, the lowest and the highest. */
const termWordRange = (field: number): [number, number] => [termWordRow(field, 2 ** 32 - 1), termWordRow(field, 1)]

type Texts = { readonly index: EventIndex; readonly reader: Connection }

/** An expression for the index of words. Words hold letters, digits and private-use characters only, so quoting them cannot be broken. */
function matchExpression(lookup: IndexLookup): string {
  return [...lookup.words.map((w) => `"${indexWords(w)}"`), ...lookup.prefixes.map((w) => `"${indexWords(w)}"*`)].join(
    ' AND ',
  )
}

/** Row ids of the index of words from one to another. They come as one text: hundreds of thousands of rows are slow to hand over. */
async function matchingRows(reader: Connection, lookup: IndexLookup, range: readonly number[]): Promise<number[]> {
  const row = await reader.get<{ ids: string }>(
    'select json_group_array(rowid) as ids from word where word match ? and rowid between cast(? as integer) and cast(? as integer)',
    [matchExpression(lookup), ...range],
  )
  return JSON.parse(row?.ids ?? '[]') as number[]
}

/** The terms that the index of words finds, field by field, as their ids. */
export async function findTerms(
  texts: Texts,
  lookup: IndexLookup,
  test: (text: string) => boolean,
  only?: TermField,
): Promise<Map<TermField, number[]>> {
  const range = only === undefined ? [-Number.MAX_SAFE_INTEGER, -1] : termWordRange(termFields.indexOf(only))
  const found = new Map<TermField, number[]>()
  for (const row of await matchingRows(texts.reader, lookup, range)) {
    const at = -row
    const field = termFields[Math.floor(at / 2 ** 32)]!
    const id = at % 2 ** 32
    const dictionary = await texts.index.terms(field)
    // A term that came after this index was loaded belongs to events that are not in it either.
    if (id >= dictionary.length || (!lookup.decisive && !test(dictionary[id]!))) continue
    add(found, field, id)
  }
  return found
}

/**
 * The documents that the index of words finds, field by field. Unless the lookup is decisive, each is read and tested.
 */
export async function findDocuments(
  texts: Texts,
  lookup: IndexLookup,
  test: (json: unknown) => boolean,
  signal: AbortSignal,
  only?: DocumentField,
): Promise<Map<DocumentField, number[]>> {
  const wanted = only === undefined ? undefined : documentFields.indexOf(only)
  const rows = await matchingRows(texts.reader, lookup, [1, Number.MAX_SAFE_INTEGER])
  const ids = wanted === undefined ? rows : rows.filter((id) => fieldOfDocument(id) === wanted)
  if (lookup.decisive) return byField(ids)
  const kept: number[] = []
  for (let first = 0; first < ids.length; first += 2000) {
    stopIfCancelled(signal)
    const part = ids.slice(first, first + 2000)
    const documents = await texts.reader.all<{ id: number; json: string }>(
      `select id, json from document where id in (${part.join(',')})`,
    )
    for (const { id, json } of documents) if (test(JSON.parse(json))) kept.push(id)
  }
  return byField(kept)
}

/** Reads every document of the given fields and tests it: what `contains` and regular expressions cost. */
export async function scanDocuments(
  reader: Connection,
  fields: readonly DocumentField[],
  test: (json: unknown) => boolean,
  signal: AbortSignal,
): Promise<Map<DocumentField, number[]>> {
  const numbers = fields.map((f) => documentFields.indexOf(f))
  const kept: number[] = []
  let last = 0
  for (;;) {
    stopIfCancelled(signal)
    const rows = await reader.all<{ id: number; json: string }>(
      `select id, json from document where id > ? and (id & 7) in (${numbers.join(',')}) order by id limit 4000`,
      [last],
    )
    for (const { id, json } of rows) if (test(JSON.parse(json))) kept.push(id)
    if (rows.length < 4000) return byField(kept)
    last = rows.at(-1)!.id
  }
}

function byField(ids: readonly number[]): Map<DocumentField, number[]> {
  const found = new Map<DocumentField, number[]>()
  for (const id of ids) add(found, documentFields[fieldOfDocument(id)]!, id)
  return found
}

function add<Field>(found: Map<Field, number[]>, field: Field, id: number): void {
  const ids = found.get(field)
  if (ids) ids.push(id)
  else found.set(field, [id])
}
