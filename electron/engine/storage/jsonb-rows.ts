import type { Transaction } from './transaction.ts'

/** Element types of SQLite's binary JSON (https://sqlite.org/jsonb.html): the low half of an element's first byte. */
const NULL = 0
const INTEGER = 3
const TEXT = 10
const ARRAY = 11
/** In the high half of the first byte: the size stands in the next one, two or four bytes. Up to 11, it is the size itself. */
const SIZE_IN_1 = 12
const SIZE_IN_2 = 13
const SIZE_IN_4 = 14
const OWN_SIZE = 11

/** Digits of the largest number that is written digit by digit. */
const SMALL = 2 ** 31
/** What a number or the head of a text takes at most, with room to spare. */
const MOST = 64
/** Bytes of an array's head with its size in four bytes, and in two. */
const WIDE = 5
const NARROW = 3

/**
 * Rows of values as SQLite keeps JSON, an array of arrays, to be bound as one value: `select … from jsonb_each(?)` gives a row for each with
 * nothing to parse, and a call for each value is what binding them one by one costs. Written byte by byte, as millions of
 * short strings are what collecting garbage costs.
 */
export class JsonbRows {
  #bytes: Buffer
  #length = WIDE
  #row = 0
  readonly #head: number

  /** @param rows `narrow`: none takes more than 65,535 bytes, and each is two bytes shorter */
  constructor(expected: number, rows: 'narrow' | 'wide' = 'wide') {
    this.#bytes = Buffer.allocUnsafe(WIDE + Math.max(expected, MOST))
    this.#head = rows === 'narrow' ? NARROW : WIDE
  }

  /** How many bytes there are so far. */
  get size(): number {
    return this.#length
  }

  /** Begins a row; it ends with the next one. */
  row(): void {
    this.#reserve(MOST)
    this.#endRow()
    this.#row = this.#length
    this.#length += this.#head
  }

  /** Any text; half a surrogate pair becomes U+FFFD, as when a text is bound. */
  text(text: string): void {
    const most = text.length * 3
    this.#reserve(most + MOST)
    const head = most < 2 ** 8 ? 2 : most < 2 ** 16 ? 3 : 5
    const at = this.#length
    const size = this.#bytes.write(text, at + head, 'utf8')
    writeHead(this.#bytes, at, TEXT, size, head)
    this.#length = at + head + size
  }

  /** A whole number up to 2^53. */
  number(value: number): void {
    this.#reserve(MOST)
    const bytes = this.#bytes
    let at = this.#length
    if (value >= 0 && value < 10) {
      bytes[at] = (1 << 4) | INTEGER
      bytes[at + 1] = 0x30 + value
      this.#length = at + 2
    } else if (value >= 10 && value < SMALL) {
      const size = digits(value)
      bytes[at] = (size << 4) | INTEGER
      let end = at + 1 + size
      this.#length = end
      for (let rest = value; end > at + 1; rest = (rest / 10) | 0) bytes[--end] = 0x30 + (rest % 10)
    } else {
      const text = String(value)
      if (text.length > OWN_SIZE) {
        bytes[at++] = (SIZE_IN_1 << 4) | INTEGER
        bytes[at++] = text.length
      } else bytes[at++] = (text.length << 4) | INTEGER
      this.#length = at + bytes.write(text, at, 'latin1')
    }
  }

  none(): void {
    this.#reserve(MOST)
    this.#bytes[this.#length++] = NULL
  }

  /** All rows. Valid until something is added. */
  bytes(): Buffer {
    this.#endRow()
    writeHead(this.#bytes, 0, ARRAY, this.#length - WIDE, WIDE)
    return this.#bytes.subarray(0, this.#length)
  }

  /** No rows again. */
  clear(): void {
    this.#length = WIDE
    this.#row = 0
  }

  #endRow(): void {
    if (this.#row === 0) return
    writeHead(this.#bytes, this.#row, ARRAY, this.#length - this.#row - this.#head, this.#head)
    this.#row = 0
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** An element's type and size in a head of 2, 3 or 5 bytes. */
function writeHead(bytes: Buffer, at: number, type: number, size: number, head: number): void {
  if (head === 2) {
    bytes[at] = (SIZE_IN_1 << 4) | type
    bytes[at + 1] = size
  } else if (head === NARROW) {
    bytes[at] = (SIZE_IN_2 << 4) | type
    bytes.writeUInt16BE(size, at + 1)
  } else {
    bytes[at] = (SIZE_IN_4 << 4) | type
    bytes.writeUInt32BE(size, at + 1)
  }
}

function digits(value: number): number {
  let count = 2
  for (let limit = 100; value >= limit && count < 10; limit *= 10) count++
  return count
}

/** Bytes and rows of one statement: each of SQLite's threads keeps the memory that its longest statement took. */
const STATEMENT_BYTES = 256_000
const STATEMENT_ROWS = 1000

/**
 * Runs a statement that reads rows from `jsonb_each(?)`, for all items in their order, some hundred rows at a time. The last may still be
 * under way afterwards (`Transaction.later`).
 * @param write puts an item's values into its row
 */
export async function runRows<T>(
  tx: Pick<Transaction, 'later'>,
  sql: string,
  items: readonly T[],
  write: (rows: JsonbRows, item: T) => void,
): Promise<void> {
  if (items.length === 0) return
  const rows = new JsonbRows(1 << 16)
  let count = 0
  for (const item of items) {
    rows.row()
    write(rows, item)
    if (++count < STATEMENT_ROWS && rows.size < STATEMENT_BYTES) continue
    await tx.later(sql, [rows.bytes()])
    rows.clear()
    count = 0
  }
  if (count > 0) await tx.later(sql, [rows.bytes()])
}
