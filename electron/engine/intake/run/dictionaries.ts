import { documentFields, termFields } from '#shared/domain/fields.ts'
import type { Transaction } from '../../storage/case-file.ts'
import { runRows, type JsonbRows } from '../../storage/jsonb-rows.ts'
import type { NewTexts } from './batch.ts'

/** Distinct documents remembered for finding the same text again; bounds memory, a forgotten one is stored twice. */
const REMEMBERED_DOCUMENTS = 150_000
const REMEMBERED_BYTES = 96_000_000

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
  readonly #terms: Map<string, number>[]
  #documents = perField()
  #remembered = 0
  #documentBytes = 0
  #lastDocument: number
  readonly #workers = new Map<number, { terms: number[][]; documents: number[] }>()

  private constructor(terms: Map<string, number>[], lastDocument: number) {
    this.#terms = terms
    this.#lastDocument = lastDocument
  }

  static async load(reader: Pick<Transaction, 'all' | 'get'>): Promise<Dictionaries> {
    const terms = Array.from({ length: termFields.length }, () => new Map<string, number>())
    for (let field = 0; field < terms.length; field++) {
      const rows = await reader.all<{ id: number; text: string }>('select id, text from term where field = ?', [field])
      for (const row of rows) terms[field]!.set(row.text, row.id)
    }
    const last = await reader.get<{ id: number | null }>('select max(id) as id from document')
    return new Dictionaries(terms, Math.floor((last?.id ?? 0) / 8))
  }

  /** Stores the new texts of a batch and learns the worker's numbers for them. */
  async learn(tx: Transaction, worker: number, texts: NewTexts): Promise<void> {
    const map = this.#workerMap(worker)
    for (const field of texts.restartedTerms) map.terms[field] = [0]
    if (texts.restartedDocuments) map.documents = [0]
    const first = documentId(this.#lastDocument + 1, 0)
    const termRows: [number, number, string][] = []
    const wordRows: [number, string][] = []
    for (const [n, text] of texts.terms.texts.entries()) {
      const field = texts.terms.fields[n]!
      const words = texts.terms.words[n] ?? null
      const known = this.#terms[field]!
      let id = known.get(text)
      if (id === undefined) {
        id = known.size + 1
        known.set(text, id)
        termRows.push([field, id, text])
        if (words !== '') wordRows.push([termWordRow(field, id), words ?? text])
      }
      map.terms[field]!.push(id)
    }
    const documentRows: [number, number, string][] = []
    const worded: number[] = []
    for (const [n, json] of texts.documents.texts.entries()) {
      const field = texts.documents.fields[n]!
      const words = texts.documents.words[n] ?? null
      let id = this.#documents[field]!.get(json)
      if (id === undefined) {
        id = documentId(++this.#lastDocument, field)
        this.#remember(field, json, id)
        documentRows.push([field, id, json])
        if (words !== null) {
          worded.push(id)
          if (words !== '') wordRows.push([id, words])
        }
      }
      map.documents.push(id)
    }
    await runRows(tx, INSERT_TERMS, termRows, writeText)
    await runRows(tx, INSERT_DOCUMENTS, documentRows, writeText)
    // FTS5 writes out all it has gathered whenever a row id is lower than the one before.
    wordRows.sort((a, b) => a[0] - b[0])
    await runRows(tx, INSERT_WORDS, wordRows, (row, [id, words]) => {
      row.number(id)
      row.text(words)
    })
    await tx.exec(
      `insert into word (rowid, words) select id, json from document where id >= ${first} and id not in (${worded.join(',')}) order by id`,
    )
  }

  /** The case's number for a worker's term or document number; 0 stays 0 (absent). */
  translator(worker: number): {
    readonly terms: readonly (readonly number[])[]
    readonly documents: readonly number[]
  } {
    return this.#workerMap(worker)
  }

  #remember(field: number, json: string, id: number): void {
    if (this.#remembered >= REMEMBERED_DOCUMENTS || this.#documentBytes > REMEMBERED_BYTES) {
      this.#documents = perField()
      this.#remembered = 0
      this.#documentBytes = 0
    }
    this.#documents[field]!.set(json, id)
    this.#remembered++
    this.#documentBytes += json.length
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
const INSERT_WORDS = 'insert into word (rowid, words) select value ->> 0, value ->> 1 from jsonb_each(?)'

/** Field, number, text. */
function writeText(row: JsonbRows, [field, id, text]: readonly [number, number, string]): void {
  row.number(field)
  row.number(id)
  row.text(text)
}

const perField = (): Map<string, number>[] => documentFields.map(() => new Map<string, number>())

/** Width of one record in `RecordColumns.ids`. */
export const idsPerRecord = termFields.length + documentFields.length
