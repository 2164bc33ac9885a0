import { isAscii, isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { derivedTerms, documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { words } from '#shared/domain/query/words.ts'
import type { Limits, ParsedRecord } from '../types.ts'
import type { NewTexts, RecordColumns } from './batch.ts'
import { CompactLogReader, type CompactLog, type RowWriter } from './compact-log.ts'
import { documentWords } from './document-words.ts'
import { indexWords } from './index-words.ts'
import { readUuid } from './read-uuid.ts'
import { RecordRows } from './record-rows.ts'

const TERMS = termFields.length
const DOCUMENTS = documentFields.length
const IDENTIFIERS = identifierFields.length
/** Texts a worker remembers per field before it starts numbering again: bounds its memory at any size of input. */
const TERM_LIMIT = 40_000
const DOCUMENT_LIMIT = 40_000
const DOCUMENT_BYTES = 48_000_000
/** Documents longer than this are kept whole but only their head is indexed by word; AWS cuts members at 100 kB. */
const WORD_LIMIT = 200_000

/** Records of one file, or of a part of one: `base` is where `inflated` begins in the file. */
type ReadRecords = {
  readonly records: readonly ParsedRecord[]
  readonly inflated: Uint8Array
  readonly base: number
}

/** Turns records into columns, remembering which texts it has sent. One per worker. */
export class BatchEncoder implements RowWriter {
  readonly #terms: Map<string, number>[] = Array.from({ length: TERMS }, () => new Map<string, number>())
  #documents = perField()
  /** One numbering for all fields. */
  #documentCount = 0
  #documentBytes = 0
  readonly #logs: CompactLogReader
  rows = new RecordRows()
  #newTerms = textList()
  #newDocuments = textList()
  #restarted: Pick<NewTexts, 'restartedTerms' | 'restartedDocuments'> = {
    restartedTerms: [],
    restartedDocuments: false,
  }

  constructor(limits: Limits) {
    this.#logs = new CompactLogReader(this, limits)
  }

  /** Adds the records of the batch's file of this number. */
  add(file: number, { records, inflated, base }: ReadRecords): void {
    for (const record of records) {
      this.rows.reserve()
      this.addRecord(file, record, inflated, base)
    }
  }

  /** Adds the records of a log file written as trails write them; `undefined` when it is not, and nothing was added. */
  addLog(file: number, inflated: Buffer): CompactLog | undefined {
    const ascii = isAscii(inflated)
    return ascii || isUtf8(inflated) ? this.#logs.read(file, inflated, ascii) : undefined
  }

  /** What was added since the last call. */
  take(): { columns: RecordColumns; texts: NewTexts } {
    const columns = this.rows.columns()
    const texts = { terms: this.#newTerms, documents: this.#newDocuments, ...this.#restarted }
    this.rows = new RecordRows()
    this.#newTerms = textList()
    this.#newDocuments = textList()
    this.#restarted = { restartedTerms: this.#restartFullTerms(), restartedDocuments: this.#restartFullDocuments() }
    if (this.#restarted.restartedTerms.length > 0 || this.#restarted.restartedDocuments) this.#logs.forget()
    return { columns, texts }
  }

  addRecord(file: number, record: ParsedRecord, inflated: Uint8Array, base: number): void {
    const { rows } = this
    const row = rows.count
    const c = record.columns
    rows.file[row] = file
    rows.ordinal[row] = record.ordinal
    rows.offset[row] = record.offset
    rows.length[row] = record.length
    rows.timeMs[row] = c.timeMs ?? NaN
    rows.flags[row] = c.flags
    const at = row * (TERMS + DOCUMENTS)
    for (let field = 0; field < TERMS; field++) {
      const text = c.terms[field]
      if (text !== undefined) rows.ids[at + field] = this.termId(field, text)
    }
    for (let field = 0; field < DOCUMENTS; field++) {
      const json = c.documents[field]
      if (json !== undefined) rows.ids[at + TERMS + field] = this.documentId(field, json)
    }
    const from = record.offset - base
    this.hashRecord(inflated.subarray(from, from + record.length))
    identifiers(rows, row, c.identifiers)
    rows.count++
  }

  /** The first 16 bytes of the SHA-256 of a record's bytes. As a text of one character per byte: a buffer for each costs more than the hash. */
  hashRecord(raw: Uint8Array): void {
    const { recordHash, count } = this.rows
    const sha = hash('sha256', raw, 'binary')
    for (let n = 0; n < 16; n++) recordHash[count * 16 + n] = sha.charCodeAt(n)
  }

  termId(field: number, text: string): number {
    const known = this.#terms[field]!
    let id = known.get(text)
    if (id === undefined) {
      id = known.size + 1
      known.set(text, id)
      this.#newTerms.fields.push(field)
      this.#newTerms.texts.push(text)
      this.#newTerms.words.push(SEARCHED[field] ? wordsOfTerm(text) : '')
    }
    return id
  }

  documentId(field: number, json: string): number {
    const known = this.#documents[field]!
    let id = known.get(json)
    if (id === undefined) {
      id = this.newDocumentId(field, json)
      known.set(json, id)
      this.#documentBytes += json.length
    }
    return id
  }

  newDocumentId(field: number, json: string): number {
    this.#newDocuments.fields.push(field)
    this.#newDocuments.texts.push(json)
    this.#newDocuments.words.push(wordsOfDocument(json))
    return ++this.#documentCount
  }

  #restartFullTerms(): number[] {
    const restarted: number[] = []
    for (const [field, known] of this.#terms.entries())
      if (known.size > TERM_LIMIT) {
        known.clear()
        restarted.push(field)
      }
    return restarted
  }

  #restartFullDocuments(): boolean {
    if (this.#documentCount < DOCUMENT_LIMIT && this.#documentBytes < DOCUMENT_BYTES) return false
    this.#documents = perField()
    this.#documentCount = 0
    this.#documentBytes = 0
    return true
  }
}

const SEARCHED = termFields.map((field) => !derivedTerms.has(field))
/** A fraction, an exponent, or more digits than a number keeps; a text that looks so costs only time. */
const OTHER_NUMBER = /(?:^|[:[,])\s*-?(?:\d+[.eE]|\d{16})/
const perField = (): Map<string, number>[] => documentFields.map(() => new Map<string, number>())

type TextList = { fields: number[]; texts: string[]; words: (string | null)[] }
const textList = (): TextList => ({ fields: [], texts: [], words: [] })

function identifiers(columns: RecordRows, row: number, values: readonly (string | undefined)[]): void {
  for (let n = 0; n < IDENTIFIERS; n++) {
    const text = values[n]
    if (text === undefined) continue
    const slot = row * IDENTIFIERS + n
    if (readUuid(text, columns.identifiers, slot * 16)) columns.identifierKind[slot] = 1
    else {
      columns.identifierKind[slot] = 2
      columns.identifierTexts.push([slot, text])
    }
  }
}

const PRINTABLE_ASCII = /^[ -~]*$/

/** In ASCII the index parts words as we do. */
const wordsOfTerm = (text: string): string | null =>
  PRINTABLE_ASCII.test(text) ? null : indexWords(words(text).join(' '))

/**
 * The words of a document that `JSON.stringify` wrote, or `null` when its text has the same words. Without escapes it has the words of its
 * keys and values, but for `null`, which is no value, and for numbers that other programs write in another way (`1E2` is found
 * as 100); so most documents need not be parsed again. In ASCII, the index parts words as we do.
 */
function wordsOfDocument(json: string): string | null {
  const text = json.length > WORD_LIMIT ? json.slice(0, WORD_LIMIT) : json
  const plain = !text.includes('\\') && !text.includes('null') && !OTHER_NUMBER.test(text)
  if (plain && text === json && Buffer.byteLength(json) === json.length) return null
  return indexWords(
    plain || text !== json ? [...new Set(words(text))].join(' ') : [...documentWords(JSON.parse(json))].join(' '),
  )
}
