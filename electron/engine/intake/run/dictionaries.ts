import { documentFields, termFields } from '#shared/domain/fields.ts'
import type { Transaction } from '../../storage/case-file.ts'
import { runRows, type JsonbRows } from '../../storage/jsonb-rows.ts'
import { readPages } from '../../storage/read-pages.ts'
import type { NewTexts } from './batch.ts'
import { keyOf, TextNumbers, type Candidate, type ReadTexts } from './text-numbers.ts'

/** Distinct documents that are found again when they come once more; bounds memory, a forgotten one is stored twice. */
const REMEMBERED_DOCUMENTS = 1_000_000

/** A document's number carries its field in the last three bits, so that an index hit tells at once which vector to look into. */
export const documentId = (sequence: number, field: number): number => sequence * 8 + field
export const fieldOfDocument = (id: number): number => id % 8

/** Row id of a term in the word index; documents have the positive numbers. */
export const termWordRow = (field: number, id: number): number => -(field * 2 ** 32 + id)

/**
 * The case's dictionaries while an import writes to them: from the numbers that a worker gave to texts, to the numbers
 * of the case.
 *
 *   worker 1:  3 = "GetObject"   \
 *                                 >  case: 17 = "GetObject"
 *   worker 2:  9 = "GetObject"   /
 */
export class Dictionaries {
  readonly #terms: TextNumbers
  /** How many terms each field has. */
  readonly #termCounts: number[]
  readonly #documents: TextNumbers
  #lastDocument: number
  readonly #workers = new Map<number, { terms: number[][]; documents: number[] }>()

  private constructor(seed: number, lastDocument: number) {
    this.#terms = new TextNumbers(termFields.length, seed)
    this.#termCounts = termFields.map(() => 0)
    this.#documents = new TextNumbers(documentFields.length, seed)
    this.#lastDocument = lastDocument
  }

  /** @param seed of the hashes by which texts are found */
  static async load(reader: Pick<Transaction, 'all' | 'get'>, seed: number): Promise<Dictionaries> {
    const last = await reader.get<{ id: number | null }>('select max(id) as id from document')
    const dictionaries = new Dictionaries(seed, Math.floor((last?.id ?? 0) / 8))
    for (const field of termFields.keys()) await dictionaries.#loadField(reader, field)
    return dictionaries
  }

  async #loadField(reader: Pick<Transaction, 'all'>, field: number): Promise<void> {
    const pages = readPages<{ id: number; text: string }>(
      reader,
      'select id, text from term where field = ? and id > ? order by id limit ?',
      [field],
      (row) => row.id,
    )
    for await (const rows of pages)
      for (const { id, text } of rows) {
        this.#terms.add(field, text, id)
        this.#termCounts[field] = id
      }
  }

  /** Stores the new texts of a batch and learns the worker's numbers for them. */
  async learn(tx: Transaction, worker: number, texts: NewTexts): Promise<void> {
    const map = this.#workerMap(worker)
    for (const field of texts.restartedTerms) map.terms[field] = [0]
    if (texts.restartedDocuments) map.documents = [0]
    const first = documentId(this.#lastDocument + 1, 0)
    const termRows: [number, number, string][] = []
    const wordRows: [number, string][] = []
    const terms = await this.#terms.numbersOf(texts.terms, readTerms(tx), (n, field, text) => {
      const words = texts.terms.words[n] ?? null
      const id = this.#termCounts[field]! + 1
      this.#termCounts[field] = id
      termRows.push([field, id, text])
      if (words !== '') wordRows.push([termWordRow(field, id), words ?? text])
      return id
    })
    for (const [n, id] of terms.entries()) map.terms[texts.terms.fields[n]!]!.push(id)
    const documentRows: [number, number, string][] = []
    const worded: number[] = []
    if (this.#documents.size > REMEMBERED_DOCUMENTS) this.#documents.clear()
    const documents = await this.#documents.numbersOf(texts.documents, readDocuments(tx), (n, field, json) => {
      const words = texts.documents.words[n] ?? null
      const id = documentId(++this.#lastDocument, field)
      documentRows.push([field, id, json])
      if (words !== null) worded.push(id)
      if (words !== null && words !== '') wordRows.push([id, words])
      return id
    })
    for (const id of documents) map.documents.push(id)
    await runRows(tx, INSERT_TERMS, termRows, writeText)
    await runRows(tx, INSERT_DOCUMENTS, documentRows, writeText)
    // FTS5 writes out all it has gathered whenever a row id is lower than the one before.
    wordRows.sort((a, b) => a[0] - b[0])
    await runRows(tx, INSERT_WORDS, wordRows, (row, [id, words]) => {
      row.number(id)
      row.text(words)
    })
    await tx.later(INSERT_DOCUMENT_WORDS, [first, JSON.stringify(worded)])
  }

  /** The case's number for a worker's term or document number; 0 stays 0 (absent). */
  translator(worker: number): {
    readonly terms: readonly (readonly number[])[]
    readonly documents: readonly number[]
  } {
    return this.#workerMap(worker)
  }

  #workerMap(worker: number): { terms: number[][]; documents: number[] } {
    let map = this.#workers.get(worker)
    if (!map) {
      map = { terms: termFields.map(() => [0]), documents: [0] }
      this.#workers.set(worker, map)
    }
    return map
  }
}

const INSERT_TERMS = 'insert into term select value ->> 0, value ->> 1, value ->> 2 from jsonb_each(?)'
const INSERT_DOCUMENTS =
  'insert into document (field, id, json) select value ->> 0, value ->> 1, value ->> 2 from jsonb_each(?)'
/** The words of new documents (from number ?1 on) whose text is indexed as it stands: all but those named in ?2. */
const INSERT_DOCUMENT_WORDS =
  'insert into word (rowid, words) select id, json from document where id >= ?1 and id not in (select value from json_each(?2)) order by id'
const INSERT_WORDS = 'insert into word (rowid, words) select value ->> 0, value ->> 1 from jsonb_each(?)'

/** Field, number, text. */
function writeText(row: JsonbRows, [field, id, text]: readonly [number, number, string]): void {
  row.number(field)
  row.number(id)
  row.text(text)
}

const readTerms =
  (tx: Transaction): ReadTexts =>
  async (candidates) => {
    const rows = await tx.all<Candidate & { text: string }>(
      'select t.field, t.id, t.text from json_each(?) j cross join term t on t.field = j.value ->> 0 and t.id = j.value ->> 1',
      [JSON.stringify(candidates.map(({ field, id }) => [field, id]))],
    )
    return new Map(rows.map((row) => [keyOf(row), row.text]))
  }

const readDocuments =
  (tx: Transaction): ReadTexts =>
  async (candidates) => {
    const rows = await tx.all<Candidate & { text: string }>(
      'select d.field, d.id, d.json as text from json_each(?) j cross join document d on d.id = j.value',
      [JSON.stringify(candidates.map(({ id }) => id))],
    )
    return new Map(rows.map((row) => [keyOf(row), row.text]))
  }

/** Width of one record in `RecordColumns.ids`. */
export const idsPerRecord = termFields.length + documentFields.length
