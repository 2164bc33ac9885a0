import { documentFields, identifierFields, termFields, termNumber } from '#shared/domain/fields.ts'
import { CompactScan, NOT_COMPACT, objectEnd } from '../compact-scan.ts'
import { Findings } from '../findings.ts'
import { JsonReader } from '../json-reader.ts'
import type { Limits } from '../limits.ts'
import { trailKind } from '../recognise.ts'
import {
  accessOfCode,
  isNoCall,
  issuerAccount,
  projectIdentity,
  standardTime,
  stringDocument,
  toPrincipal,
  toTerm,
} from '../to-event.ts'
import { resourceOfList, resourceOfParameters } from '../to-resource.ts'
import { isObject, type ContainerKind, type ParsedRecord } from '../types.ts'
import { readUuidBytes } from './read-uuid.ts'
import {
  IDENTIFIER,
  NO_KEY,
  TERM,
  TIME,
  fieldOf,
  keyOf,
  keyText,
  keys,
  numberOfKey,
  roleOf,
  takesTurns,
} from './record-keys.ts'
import type { RecordRows } from './record-rows.ts'
import { CACHE_PLACES, NO_PLACE, ValueCache } from './value-cache.ts'

const TERMS = termFields.length
const IDS = TERMS + documentFields.length
const IDENTIFIERS = identifierFields.length

/** Gives texts their numbers, and rows what the general reader found. */
export type RowWriter = {
  readonly rows: RecordRows
  termId(field: number, text: string): number
  documentId(field: number, json: string): number
  /** The number of a document that was not seen lately. */
  newDocumentId(field: number, json: string): number
  /** Writes the row at `rows.count`, and counts it. */
  addRecord(file: number, record: ParsedRecord, inflated: Uint8Array, base: number): void
  /** Hashes a record's bytes into the row at `rows.count`. */
  hashRecord(raw: Uint8Array): void
}

const EVENT_TIME = keyOf('eventTime')
const EVENT_ID = keyOf('eventID')
const EVENT_SOURCE = keyOf('eventSource')
const IDENTITY = keyOf('userIdentity')
const RECIPIENT = keyOf('recipientAccountId')
const ERROR_CODE = keyOf('errorCode')
const ERROR_MESSAGE = keyOf('errorMessage')
const TYPE = keyOf('eventType')
const CATEGORY = keyOf('eventCategory')
const RESPONSE = keyOf('responseElements')
const PARAMETERS = keyOf('requestParameters')
const RESOURCES = keyOf('resources')
const OTHER = documentFields.indexOf('otherFields')
const ACCOUNT = termNumber('account')
const PRINCIPAL = termNumber('principal')
const ACCESS = termNumber('access')
const RESOURCE = termNumber('resource')
/** The terms that are read from `userIdentity` stand side by side, and those put together from others after them. */
const IDENTITY_TERM = termNumber('userIdentity.type')
const IDENTITY_TERMS = ACCOUNT - IDENTITY_TERM

/** Members with rules of their own: such records are rare, and the general reader knows them. */
const GENERAL_KEYS: ReadonlySet<string> = new Set([
  'eventId',
  'requestId',
  'sharedEventId',
  'accountId',
  'insightDetails',
  'timeWindow',
  's3',
])
/** A key that stands in the text as it is, and after which no member changes its place (`for…in` moves numbers to the front). */
const PLAIN_KEY = /^[A-Za-z]\w*$/

const OPENING = Buffer.from('{"Records":[')
const CLOSING = Buffer.from(']}')
const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

export type CompactLog = { readonly kind: ContainerKind; readonly records: number }

/** What is known of a value beside its number: nothing to add, */
const NOTHING = 0
/** a text that has no number yet: it gets one when a record needs it, as each text that is given one is stored; */
const UNNUMBERED = -1
/** and for some keys what follows from it. Numbers of texts are positive. */
const DENIED = 1
const FAILED = 2

/**
 * Reads log files in the form in which trails write them, straight into columns. Each value is compared with those that stood
 * under its key before; only a new one is parsed. It gives exactly what the general reader gives
 * (`parse-file.ts`): whatever it does not know for certain goes there, a record or the whole file.
 */
export class CompactLogReader {
  readonly #writer: RowWriter
  readonly #limits: Limits
  readonly #scan = new CompactScan()
  readonly #cache = new ValueCache(keys.map(({ name }) => (name === 'userIdentity' ? 8 : takesTurns.has(name) ? 4 : 1)))
  /** By place: the number of the term or document, 0 when the value adds none. */
  readonly #ids = new Int32Array(CACHE_PLACES)
  /** By place: what follows from the value; for `userIdentity`, `resources`, `requestParameters` and `recipientAccountId` a number of a text. */
  readonly #facts = new Int32Array(CACHE_PLACES)
  /** By place: the terms of a `userIdentity`, and its principal. */
  readonly #identities = new Int32Array(CACHE_PLACES * (IDENTITY_TERMS + 1))
  /** Event types and categories by key and number: they tell the kind of a file. */
  readonly #texts = new Map<number, string>()
  /** The key that last came after each key. */
  readonly #next = new Int32Array(keys.length + 1)
  /** Of the value last seen under each key: the number of its record, its place, and what is kept there. */
  readonly #seen = new Float64Array(keys.length)
  readonly #places = new Int32Array(keys.length)
  readonly #idNow = new Int32Array(keys.length)
  readonly #factNow = new Int32Array(keys.length)
  /** Where it stands. */
  readonly #starts = new Int32Array(keys.length)
  readonly #stops = new Int32Array(keys.length)
  #record = 0
  readonly #access = [0, 0, 0]
  #encoding: 'latin1' | 'utf8' = 'latin1'
  #at = 0
  #timeMs = 0
  #others = ''
  readonly #otherKeys: string[] = []
  constructor(writer: RowWriter, limits: Limits) {
    this.#writer = writer
    this.#limits = limits
  }

  /** Texts get new numbers from now on. */
  forget(): void {
    this.#cache.clear()
    this.#access.fill(0)
    this.#texts.clear()
  }

  /**
   * Adds a row for each record of the file, or none and gives `undefined` when the general reader must read it.
   * `bytes` are valid UTF-8.
   */
  read(file: number, bytes: Buffer, ascii: boolean): CompactLog | undefined {
    const end = bytes.length - CLOSING.length
    if (end <= OPENING.length || bytes.compare(OPENING, 0, OPENING.length, 0, OPENING.length) !== 0) return undefined
    if (bytes.compare(CLOSING, 0, CLOSING.length, end) !== 0) return undefined
    this.#encoding = ascii ? 'latin1' : 'utf8'
    const { rows } = this.#writer
    const first = rows.count
    let kind: ContainerKind | undefined
    let at = OPENING.length
    while (bytes[at] === OPEN_BRACE) {
      rows.reserve()
      const general = !this.#readRecord(bytes, at, end)
      const found = general ? this.#readGenerally(file, rows.count - first, bytes, at, end) : undefined
      if (general && found === undefined) break
      if (!general) this.#finish(file, rows.count - first, bytes, at)
      kind ??= found ?? trailKind(this.#textOf(CATEGORY), this.#textOf(TYPE))
      at = this.#at
      if (at === end) return { kind, records: rows.count - first }
      if (bytes[at++] !== COMMA) break
    }
    rows.cutTo(first)
    return undefined
  }

  /** Walks the record at `from`; false when the general reader must read it. The row at `rows.count` then holds part of it. */
  #readRecord(bytes: Buffer, from: number, end: number): boolean {
    this.#record++
    this.#others = ''
    this.#otherKeys.length = 0
    this.#at = from + 1
    let key = NO_KEY
    for (;;) {
      key = this.#key(bytes, key, end)
      if (key < 0) return false
      if (key === NO_KEY) {
        if (!this.#otherMember(bytes, end)) return false
      } else {
        if (this.#seen[key] === this.#record) return false
        this.#seen[key] = this.#record
        if (!this.#member(key, bytes, end)) return false
      }
      const after = bytes[this.#at++]
      if (after === CLOSE_BRACE) break
      if (after !== COMMA || this.#at >= end) return false
    }
    return this.#isWhole(this.#at - from)
  }

  /** What a record must have to be known as one, with its identity and time. */
  #isWhole(length: number): boolean {
    if (!this.#has(EVENT_ID) || !this.#has(EVENT_TIME) || length > this.#limits.recordBytes) return false
    // A failed sign-in is told by its response and the event's name together.
    return this.#factOf(RESPONSE) !== FAILED
  }

  #has(key: number): boolean {
    return this.#seen[key] === this.#record
  }

  #factOf(key: number): number {
    return this.#has(key) ? this.#factNow[key]! : NOTHING
  }

  #textOf(key: number): string | undefined {
    return this.#has(key) ? this.#texts.get(textKey(key, this.#idNow[key]!)) : undefined
  }

  /** The number of the key that begins here, and goes behind it; `NO_KEY` for one without a column, which is not gone behind. */
  #key(bytes: Buffer, before: number, end: number): number {
    const at = this.#at
    const expected = this.#next[before]!
    const text = keyText[expected]!
    let n = 0
    while (n < text.length && bytes[at + n] === text[n]) n++
    if (n === text.length) {
      this.#at = at + n
      return expected
    }
    const close = bytes[at] === QUOTE ? bytes.indexOf(QUOTE, at + 1) : -1
    if (close < 0 || close + 2 > end || bytes[close + 1] !== 0x3a) return NOT_COMPACT
    const key = numberOfKey.get(bytes.toString('latin1', at + 1, close))
    if (key === undefined) return NO_KEY
    this.#next[before] = key
    this.#at = close + 2
    return key
  }

  #member(key: number, bytes: Buffer, end: number): boolean {
    const role = roleOf[key]!
    if (role === TIME) return this.#time(bytes)
    if (role === IDENTIFIER) return this.#identifier(fieldOf[key]!, bytes, end)
    const at = this.#at
    let place = this.#cache.recent(key, bytes, at, end)
    if (place !== NO_PLACE) this.#at = at + this.#cache.lengthAt(place)
    else {
      place = this.#found(key, bytes, end)
      if (place === NO_PLACE) return false
    }
    this.#places[key] = place
    this.#starts[key] = at
    this.#stops[key] = this.#at
    this.#idNow[key] = this.#ids[place]!
    this.#factNow[key] = this.#facts[place]!
    const { ids, count } = this.#writer.rows
    const row = count * IDS
    ids[row + fieldOf[key]!] = this.#ids[place]!
    if (key === IDENTITY) {
      const from = place * (IDENTITY_TERMS + 1)
      for (let n = 0; n < IDENTITY_TERMS; n++) ids[row + IDENTITY_TERM + n] = this.#identities[from + n]!
      ids[row + PRINCIPAL] = this.#identities[from + IDENTITY_TERMS]!
    }
    return true
  }

  /** The place of the value that begins here, and goes behind it. */
  #found(key: number, bytes: Buffer, end: number): number {
    const scan = this.#scan
    const from = this.#at
    const stop = scan.value(bytes, from, end)
    if (stop === NOT_COMPACT) return NO_PLACE
    this.#at = stop
    const place = this.#cache.find(key, scan.hash, bytes, from, stop)
    return place === NO_PLACE ? this.#made(key, bytes, from, stop) : place
  }

  /** Parses a value that was not seen before. */
  #made(key: number, bytes: Buffer, from: number, stop: number): number {
    const { hash } = this.#scan
    const text = bytes.toString(this.#encoding, from, stop)
    const value = this.#parsed(text)
    if (value === undefined) return NO_PLACE
    let id = 0
    let fact = NOTHING
    let identity: Int32Array | undefined
    const field = fieldOf[key]!
    if (roleOf[key] === TERM) {
      const term = value === null ? undefined : toTerm(value)
      // Notifications of S3 have this source and are no records.
      if ((term === undefined && value !== null) || (key === EVENT_SOURCE && term === 'aws:s3')) return NO_PLACE
      if (term !== undefined) id = this.#writer.termId(field, term)
      fact = this.#factOfTerm(key, term)
    } else if (key === IDENTITY && value !== null) {
      if (!isObject(value)) return NO_PLACE
      identity = this.#identity(value)
      id = this.#writer.newDocumentId(field - TERMS, text)
      fact = accountOf(value) === undefined ? NOTHING : UNNUMBERED
    } else if (value !== null) {
      id = this.#writer.newDocumentId(field - TERMS, typeof value === 'string' ? stringDocument(value) : text)
      if (key === RESPONSE) fact = isObject(value) && Object.values(value).includes('Failure') ? FAILED : NOTHING
      else fact = resourceOf(key, value) === undefined ? NOTHING : UNNUMBERED
    }
    const place = this.#cache.add(key, hash, bytes, from, stop)
    this.#ids[place] = id
    this.#facts[place] = fact
    if (identity) this.#identities.set(identity, place * (IDENTITY_TERMS + 1))
    else if (key === IDENTITY)
      this.#identities.fill(0, place * (IDENTITY_TERMS + 1), (place + 1) * (IDENTITY_TERMS + 1))
    if ((key === TYPE || key === CATEGORY) && typeof value === 'string') this.#texts.set(textKey(key, id), value)
    return place
  }

  #factOfTerm(key: number, term: string | undefined): number {
    if (key === TYPE) return isNoCall(term) ? FAILED : NOTHING
    if (key === ERROR_MESSAGE) return term ? FAILED : NOTHING
    if (key === RECIPIENT) return term ? this.#writer.termId(ACCOUNT, term) : NOTHING
    if (key !== ERROR_CODE) return NOTHING
    const access = accessOfCode(term)
    return access === undefined ? NOTHING : access === 'denied' ? DENIED : FAILED
  }

  /** Numbers of the terms of a `userIdentity`, and of its principal. */
  #identity(value: object): Int32Array {
    const terms = new Array<string | undefined>(TERMS).fill(undefined)
    projectIdentity(value, terms)
    const numbers = new Int32Array(IDENTITY_TERMS + 1)
    for (let n = 0; n < IDENTITY_TERMS; n++) {
      const term = terms[IDENTITY_TERM + n]
      if (term !== undefined) numbers[n] = this.#writer.termId(IDENTITY_TERM + n, term)
    }
    const principal = toPrincipal(terms)
    if (principal !== undefined) numbers[IDENTITY_TERMS] = this.#writer.termId(PRINCIPAL, principal)
    return numbers
  }

  /** The value of a text that the scan walked last; `undefined` when it is no JSON, names a key twice, or is nested too deep. */
  #parsed(text: string): unknown {
    const { members, depth, escaped } = this.#scan
    if (depth === 0 && !escaped && text.charCodeAt(0) === QUOTE) return text.slice(1, -1)
    // The record itself is one level.
    if (depth + 1 > this.#limits.jsonDepth) return undefined
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return undefined
    }
    return members === membersIn(value) ? value : undefined
  }

  #time(bytes: Buffer): boolean {
    const at = this.#at
    if (bytes[at] !== QUOTE || bytes[at + 21] !== QUOTE) return false
    const timeMs = standardTime(bytes.toString('latin1', at + 1, at + 21))
    if (timeMs === undefined) return false
    this.#timeMs = timeMs
    this.#at = at + 22
    return true
  }

  #identifier(field: number, bytes: Buffer, end: number): boolean {
    const { rows } = this.#writer
    const at = this.#at
    const slot = rows.count * IDENTIFIERS + field
    if (bytes[at] === QUOTE && bytes[at + 37] === QUOTE && readUuidBytes(bytes, at + 1, rows.identifiers, slot * 16)) {
      rows.identifierKind[slot] = 1
      this.#at = at + 38
      return true
    }
    const stop = this.#scan.value(bytes, at, end)
    if (stop === NOT_COMPACT) return false
    const value = this.#parsed(bytes.toString(this.#encoding, at, stop))
    this.#at = stop
    if (value === null) return field !== 0
    if (typeof value !== 'string' || value === '') return false
    rows.identifierKind[slot] = 2
    rows.identifierTexts.push([slot, value])
    return true
  }

  /** A member that has no column: kept together with its like. */
  #otherMember(bytes: Buffer, end: number): boolean {
    const close = bytes.indexOf(QUOTE, this.#at + 1)
    const name = bytes.toString('latin1', this.#at + 1, close)
    if (!PLAIN_KEY.test(name) || GENERAL_KEYS.has(name) || this.#otherKeys.includes(name)) return false
    this.#otherKeys.push(name)
    const from = close + 2
    const stop = this.#scan.value(bytes, from, end)
    if (stop === NOT_COMPACT) return false
    const text = bytes.toString(this.#encoding, from, stop)
    const value = this.#parsed(text)
    if (value === undefined) return false
    if (value !== null) this.#others += `,"${name}":${typeof value === 'string' ? stringDocument(value) : text}`
    this.#at = stop
    return true
  }

  /** What a row holds that follows from several members, and its place. */
  #finish(file: number, ordinal: number, bytes: Buffer, from: number): void {
    const { rows } = this.#writer
    const row = rows.count
    const at = row * IDS
    rows.ids[at + ACCOUNT] = this.#factOf(RECIPIENT) || this.#numberOf(IDENTITY, ACCOUNT, bytes)
    rows.ids[at + ACCESS] = this.#accessId()
    rows.ids[at + RESOURCE] = this.#numberOf(RESOURCES, RESOURCE, bytes) || this.#numberOf(PARAMETERS, RESOURCE, bytes)
    if (this.#others !== '') rows.ids[at + TERMS + OTHER] = this.#writer.documentId(OTHER, `{${this.#others.slice(1)}}`)
    rows.file[row] = file
    rows.ordinal[row] = ordinal
    rows.offset[row] = from
    rows.length[row] = this.#at - from
    rows.timeMs[row] = this.#timeMs
    rows.flags[row] = 0
    this.#writer.hashRecord(bytes.subarray(from, this.#at))
    rows.count++
  }

  /** The number of the text that follows from a value, among the terms of `field`; 0 when none does. */
  #numberOf(key: number, field: number, bytes: Buffer): number {
    const fact = this.#factOf(key)
    if (fact !== UNNUMBERED) return fact
    const value: unknown = JSON.parse(bytes.toString(this.#encoding, this.#starts[key], this.#stops[key]))
    const text = field === ACCOUNT ? accountOf(value) : resourceOf(key, value)
    const number = text === undefined ? NOTHING : this.#writer.termId(field, text)
    const place = this.#places[key]!
    // Another member of this record may have taken the place.
    if (this.#cache.keyAt(place) === key) this.#facts[place] = number
    return number
  }

  #accessId(): number {
    const coded = this.#factOf(ERROR_CODE)
    if (coded === NOTHING && this.#factOf(TYPE) !== NOTHING) return 0
    const access = coded || this.#factOf(ERROR_MESSAGE)
    return (this.#access[access] ||= this.#writer.termId(ACCESS, ACCESS_WORDS[access]!))
  }

  /** Hands one record to the general reader. Gives what it tells about the file, or `undefined` when it must read all of it. */
  #readGenerally(file: number, ordinal: number, bytes: Buffer, from: number, end: number): ContainerKind | undefined {
    const { rows } = this.#writer
    rows.cutTo(rows.count)
    const stop = objectEnd(bytes, from, end)
    if (stop === NOT_COMPACT) return undefined
    const findings = new Findings()
    const reader = new JsonReader(findings, this.#limits)
    reader.push(Buffer.concat([OPENING, bytes.subarray(from, stop), CLOSING]))
    reader.end()
    const [record] = findings.records
    const clean = findings.rejectedCount === 0 && findings.refusal === undefined && findings.damage === undefined
    if (record === undefined || findings.recordCount !== 1 || !clean || findings.notes.length > 0) return undefined
    // A record inside another value is not where this one begins.
    if (record.offset !== OPENING.length || record.length !== stop - from) return undefined
    this.#writer.addRecord(file, { ...record, ordinal, offset: from }, bytes, 0)
    this.#at = stop
    return findings.kind
  }
}

/** The number of a text is unique in its field only. */
const textKey = (key: number, id: number): number => key * 2 ** 32 + id

/** By what is known of the error code and message. */
const ACCESS_WORDS = ['ok', 'denied', 'failed'] as const

/** The account that a `userIdentity` names. */
const accountOf = (identity: unknown): string | undefined => {
  const own = isObject(identity) ? toTerm(identity['accountId']) : undefined
  return own || issuerAccount(identity) || undefined
}

/** What a call was about, as far as one of its members tells. */
const resourceOf = (key: number, value: unknown): string | undefined =>
  key === RESOURCES ? resourceOfList(value) : key === PARAMETERS ? resourceOfParameters(value) : undefined

/** How many members the objects in a value have, at any depth. */
function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside: unknown[] = Array.isArray(value) ? value : Object.values(value)
  let count = Array.isArray(value) ? 0 : inside.length
  for (const one of inside) count += membersIn(one)
  return count
}
