import { isAscii, isUtf8 } from 'node:buffer'
import { eventFlags, termNumber } from '#shared/domain/fields.ts'
import { bytes as sizeText } from '#shared/base/count.ts'
import { assertNever } from '#shared/base/assert.ts'
import type { Findings, TextReader } from './findings.ts'
import { JsonScanner, type ScannedItem, type ScanSink } from './json-scanner.ts'
import type { Limits } from './limits.ts'
import { memberSlice } from './member-slice.ts'
import { isRecord, isRecordInLog, isS3Notification, rootKind, trailKind } from './recognise.ts'
import { toEvent } from './to-event.ts'
import { isObject, type ContainerKind, type JsonObject } from './types.ts'
import { knownRoot, unwrap, type Unwrapped, type Wrapped } from './unwrap.ts'

const CATEGORY = termNumber('eventCategory')
const TYPE = termNumber('eventType')

/** What stands around the records in every log file of a trail: nothing in it to look at. */
const LOG_ENVELOPE = '{"Records":[]}'

/** Kinds of files whose item array is empty, by the array's name. */
const KIND_OF_ARRAY: Readonly<Record<string, ContainerKind | undefined>> = {
  Records: 'cloudtrail-log',
  Events: 'lookup-events',
  logEvents: 'cloudwatch-logs',
  QueryResultRows: 'lake-results',
}

/** Reads JSON of every container: log files, arrays, lines, concatenations and the wrappers of `unwrap.ts`. */
export class JsonReader implements TextReader, ScanSink {
  readonly #findings: Findings
  readonly #limits: Limits
  readonly #scanner: JsonScanner
  #ascii = true
  #lastRootEnd = -1
  #window: Buffer = Buffer.alloc(0)
  #current: ScannedItem | undefined

  constructor(findings: Findings, limits: Limits) {
    this.#findings = findings
    this.#limits = limits
    this.#scanner = new JsonScanner(this, limits.jsonDepth)
  }

  push(piece: Buffer): void {
    if (this.#ascii) this.#ascii = isAscii(piece)
    this.#scanner.push(piece)
  }

  end(): void {
    this.#scanner.end()
  }

  get seen(): TextReader['seen'] {
    return this.#scanner.seen
  }

  get stuckAt(): number | undefined {
    return this.#scanner.pendingBytes > this.#limits.recordBytes ? this.#scanner.pendingOffset : undefined
  }

  item(window: Buffer, item: ScannedItem): void {
    const findings = this.#findings
    if (item.key === 'logFiles' || item.key === 'configurationItems') return
    const length = item.end - item.start
    if (length > this.#limits.recordBytes) {
      findings.reject(
        item.offset,
        `The record is ${sizeText(length)} long; the limit is ${sizeText(this.#limits.recordBytes)}.`,
      )
      return
    }
    let flags = item.duplicateKey ? eventFlags.duplicateKey : 0
    if (item.tooDeep) flags |= eventFlags.tooDeep
    if (!this.#ascii && !isUtf8(window.subarray(item.start, item.end))) flags |= eventFlags.invalidUtf8
    let value: unknown
    try {
      value = JSON.parse(window.toString(this.#ascii ? 'latin1' : 'utf8', item.start, item.end))
    } catch {
      findings.reject(item.offset, 'The record is not valid JSON.')
      return
    }
    if (
      isObject(value) &&
      (item.key === 'Records' ? isRecordInLog(value) : isRecord(value)) &&
      !isS3Notification(value)
    ) {
      this.#addRecord(value, window, item, flags)
    } else {
      this.#addWrapped(value, window, item, flags)
    }
    if (item.key === '') this.#lastRootEnd = item.offset + length
  }

  envelope(text: string, keys: readonly string[], offset: number): void {
    const findings = this.#findings
    let root: unknown
    try {
      root = text === LOG_ENVELOPE ? {} : JSON.parse(text)
    } catch {
      findings.breaksAt(undefined, `The JSON around the records is not valid (it ends at byte ${offset}).`)
      return
    }
    if (keys.length > 1) findings.note(`The file holds more than one array of records: ${keys.join(', ')}.`)
    if (!isObject(root)) return
    const kind = rootKind(root)
    if (kind !== undefined) {
      const known = knownRoot(kind)
      if (known.is === 'refused') findings.refuse(known.outcome, known.reason)
      findings.is(kind)
      findings.isProof = known.is === 'proof'
    } else if (findings.kind === undefined && findings.rejectedCount === 0) {
      const empty = KIND_OF_ARRAY[keys[0] ?? '']
      if (empty !== undefined) findings.is(empty)
    }
  }

  broken(start: number, end: number, why: 'stray' | 'cut' | 'end'): void {
    switch (why) {
      case 'end':
        this.#findings.breaksAt(
          start,
          `The file breaks off at byte ${end}: the value that begins at byte ${start} is not complete.`,
        )
        return
      case 'cut':
        this.#findings.reject(start, `The record breaks off at byte ${end}; the next line begins a new one.`)
        return
      case 'stray':
        this.#findings.reject(start, `Bytes ${start} to ${end} are not JSON.`)
    }
  }

  #addRecord(value: JsonObject, window: Buffer, item: ScannedItem, flags: number): void {
    this.#window = window
    this.#current = item
    const exact = item.plain && !item.duplicateKey && !startsWithNumber(value)
    const columns = toEvent(value, flags, exact ? this.#memberText : undefined)
    this.#findings.add(item.offset, item.end - item.start, columns)
    if (this.#findings.kind !== undefined) return
    const trail = trailKind(columns.terms[CATEGORY], columns.terms[TYPE])
    // The envelope of aggregated events is not documented: they are told by what they are.
    if (item.key === 'Records' || trail === 'aggregated-log') this.#findings.is(trail)
    else if (item.key === '' && item.offset === this.#lastRootEnd) this.#findings.is('firehose')
    else if (item.key !== '' || item.offset > 0) this.#findings.is('json-records')
  }

  readonly #memberText = (index: number): string | undefined => {
    const item = this.#current
    if (item === undefined || index >= item.memberCount) return undefined
    return this.#window.toString(this.#ascii ? 'latin1' : 'utf8', item.members[2 * index], item.members[2 * index + 1])
  }

  #addWrapped(value: unknown, window: Buffer, item: ScannedItem, flags: number): void {
    this.#settle(unwrap(value, item.key, this.#limits.jsonDepth), window, item, flags)
  }

  #settle(found: Unwrapped, window: Buffer, item: ScannedItem, flags: number): void {
    const findings = this.#findings
    switch (found.is) {
      case 'records':
        findings.is(found.kind)
        for (const wrapped of found.records) this.#addUnwrapped(wrapped, window, item, flags)
        return
      case 'proof':
        findings.is(found.kind)
        findings.isProof = true
        return
      case 'refused':
        findings.is(found.kind)
        findings.refuse(found.outcome, found.reason)
        return
      case 'skipped':
        findings.is(found.kind)
        findings.note(found.note)
        return
      case 'unreadable':
        findings.is(found.kind)
        findings.reject(item.offset, found.reason)
        return
      case 'foreign':
        findings.rejectForeign(item.offset)
        return
      default:
        assertNever(found)
    }
  }

  #addUnwrapped(wrapped: Wrapped, window: Buffer, item: ScannedItem, flags: number): void {
    const slice = wrapped.path && memberSlice(window, item.start, item.end, wrapped.path)
    const start = slice?.start ?? item.start
    const length = (slice?.end ?? item.end) - start
    this.#findings.add(item.offset + start - item.start, length, toEvent(wrapped.record, flags | wrapped.flags))
  }
}

/** `for…in` gives number-like keys first: positions of members then do not match. */
function startsWithNumber(value: JsonObject): boolean {
  for (const key in value) {
    const first = key.charCodeAt(0)
    return first >= 0x30 && first <= 0x39
  }
  return false
}
