import { documentFields, termFields, type DocumentField, type TermField } from '#shared/domain/fields.ts'
import type { IndexLookup } from '#shared/domain/query/pattern.ts'
import { fieldOfDocument } from '../intake/run/dictionaries.ts'
import { indexWords } from '../intake/run/index-words.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import type { EventIndex } from '../vectors/event-index.ts'

type Texts = { readonly index: EventIndex; readonly reader: Connection }

/** An expression for the index of words. Words hold letters, digits and private-use characters only, so quoting them cannot be broken. */
function matchExpression(lookup: IndexLookup): string {
  return [...lookup.words.map((w) => `"${indexWords(w)}"`), ...lookup.prefixes.map((w) => `"${indexWords(w)}"*`)].join(
    ' AND ',
  )
}

/** The terms that the index of words finds, field by field, as their ids. */
export async function findTerms(
  texts: Texts,
  lookup: IndexLookup,
  test: (text: string) => boolean,
): Promise<Map<TermField, number[]>> {
  const rows = await texts.reader.all<{ at: number }>(
    'select -rowid as at from word where word match ? and rowid < 0',
    [matchExpression(lookup)],
  )
  const found = new Map<TermField, number[]>()
  for (const { at } of rows) {
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
  const rows = await texts.reader.all<{ id: number }>('select rowid as id from word where word match ? and rowid > 0', [
    matchExpression(lookup),
  ])
  const wanted = only === undefined ? undefined : documentFields.indexOf(only)
  const ids = rows.map((row) => row.id).filter((id) => wanted === undefined || fieldOfDocument(id) === wanted)
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
