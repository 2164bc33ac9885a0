/** Places for values, a power of two. A value whose place is taken by another takes it over: this only forgets, it never grows. */
export const CACHE_PLACES = 1 << 16
/** Bytes of values that are kept; the oldest are written over. */
const ARENA = 1 << 23
/** Longer values are not kept: they hardly repeat. */
const LONGEST = 8192
/** How many of the values last seen under a key can be compared before a value is even looked at. */
const RECENT = 8
/** Longer values are compared by one call; for shorter ones the call costs more than a loop. */
const LOOP = 96
export const NO_PLACE = -1

const COMMA = 0x2c
const CLOSE_BRACE = 0x7d

/**
 * Finds values that were seen before by their bytes, so that they need not be parsed again: of the records of a trail nine in ten
 * have a `userIdentity` that stood in another one. A place is a number; what is known of its value the caller keeps under it.
 * All of it lies in a few large arrays, as half a million small objects are what collecting garbage costs.
 */
export class ValueCache {
  readonly #arena = Buffer.alloc(ARENA)
  /** Bytes that were ever written to the arena; it holds the last `ARENA` of them. */
  #written = 0
  readonly #start = new Float64Array(CACHE_PLACES)
  readonly #length = new Int32Array(CACHE_PLACES)
  readonly #hash = new Int32Array(CACHE_PLACES)
  readonly #key = new Uint8Array(CACHE_PLACES)
  readonly #recent: Int32Array
  readonly #most: Uint8Array

  /** @param most how many values to compare first, by key, up to 8 */
  constructor(most: readonly number[]) {
    this.#most = Uint8Array.from(most)
    this.#recent = new Int32Array(most.length * RECENT).fill(NO_PLACE)
  }

  /** The place of one of the values last seen under a key, if it stands at `at` and is followed by a comma or a closing brace before `end`. */
  recent(key: number, bytes: Buffer, at: number, end: number): number {
    const recent = this.#recent
    const first = key * RECENT
    const stop = first + this.#most[key]!
    for (let n = first; n < stop; n++) {
      const place = recent[n]!
      if (place < 0) break
      const next = at + this.#length[place]!
      if (next >= end) continue
      const after = bytes[next]
      if ((after !== COMMA && after !== CLOSE_BRACE) || !this.#holds(place, key, bytes, at)) continue
      for (let m = n; m > first; m--) recent[m] = recent[m - 1]!
      recent[first] = place
      return place
    }
    return NO_PLACE
  }

  /** The place of a value whose end and hash are known. */
  find(key: number, hash: number, bytes: Buffer, from: number, end: number): number {
    const place = placeOf(key, hash)
    if (this.#hash[place] !== hash || this.#length[place] !== end - from || !this.#holds(place, key, bytes, from))
      return NO_PLACE
    this.#noteRecent(key, place)
    return place
  }

  /** Keeps a value and gives its place; one that is too long gets the place and is not found again. */
  add(key: number, hash: number, bytes: Buffer, from: number, end: number): number {
    const place = placeOf(key, hash)
    const length = end - from
    const kept = length <= LONGEST
    this.#key[place] = key
    this.#hash[place] = hash
    this.#length[place] = kept ? length : 0
    if (!kept) return place
    const left = ARENA - (this.#written % ARENA)
    if (left < length) this.#written += left
    this.#start[place] = this.#written
    bytes.copy(this.#arena, this.#written % ARENA, from, end)
    this.#written += length
    this.#noteRecent(key, place)
    return place
  }

  /** How many bytes the value has that is kept at a place. */
  lengthAt(place: number): number {
    return this.#length[place]!
  }

  /** The key of the value that is kept at a place. */
  keyAt(place: number): number {
    return this.#key[place]!
  }

  clear(): void {
    this.#length.fill(0)
    this.#recent.fill(NO_PLACE)
  }

  #holds(place: number, key: number, bytes: Buffer, at: number): boolean {
    const length = this.#length[place]!
    const start = this.#start[place]!
    if (length === 0 || this.#key[place] !== key || start + ARENA < this.#written) return false
    const arena = this.#arena
    const own = start % ARENA
    if (length > LOOP) {
      const middle = length >> 1
      const quarter = length >> 2
      return (
        bytes[at + length - 1] === arena[own + length - 1] &&
        bytes[at + middle] === arena[own + middle] &&
        bytes[at + quarter] === arena[own + quarter] &&
        bytes[at + middle + quarter] === arena[own + middle + quarter] &&
        bytes.compare(arena, own, own + length, at, at + length) === 0
      )
    }
    for (let n = 0; n < length; n++) if (bytes[at + n] !== arena[own + n]) return false
    return true
  }

  #noteRecent(key: number, place: number): void {
    const recent = this.#recent
    const first = key * RECENT
    for (let n = first + this.#most[key]! - 1; n > first; n--) recent[n] = recent[n - 1]!
    recent[first] = place
  }
}

/** The hash alone may not decide the place: the same text stands under many keys. */
const placeOf = (key: number, hash: number): number =>
  (Math.imul(hash ^ (hash >>> 15) ^ (key << 7), 0x2c1b3c6d) >>> 16) & (CACHE_PLACES - 1)
