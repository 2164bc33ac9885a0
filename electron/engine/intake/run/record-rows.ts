import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import type { RecordColumns } from './batch.ts'

const IDS = termFields.length + documentFields.length
const IDENTIFIERS = identifierFields.length
/** Rows a batch has room for at first; about what 500 small files hold. */
const ROWS = 4096

/** Columns that grow row by row. What is not set in a row is absent. */
export class RecordRows {
  count = 0
  #capacity = ROWS
  file = new Uint32Array(ROWS)
  ordinal = new Uint32Array(ROWS)
  offset = new Float64Array(ROWS)
  length = new Uint32Array(ROWS)
  timeMs = new Float64Array(ROWS)
  flags = new Uint16Array(ROWS)
  ids = new Uint32Array(ROWS * IDS)
  recordHash = new Uint8Array(ROWS * 16)
  identifiers = new Uint8Array(ROWS * IDENTIFIERS * 16)
  identifierKind = new Uint8Array(ROWS * IDENTIFIERS)
  readonly identifierTexts: [number, string][] = []

  /** Makes room for one more row, which is not counted before `count` says so. */
  reserve(): void {
    if (this.count < this.#capacity) return
    this.#capacity *= 2
    const rows = this.#capacity
    this.file = grown(this.file, new Uint32Array(rows))
    this.ordinal = grown(this.ordinal, new Uint32Array(rows))
    this.offset = grown(this.offset, new Float64Array(rows))
    this.length = grown(this.length, new Uint32Array(rows))
    this.timeMs = grown(this.timeMs, new Float64Array(rows))
    this.flags = grown(this.flags, new Uint16Array(rows))
    this.ids = grown(this.ids, new Uint32Array(rows * IDS))
    this.recordHash = grown(this.recordHash, new Uint8Array(rows * 16))
    this.identifiers = grown(this.identifiers, new Uint8Array(rows * IDENTIFIERS * 16))
    this.identifierKind = grown(this.identifierKind, new Uint8Array(rows * IDENTIFIERS))
  }

  /** Takes back every row from `count` on, a row that was only begun included. */
  cutTo(count: number): void {
    const end = Math.min(this.count + 1, this.#capacity)
    this.ids.fill(0, count * IDS, end * IDS)
    this.identifierKind.fill(0, count * IDENTIFIERS, end * IDENTIFIERS)
    while ((this.identifierTexts.at(-1)?.[0] ?? -1) >= count * IDENTIFIERS) this.identifierTexts.pop()
    this.count = count
  }

  columns(): RecordColumns {
    const { count } = this
    return {
      count,
      file: this.file.subarray(0, count),
      ordinal: this.ordinal.subarray(0, count),
      offset: this.offset.subarray(0, count),
      length: this.length.subarray(0, count),
      timeMs: this.timeMs.subarray(0, count),
      flags: this.flags.subarray(0, count),
      ids: this.ids.subarray(0, count * IDS),
      recordHash: this.recordHash.subarray(0, count * 16),
      identifiers: this.identifiers.subarray(0, count * IDENTIFIERS * 16),
      identifierKind: this.identifierKind.subarray(0, count * IDENTIFIERS),
      identifierTexts: this.identifierTexts,
    }
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
