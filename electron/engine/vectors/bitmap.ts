/**
 * A set of events: one bit per position in time order. Combining two sets is a walk over words, counting is a popcount,
 * a page is a short walk; ten million events are 1.25 MB.
 */
export class Bitmap {
  readonly length: number
  readonly words: Uint32Array

  constructor(length: number, words?: Uint32Array) {
    this.length = length
    this.words = words ?? new Uint32Array((length + 31) >>> 5)
  }

  static full(length: number): Bitmap {
    const map = new Bitmap(length)
    map.words.fill(0xffffffff)
    map.#trim()
    return map
  }

  /** Positions `from` (inclusive) to `to` (exclusive). */
  static range(length: number, from: number, to: number): Bitmap {
    const map = new Bitmap(length)
    const [first, last] = [Math.max(0, from), Math.min(length, to)]
    if (first >= last) return map
    const [a, b] = [first >>> 5, (last - 1) >>> 5]
    map.words.fill(0xffffffff, a, b + 1)
    map.words[a]! &= 0xffffffff << (first & 31)
    const tail = last & 31
    if (tail !== 0) map.words[b]! &= 0xffffffff >>> (32 - tail)
    return map
  }

  add(position: number): void {
    this.words[position >>> 5]! |= 1 << (position & 31)
  }

  remove(position: number): void {
    this.words[position >>> 5]! &= ~(1 << (position & 31))
  }

  has(position: number): boolean {
    return ((this.words[position >>> 5]! >>> (position & 31)) & 1) === 1
  }

  and(other: Bitmap): Bitmap {
    const out = new Uint32Array(this.words.length)
    for (let i = 0; i < out.length; i++) out[i] = this.words[i]! & other.words[i]!
    return new Bitmap(this.length, out)
  }

  or(other: Bitmap): Bitmap {
    const out = new Uint32Array(this.words.length)
    for (let i = 0; i < out.length; i++) out[i] = this.words[i]! | other.words[i]!
    return new Bitmap(this.length, out)
  }

  andNot(other: Bitmap): Bitmap {
    const out = new Uint32Array(this.words.length)
    for (let i = 0; i < out.length; i++) out[i] = this.words[i]! & ~other.words[i]!
    return new Bitmap(this.length, out)
  }

  not(): Bitmap {
    const out = new Uint32Array(this.words.length)
    for (let i = 0; i < out.length; i++) out[i] = ~this.words[i]!
    const map = new Bitmap(this.length, out)
    map.#trim()
    return map
  }

  /** How many events are in the set, optionally only those at positions `from` to `to` (exclusive). */
  count(from = 0, to = this.length): number {
    const [first, last] = [Math.max(0, from), Math.min(this.length, to)]
    if (first >= last) return 0
    const [a, b] = [first >>> 5, (last - 1) >>> 5]
    const headMask = 0xffffffff << (first & 31)
    const tailMask = (last & 31) === 0 ? 0xffffffff : 0xffffffff >>> (32 - (last & 31))
    if (a === b) return popcount(this.words[a]! & headMask & tailMask)
    let sum = popcount(this.words[a]! & headMask) + popcount(this.words[b]! & tailMask)
    for (let i = a + 1; i < b; i++) sum += popcount(this.words[i]!)
    return sum
  }

  get isEmpty(): boolean {
    for (const word of this.words) if (word !== 0) return false
    return true
  }

  /** The first position of the set that is `from` or later, or -1. */
  next(from: number): number {
    if (from >= this.length) return -1
    let i = from >>> 5
    let word = this.words[i]! & (0xffffffff << (from & 31))
    while (word === 0 && ++i < this.words.length) word = this.words[i]!
    return word === 0 ? -1 : (i << 5) + 31 - Math.clz32(word & -word)
  }

  /** Calls `visit` with each position, ascending. */
  each(visit: (position: number) => void): void {
    const words = this.words
    for (let i = 0; i < words.length; i++) {
      let word = words[i]!
      while (word !== 0) {
        const bit = 31 - Math.clz32(word & -word)
        visit((i << 5) + bit)
        word &= word - 1
      }
    }
  }

  /** `limit` positions after skipping `skip`, in time order or backwards. */
  page(skip: number, limit: number, backwards = false): number[] {
    const out: number[] = []
    if (limit <= 0) return out
    const words = this.words
    let left = skip
    const step = backwards ? -1 : 1
    for (let i = backwards ? words.length - 1 : 0; i >= 0 && i < words.length; i += step) {
      let word = words[i]!
      if (word === 0) continue
      const n = popcount(word)
      if (left >= n) {
        left -= n
        continue
      }
      while (word !== 0) {
        const bit = backwards ? 31 - Math.clz32(word) : 31 - Math.clz32(word & -word)
        word &= ~(1 << bit)
        if (left > 0) left--
        else {
          out.push((i << 5) + bit)
          if (out.length === limit) return out
        }
      }
    }
    return out
  }

  #trim(): void {
    const tail = this.length & 31
    if (tail !== 0) this.words[this.words.length - 1]! &= 0xffffffff >>> (32 - tail)
  }
}

/** The events whose value in a column passes the test: a walk over all of them. */
export function bitsWhere(column: ArrayLike<number>, test: (value: number) => boolean): Bitmap {
  const events = new Bitmap(column.length)
  const out = events.words
  for (let word = 0, p = 0; word < out.length; word++) {
    const end = Math.min(column.length, p + 32)
    let bits = 0
    for (let bit = 0; p < end; p++, bit++) if (test(column[p]!)) bits |= 1 << bit
    out[word] = bits
  }
  return events
}

/** The events that have a value in a column: 0 is "absent". */
export function presentIn(column: ArrayLike<number>): Bitmap {
  const events = new Bitmap(column.length)
  const out = events.words
  const whole = column.length >>> 5
  for (let word = 0, p = 0; word < whole; word++) {
    let bits = 0
    for (let bit = 0; bit < 32; bit++, p++) if (column[p] !== 0) bits |= 1 << bit
    out[word] = bits
  }
  for (let p = whole << 5; p < column.length; p++) if (column[p] !== 0) events.add(p)
  return events
}

/** How many bits of a 32-bit word are set (Hacker's Delight, figure 5-2). */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
