import { hash } from 'node:crypto'
import { derivedTerms, documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { words } from '#shared/domain/query/words.ts'
import type { ParsedRecord } from '../types.ts'
import type { NewTexts, RecordColumns } from './batch.ts'
import { documentWords } from './document-words.ts'

const TERMS = termFields.length
const DOCUMENTS = documentFields.length
const IDENTIFIERS = identifierFields.length
/** Texts a worker remembers per field before it starts numbering again: bounds its memory at any size of input. */
const TERM_LIMIT = 100_000
const DOCUMENT_LIMIT = 40_000
const DOCUMENT_BYTES = 48_000_000
/** Documents longer than this are kept whole but only their head is indexed by word; AWS cuts members at 100 kB. */
const WORD_LIMIT = 200_000

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Turns parsed records into columns, remembering which texts it has sent. One per worker. */
export class BatchEncoder {
  readonly #terms: Map<string, number>[] = Array.from({ length: TERMS }, () => new Map<string, number>())
  #documents = perField()
  /** One numbering for all fields. */
  #documentCount = 0
  #documentBytes = 0

  /**
   * @param groups the records of each file with that file's inflated bytes, in the order of the batch's files.
   */
  encode(groups: readonly { records: readonly ParsedRecord[]; inflated: Uint8Array; base: number }[]): { columns: RecordColumns; texts: NewTexts } {
    const restartedTerms = this.#restartFullTerms()
    const restartedDocuments = this.#restartFullDocuments()
    const newTerms: [number, string, string][] = []
    const newDocuments: [number, string, string][] = []
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
        let at = row * (TERMS + DOCUMENTS)
        for (let field = 0; field < TERMS; field++, at++) {
          const text = c.terms[field]
          if (text === undefined) continue
          const known = this.#terms[field]!
          let id = known.get(text)
          if (id === undefined) {
            id = known.size + 1
            known.set(text, id)
            newTerms.push([field, text, SEARCHED[field] ? words(text).join(' ') : ''])
          }
          columns.ids[at] = id
        }
        for (let field = 0; field < DOCUMENTS; field++, at++) {
          const json = c.documents[field]
          if (json === undefined) continue
          const known = this.#documents[field]!
          let id = known.get(json)
          if (id === undefined) {
            id = ++this.#documentCount
            known.set(json, id)
            this.#documentBytes += json.length
            newDocuments.push([field, json, wordsOfDocument(json)])
          }
          columns.ids[at] = id
        }
        const from = record.offset - group.base
        const raw = group.inflated.subarray(from, from + record.length)
        const sha = hash('sha256', raw, 'buffer')
        columns.recordHash.set(sha.subarray(0, 16), row * 16)
        columns.flags[row] = c.flags
        this.#identifiers(columns, row, c.identifiers)
        row++
      }
    }
    return { columns: columns, texts: { restartedTerms, restartedDocuments, terms: newTerms, documents: newDocuments } }
  }

  #identifiers(columns: Columns, row: number, values: readonly (string | undefined)[]): void {
    for (let n = 0; n < IDENTIFIERS; n++) {
      const text = values[n]
      if (text === undefined) continue
      const slot = row * IDENTIFIERS + n
      if (UUID.test(text)) {
        columns.identifierKind[slot] = 1
        Buffer.from(columns.identifiers.buffer, slot * 16, 16).write(text.replaceAll('-', ''), 'hex')
      } else {
        columns.identifierKind[slot] = 2
        columns.identifierTexts.push([slot, text])
      }
    }
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

type Columns = RecordColumns & { identifierTexts: [number, string][] }

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

/**
 * The words of a document that `JSON.stringify` wrote. Without escapes its text has the same words as its keys and values,
 * but for `null`, which is no value, and for numbers that other programs write in another way (`1E2` is found as 100); so most
 * documents need not be parsed again.
 */
function wordsOfDocument(json: string): string {
  const text = json.length > WORD_LIMIT ? json.slice(0, WORD_LIMIT) : json
  const plain = !text.includes('\\') && !text.includes('null') && !OTHER_NUMBER.test(text)
  if (plain || text !== json) return [...new Set(words(text))].join(' ')
  return [...documentWords(JSON.parse(json))].join(' ')
}
