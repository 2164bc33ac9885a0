import { eventFlags } from '#shared/domain/fields.ts'
import type { ContainerKind, EventColumns, Outcome, ParsedRecord, RejectedRecord } from './types.ts'

/** Reasons are kept for this many rejected records of a file; all are counted. */
const REJECTED_DETAILS = 1000

/** Collects what the readers find in one file; ordinals count records, read or rejected, in the order of the file. */
export class Findings {
  kind: ContainerKind | undefined
  /** Set when the file is recognised and is no CloudTrail evidence, or cannot be read at all. */
  refusal: { readonly outcome: Exclude<Outcome, 'stored'>; readonly reason: string } | undefined
  /** Set when the file broke off or was damaged. */
  damage: { readonly reason: string; readonly brokeAt: number | undefined } | undefined
  records: ParsedRecord[] = []
  recordCount = 0
  readonly rejected: RejectedRecord[] = []
  rejectedCount = 0
  /** Values that parse but hold no CloudTrail record; part of `rejected`. */
  foreignCount = 0
  readonly notes: string[] = []
  /** A digest, key list or signature: stored though it has no records. */
  isProof = false
  #ordinal = 0

  /** For a text that was not UTF-8 in the file: from its offsets to those in the file. */
  positions: ((offset: number) => number) | undefined

  /** Offset and length in the text as the reader sees it. */
  add(offset: number, length: number, columns: EventColumns): void {
    const start = this.positions?.(offset) ?? offset
    const size = this.positions ? this.positions(offset + length) - start : length
    this.records.push({ ordinal: this.#ordinal++, offset: start, length: size, columns })
    this.recordCount++
  }

  reject(offset: number, reason: string): void {
    const ordinal = this.#ordinal++
    this.rejectedCount++
    if (this.rejected.length < REJECTED_DETAILS)
      this.rejected.push({ ordinal, offset: this.positions?.(offset) ?? offset, reason })
  }

  rejectForeign(offset: number): void {
    this.foreignCount++
    this.reject(offset, 'Not a CloudTrail record: it has neither an event name nor an event source.')
  }

  /** The first answer stands. */
  is(kind: ContainerKind): void {
    this.kind ??= kind
  }

  refuse(outcome: Exclude<Outcome, 'stored'>, reason: string): void {
    this.refusal ??= { outcome, reason }
  }

  breaksAt(brokeAt: number | undefined, reason: string): void {
    this.damage ??= { reason, brokeAt: brokeAt === undefined ? undefined : (this.positions?.(brokeAt) ?? brokeAt) }
  }

  /** The bytes themselves are damaged: this says more than where the text broke off because of it. */
  damagedBy(reason: string, inflatedSize: number): void {
    this.damage = { reason, brokeAt: this.damage?.brokeAt ?? inflatedSize }
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text)
  }

  /** Hands over the records found since the last call. */
  take(): ParsedRecord[] {
    const taken = this.records
    this.records = []
    return taken
  }

  markSalvaged(): void {
    for (const record of this.records) record.columns.flags |= eventFlags.salvaged
  }
}

/** Reads a text that arrives in pieces; what it finds goes to its `Findings`. */
export type TextReader = {
  push(piece: Buffer): void
  end(): void
  /** The bytes in which all records stand that were found since the last push, and their offset in the text. */
  readonly seen: { readonly bytes: Buffer; readonly base: number }
  /** Where a record begins that is larger than any may be, and of which the end is not in sight. */
  readonly stuckAt: number | undefined
}
