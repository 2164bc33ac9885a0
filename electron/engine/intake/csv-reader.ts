import { parse } from 'csv-parse/sync'
import { isUtf8 } from 'node:buffer'
import { eventFlags } from '#shared/domain/fields.ts'
import { bytes as sizeText } from '#shared/base/count.ts'
import { csvFormat, isSpreadsheetNumber, isUsable, type CsvFormat } from './csv-formats.ts'
import { parseEmbedded } from './embedded-json.ts'
import type { Findings, TextReader } from './findings.ts'
import type { Limits } from './limits.ts'
import { isRecordInLog } from './recognise.ts'
import { toEvent } from './to-event.ts'
import { isObject } from './types.ts'

const QUOTE = 0x22
const NEWLINE = 0x0a
/** Rows are parsed together: one call of the CSV library per row would cost more than the row. */
const BATCH_BYTES = 1 << 20

/** The separator of a header row: spreadsheets write semicolons or tabs in some countries. */
export function separatorOf(header: string): string {
  const count = (separator: string): number => header.split(separator).length
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
}

/** Cells of one or more rows (RFC 4180; quotes that are not doubled are taken as they are). */
export function csvRows(text: string, separator: string): string[][] {
  try {
    const rows: unknown = parse(text, {
      delimiter: separator,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      bom: true,
    })
    return rows as string[][]
  } catch {
    return []
  }
}

/** Reads CSV of the console, Athena, CloudTrail Lake and SIEMs row by row; a record's bytes are its row without the line end. */
export class CsvReader implements TextReader {
  readonly #findings: Findings
  readonly #limits: Limits
  readonly #format: CsvFormat
  readonly #separator: string
  readonly #width: number
  #window: Buffer = Buffer.alloc(0)
  #base = 0
  #at = 0
  #rowStart = 0
  #inQuotes = false
  #headerSeen = false
  #rows: { start: number; end: number }[] = []

  constructor(findings: Findings, limits: Limits, format: CsvFormat, header: { separator: string; width: number }) {
    this.#findings = findings
    this.#limits = limits
    this.#format = format
    this.#separator = header.separator
    this.#width = header.width
    findings.is(format.kind)
  }

  push(piece: Buffer): void {
    const keep = this.#rowStart
    this.#window = keep === this.#window.length ? piece : Buffer.concat([this.#window.subarray(keep), piece])
    this.#base += keep
    this.#at -= keep
    this.#rowStart = 0
    this.#scan()
    this.#flush()
  }

  get seen(): TextReader['seen'] {
    return { bytes: this.#window, base: this.#base }
  }

  get stuckAt(): number | undefined {
    return this.#window.length - this.#rowStart > this.#limits.recordBytes ? this.#base + this.#rowStart : undefined
  }

  end(): void {
    const { length } = this.#window
    if (this.#inQuotes) {
      this.#findings.breaksAt(this.#base + this.#rowStart, 'The file breaks off inside a quoted cell.')
      return
    }
    if (this.#rowStart < length) this.#endRow(length)
    this.#flush()
  }

  #scan(): void {
    const bytes = this.#window
    let i = this.#at
    for (; i < bytes.length; i++) {
      const c = bytes[i]
      if (c === QUOTE) this.#inQuotes = !this.#inQuotes
      else if (c === NEWLINE && !this.#inQuotes) this.#endRow(i)
    }
    this.#at = i
  }

  #endRow(newline: number): void {
    const start = this.#rowStart
    const end = newline > start && this.#window[newline - 1] === 0x0d ? newline - 1 : newline
    this.#rowStart = newline + 1
    if (start === end) return
    if (!this.#headerSeen) {
      this.#headerSeen = this.#window[start] !== 0x23
      return
    }
    this.#rows.push({ start, end })
    if (end - (this.#rows[0]?.start ?? end) > BATCH_BYTES) this.#flush()
  }

  #flush(): void {
    const rows = this.#rows
    const [first, last] = [rows[0], rows[rows.length - 1]]
    this.#rows = []
    if (first === undefined || last === undefined) return
    const together = csvRows(this.#window.toString('utf8', first.start, last.end), this.#separator)
    const agree = together.length === rows.length
    rows.forEach((row, i) => {
      const cells = agree ? together[i] : csvRows(this.#window.toString('utf8', row.start, row.end), this.#separator)[0]
      this.#row(row.start, row.end, cells ?? [])
    })
  }

  #row(start: number, end: number, cells: readonly string[]): void {
    const offset = this.#base + start
    const findings = this.#findings
    if (end - start > this.#limits.recordBytes) {
      findings.reject(
        offset,
        `The row is ${sizeText(end - start)} long; the limit is ${sizeText(this.#limits.recordBytes)}.`,
      )
      return
    }
    if (cells.length > this.#width) findings.note('Some rows have more cells than the header has columns.')
    let flags = this.#format.flags
    if (!isUtf8(this.#window.subarray(start, end))) flags |= eventFlags.invalidUtf8
    if (this.#format.jsonColumn !== undefined) {
      this.#wholeRecord(offset, end - start, cells[this.#format.jsonColumn] ?? '', flags)
      return
    }
    if (cells.some(isSpreadsheetNumber)) {
      findings.note('A spreadsheet changed numbers (such as 5.28758E+11): account ids in these columns are lost.')
    }
    const record = this.#format.toRecord(cells)
    if (isUsable(record)) findings.add(offset, end - start, toEvent(record, flags))
    else findings.rejectForeign(offset)
  }

  #wholeRecord(offset: number, length: number, text: string, flags: number): void {
    const parsed = parseEmbedded(text, this.#limits.jsonDepth)
    if (parsed !== undefined && isObject(parsed.value) && isRecordInLog(parsed.value)) {
      this.#findings.add(offset, length, toEvent(parsed.value, flags | parsed.flags))
    } else if (parsed === undefined) this.#findings.reject(offset, 'The record in the cell is not valid JSON.')
    else this.#findings.rejectForeign(offset)
  }
}

/** The reader for a text whose first rows are `head`, when its header is one we know. */
export function csvReaderFor(head: Buffer, findings: Findings, limits: Limits): CsvReader | undefined {
  const lines = head
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.replace(/^\ufeff/, ''))
  const comment = lines[0]?.startsWith('# ') ?? false
  const header = lines.find((line) => line !== '' && !line.startsWith('#'))
  if (header === undefined || header.length > 16_384) return undefined
  const separator = separatorOf(header)
  const names = csvRows(header, separator)[0]
  const format = names && csvFormat(names, comment)
  return format && new CsvReader(findings, limits, format, { separator, width: names.length })
}
