import { isUtf8 } from 'node:buffer'
import { eventFlags } from '#shared/domain/fields.ts'
import { parseEmbedded } from './embedded-json.ts'
import type { Findings, TextReader } from './findings.ts'
import type { Limits } from './limits.ts'
import { isRecord } from './recognise.ts'
import { toEvent } from './to-event.ts'

const NEWLINE = 0x0a
const OPEN_BRACE = 0x7b

/** `2024-05-01T00:21:40.000Z ` or thirteen digits: how a CloudWatch Logs export begins each line. */
const STAMP = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z|\d{13})\s/
const STAMP_LENGTH = 32

/** Whether a text looks like a CloudWatch Logs export (create-export-task). */
export const isStamped = (head: Buffer): boolean =>
  STAMP.test(head.toString('latin1', 0, STAMP_LENGTH).replace(/^\xef\xbb\xbf/, ''))

/** Reads lines of a time and a message; a record's bytes are its JSON. Messages of other programs are counted as foreign. */
export class LinesReader implements TextReader {
  readonly #findings: Findings
  readonly #limits: Limits
  #window: Buffer = Buffer.alloc(0)
  #base = 0
  #seen: TextReader['seen'] = { bytes: Buffer.alloc(0), base: 0 }

  constructor(findings: Findings, limits: Limits) {
    this.#findings = findings
    this.#limits = limits
  }

  push(piece: Buffer): void {
    const bytes = this.#window.length === 0 ? piece : Buffer.concat([this.#window, piece])
    this.#seen = { bytes, base: this.#base }
    let start = 0
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, start)
      if (newline < 0) break
      this.#line(bytes, start, newline, true)
      start = newline + 1
    }
    this.#window = bytes.subarray(start)
    this.#base += start
  }

  get seen(): TextReader['seen'] {
    return this.#seen
  }

  get stuckAt(): number | undefined {
    return this.#window.length > this.#limits.recordBytes ? this.#base : undefined
  }

  end(): void {
    if (this.#window.length > 0) this.#line(this.#window, 0, this.#window.length, false)
    if (this.#findings.recordCount > 0) this.#findings.is('cloudwatch-logs')
  }

  #line(bytes: Buffer, start: number, newline: number, complete: boolean): void {
    const end = bytes[newline - 1] === 0x0d ? newline - 1 : newline
    if (start >= end) return
    const offset = this.#base + start
    const stamp = STAMP.exec(bytes.toString('latin1', start, Math.min(end, start + STAMP_LENGTH)))
    const json = stamp ? start + stamp[0].length : start
    if (bytes[json] !== OPEN_BRACE) {
      this.#findings.rejectForeign(offset)
      return
    }
    const parsed = parseEmbedded(bytes.toString('utf8', json, end), this.#limits.jsonDepth)
    if (parsed === undefined) {
      if (complete) this.#findings.reject(offset, 'The message is not valid JSON.')
      else this.#findings.breaksAt(offset, `The file breaks off inside the line that begins at byte ${offset}.`)
    } else if (isRecord(parsed.value)) {
      const invalid = isUtf8(bytes.subarray(json, end)) ? 0 : eventFlags.invalidUtf8
      this.#findings.add(this.#base + json, end - json, toEvent(parsed.value, parsed.flags | invalid))
    } else this.#findings.rejectForeign(offset)
  }
}
