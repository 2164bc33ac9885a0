import { hash } from 'node:crypto'
import { derivedTerms, documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { words } from '#shared/domain/query/words.ts'
import type { ParsedRecord } from '../types.ts'
import type { NewTexts, RecordColumns } from './batch.ts'
import { documentWords } from './document-words.ts'
import { indexWords } from './index-words.ts'
import { readUuid } from './read-uuid.ts'

const TERMS = termFields.length
const DOCUMENTS = documentFields.length
const IDENTIFIERS = identifierFields.length
/** Texts a worker remembers per field before it starts numbering again: bounds its memory at any size of input. */
const TERM_LIMIT = 100_000
const DOCUMENT_LIMIT = 40_000
const DOCUMENT_BYTES = 48_000_000
/** Documents longer than this are kept whole but only their head is indexed by word; AWS cuts members at 100 kB. */
const WORD_LIMIT = 200_000

/** Turns parsed records into columns, remembering which texts it has sent. One per worker. */
export class BatchEncoder {
  readonly #terms: Map<string, number>[] = Array.from({ length: TERMS }, () => new Map<string, number>())
  #documents = perField()
  /** One numbering for all fields. */
  #documentCount = 0
  #documentBytes = 0
  /** The text of the record before, field by field, and its number: records of one file share most of theirs, and comparing costs less than hashing. */
  #lastTexts = new Array<string | undefined>(TERMS + DOCUMENTS).fill(undefined)
  readonly #lastIds = new Uint32Array(TERMS + DOCUMENTS)

  /**
   * @param groups the records of each file with that file's inflated bytes, in the order of the batch's files.
   */
  encode(groups: readonly { records: readonly ParsedRecord[]; inflated: Uint8Array; base: number }[]): {
    columns: RecordColumns
    texts: NewTexts
  } {
    const restartedTerms = this.#restartFullTerms()
    const restartedDocuments = this.#restartFullDocuments()
    const terms = textList()
    const documents = textList()
    const count = groups.reduce((sum, g) => sum + g.records.length, 0)
    const columns = allocate(count)
    let row = 0
    for (const [file, group] of groups.entries()) {
      for (const record of group.records) {
        const c = record.columns
        columns.file[row] = file
        columns.ordinal[row] = record.ordinal
        columns.offset[row] = record.offset
        columns.length[row] = record.length
        columns.timeMs[row] = c.timeMs ?? NaN
        const at = row * (TERMS + DOCUMENTS)
        for (let field = 0; field < TERMS; field++) {
          const text = c.terms[field]
          if (text !== undefined) columns.ids[at + field] = this.#termId(field, text, terms)
        }
        for (let field = 0; field < DOCUMENTS; field++) {
          const json = c.documents[field]
          if (json !== undefined) columns.ids[at + TERMS + field] = this.#documentId(field, json, documents)
        }
        const from = record.offset - group.base
        writeHash(columns.recordHash, row * 16, group.inflated.subarray(from, from + record.length))
        columns.flags[row] = c.flags
        identifiers(columns, row, c.identifiers)
        row++
      }
    }
    return { columns, texts: { restartedTerms, restartedDocuments, terms, documents } }
  }

  #termId(field: number, text: string, fresh: TextList): number {
    if (this.#lastTexts[field] === text) return this.#lastIds[field]!
    const known = this.#terms[field]!
    let id = known.get(text)
    if (id === undefined) {
      id = known.size + 1
      known.set(text, id)
      fresh.fields.push(field)
      fresh.texts.push(text)
      fresh.words.push(SEARCHED[field] ? wordsOfTerm(text) : '')
    }
    this.#lastTexts[field] = text
    this.#lastIds[field] = id
    return id
  }

  #documentId(field: number, json: string, fresh: TextList): number {
    const slot = TERMS + field
    if (this.#lastTexts[slot] === json) return this.#lastIds[slot]!
    const known = this.#documents[field]!
    let id = known.get(json)
    if (id === undefined) {
      id = ++this.#documentCount
      known.set(json, id)
      this.#documentBytes += json.length
      fresh.fields.push(field)
      fresh.texts.push(json)
      fresh.words.push(wordsOfDocument(json))
    }
    this.#lastTexts[slot] = json
    this.#lastIds[slot] = id
    return id
  }

  #restartFullTerms(): number[] {
    const restarted: number[] = []
    for (const [field, known] of this.#terms.entries())
      if (known.size > TERM_LIMIT) {
        known.clear()
        this.#lastTexts[field] = undefined
        restarted.push(field)
      }
    return restarted
  }

  #restartFullDocuments(): boolean {
    if (this.#documentCount < DOCUMENT_LIMIT && this.#documentBytes < DOCUMENT_BYTES) return false
    this.#documents = perField()
    this.#documentCount = 0
    this.#documentBytes = 0
    this.#lastTexts.fill(undefined, TERMS)
    return true
  }
}

const SEARCHED = termFields.map((field) => !derivedTerms.has(field))
/** A fraction, an exponent, or more digits than a number keeps; a text that looks so costs only time. */
const OTHER_NUMBER = /(?:^|[:[,])\s*-?(?:\d+[.eE]|\d{16})/
const perField = (): Map<string, number>[] => documentFields.map(() => new Map<string, number>())

type Columns = RecordColumns & { identifierTexts: [number, string][] }
type TextList = { fields: number[]; texts: string[]; words: (string | null)[] }
const textList = (): TextList => ({ fields: [], texts: [], words: [] })

/** The first 16 bytes of the SHA-256 of a record's bytes. As a text of one character per byte: a buffer for each costs more than the hash. */
function writeHash(into: Uint8Array, at: number, raw: Uint8Array): void {
  const sha = hash('sha256', raw, 'binary')
  for (let n = 0; n < 16; n++) into[at + n] = sha.charCodeAt(n)
}

function identifiers(columns: Columns, row: number, values: readonly (string | undefined)[]): void {
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

function allocate(count: number): Columns {
  return {
    count,
    file: new Uint32Array(count),
    ordinal: new Uint32Array(count),
    offset: new Float64Array(count),
    length: new Uint32Array(count),
    timeMs: new Float64Array(count),
    flags: new Uint16Array(count),
    ids: new Uint32Array(count * (TERMS + DOCUMENTS)),
    recordHash: new Uint8Array(count * 16),
    identifiers: new Uint8Array(count * IDENTIFIERS * 16),
    identifierKind: new Uint8Array(count * IDENTIFIERS),
    identifierTexts: [],
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
