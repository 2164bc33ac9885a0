const HEX = Buffer.from('0123456789abcdef', 'latin1')
/** Digits of the largest number that is written digit by digit. */
const SMALL = 2 ** 31
/** What one call of `number` or `bytes16` writes at most, with room to spare. */
const MOST = 64

/**
 * Puts a long statement together byte by byte. Adding ten million short pieces to a string instead leaves as many little
 * objects behind, and was most of the memory that an import's main thread used up.
 */
export class SqlText {
  #bytes: Buffer
  #length = 0

  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(expected, MOST))
  }

  /** Text of our own: Latin-1, and never from evidence. */
  text(text: string): void {
    this.#reserve(text.length)
    this.#length += this.#bytes.write(text, this.#length, 'latin1')
  }

  /** `,` and the number. */
  number(value: number): void {
    this.#reserve(MOST)
    const bytes = this.#bytes
    let at = this.#length
    bytes[at++] = 0x2c
    if (value >= 0 && value < 10) bytes[at++] = 0x30 + value
    else if (value >= 10 && value < SMALL) {
      let end = at + digits(value)
      this.#length = end
      for (let rest = value; end > at; rest = (rest / 10) | 0) bytes[--end] = 0x30 + (rest % 10)
      return
    } else at += bytes.write(String(value), at, 'latin1')
    this.#length = at
  }

  /** `,` and 16 bytes as a blob literal. */
  bytes16(from: Uint8Array, start: number): void {
    this.#reserve(MOST)
    const bytes = this.#bytes
    let at = this.#length
    bytes[at++] = 0x2c
    bytes[at++] = 0x78
    bytes[at++] = 0x27
    for (let n = start; n < start + 16; n++) {
      const byte = from[n]!
      bytes[at++] = HEX[byte >>> 4]!
      bytes[at++] = HEX[byte & 15]!
    }
    bytes[at++] = 0x27
    this.#length = at
  }

  toString(): string {
    return this.#bytes.toString('latin1', 0, this.#length)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

function digits(value: number): number {
  let count = 2
  for (let limit = 100; value >= limit && count < 10; limit *= 10) count++
  return count
}
