/**
 * Finds the records of a JSON text by walking its bytes once, without building values. The text may be one value or many,
 * separated by nothing, blanks, commas or newlines, and may arrive in pieces.
 *
 *     {"Records":[{"eventVersion":…},{"eventVersion":…}]}      items are the elements of a known array
 *                 ^ item             ^ item
 *     [{…},{…}]                                                 items are the elements of the root array
 *     {…}\n{…}  or  {…}{…}                                      every root value is an item
 *
 * An item of an array is everything between two commas, so: when every item parses as JSON and the text around the items
 * (the envelope) does too, the whole text is valid JSON and the items are exactly its elements.
 * While walking it also notes what `JSON.parse` hides: keys named twice, and depth.
 */

/** Members of a root object whose array holds the items. `hits.hits` (Elasticsearch) is found one level down. */
const ITEM_KEYS: ReadonlySet<string> = new Set([
  'Records',
  'Events',
  'events',
  'logEvents',
  'results',
  'QueryResultRows',
  'Messages',
  'configurationItems',
  'logFiles',
])
const NESTED_ITEM_KEY = 'hits'

/** An item, valid only during the call that hands it over: the scanner uses the same object again. */
export type ScannedItem = {
  /** Into the window, end exclusive. */
  start: number
  end: number
  /** Of `start` in the whole text. */
  offset: number
  /** The array that held it (`Records`, `hits`), `[]` for a root array, empty for a root value. */
  key: string
  duplicateKey: boolean
  tooDeep: boolean
  /** No blanks outside strings and no escapes that `JSON.stringify` would not write: its slices can stand as they are. */
  plain: boolean
  /** Start and end of each member's value in the window, two numbers per member, when the item is an object. */
  members: number[]
  memberCount: number
}

export type ScanSink = {
  item(window: Buffer, item: ScannedItem): void
  /** A root object that held item arrays: its text with those arrays emptied. `keys` are the arrays' names. */
  envelope(text: string, keys: readonly string[], offset: number): void
  /**
   * Bytes that belong to no value (`stray`), or a value that breaks off because the next one begins (`cut`) or because the
   * text ends (`end`). Offsets in the whole text.
   */
  broken(start: number, end: number, why: 'stray' | 'cut' | 'end'): void
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const NEWLINE = 0x0a
const LOWER_U = 0x75
const SLASH = 0x2f
const RECORD_SEPARATOR = 0x1e

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Beyond this many keys an object's keys are compared through a set: comparing all pairs would be quadratic. */
const PAIRWISE_KEYS = 48

export class JsonScanner {
  readonly #sink: ScanSink
  readonly #depthLimit: number
  #window: Buffer = Buffer.alloc(0)
  /** Offset of the window's first byte in the whole text. */
  #base = 0
  #at = 0
  #depth = 0
  /** Depth of the array whose elements are items; 0 while the root value itself may be the item. */
  #level = 0
  #expectKey = false
  #rootStart = 0
  #itemStart = 0
  #itemsInArray = 0
  #itemKey = ''
  #lastKeyStart = 0
  #lastKeyEnd = 0
  #insideHits = false
  #segmentStart = 0
  #envelope: string[] = []
  #envelopeKeys: string[] = []
  #strayStart = -1
  #marks = 0
  #keys = 0
  readonly #item: ScannedItem = {
    start: 0,
    end: 0,
    offset: 0,
    key: '',
    duplicateKey: false,
    tooDeep: false,
    plain: true,
    members: [],
    memberCount: 0,
  }
  /** 1 where the container at that depth is an object. */
  readonly #isObject: number[] = []
  /** Where the keys of the object at that depth begin on the key stack. */
  readonly #firstKey: number[] = []
  /** One stack of the keys of all open objects: plain arrays, as one scanner is made per file and most files are small. */
  readonly #keyHash: number[] = []
  readonly #keyStart: number[] = []
  readonly #keyEnd: number[] = []
  /** Keys of large objects and of those with escaped keys, by depth. */
  readonly #keySets = new Map<number, Set<string>>()

  constructor(sink: ScanSink, depthLimit: number) {
    this.#sink = sink
    this.#depthLimit = depthLimit
  }

  /** Walks the next piece of the text. Whole values are handed to the sink before this returns. */
  push(piece: Buffer): void {
    if (this.#at === this.#window.length && this.#depth === 0) {
      this.#base += this.#window.length
      this.#window = piece
      this.#at = 0
    } else {
      this.#compact(piece)
    }
    this.#scan()
  }

  /** The text is complete: reports what broke off. */
  end(): void {
    const end = this.#base + this.#window.length
    if (this.#depth > 0) this.#abandon(this.#window.length, 'end')
    else if (this.#strayStart >= 0) this.#sink.broken(this.#strayStart, end, 'stray')
    this.#strayStart = -1
  }

  /** What the last piece was joined to, and its offset in the text. */
  get seen(): { readonly bytes: Buffer; readonly base: number } {
    return { bytes: this.#window, base: this.#base }
  }

  /** Bytes held back because their item is not complete: the caller bounds it. */
  get pendingBytes(): number {
    return this.#window.length - this.#keepFrom()
  }

  /** Offset of the first byte that is held back. */
  get pendingOffset(): number {
    return this.#base + this.#keepFrom()
  }

  #keepFrom(): number {
    if (this.#depth === 0) return this.#at
    if (this.#level > 0) return this.#itemStart
    return this.#envelopeKeys.length > 0 ? this.#segmentStart : this.#rootStart
  }

  #compact(piece: Buffer): void {
    const keep = this.#keepFrom()
    this.#window = Buffer.concat([this.#window.subarray(keep), piece])
    this.#base += keep
    this.#at -= keep
    this.#rootStart -= keep
    this.#itemStart -= keep
    this.#segmentStart -= keep
    this.#lastKeyStart -= keep
    this.#lastKeyEnd -= keep
    for (let k = 0; k < this.#keys; k++) {
      this.#keyStart[k]! -= keep
      this.#keyEnd[k]! -= keep
    }
    for (let m = 0; m < this.#marks; m++) this.#item.members[m]! -= keep
  }

  #scan(): void {
    const bytes = this.#window
    const length = bytes.length
    const isObject = this.#isObject
    const item = this.#item
    let i = this.#at
    // The walk keeps what it touches most in locals; #depth, #level and #keys are written back where they change.
    let depth = this.#depth
    let level = this.#level
    let expectKey = this.#expectKey
    while (i < length) {
      if (depth === 0) {
        i = this.#betweenRoots(i)
        depth = this.#depth
        level = this.#level
        expectKey = this.#expectKey
        continue
      }
      const c = bytes[i]!
      if (c === QUOTE) {
        const from = i + 1
        let j = from
        let cut = -1
        if (expectKey) {
          let hash = 0
          let escaped = false
          for (; j < length; j++) {
            const d = bytes[j]!
            if (d === QUOTE) break
            if (d === BACKSLASH) {
              j++
              escaped = true
            }
            hash = (Math.imul(hash, 31) + d) & 0x3fffffff
          }
          if (j >= length) break
          expectKey = false
          this.#lastKeyStart = from
          this.#lastKeyEnd = j
          this.#noteKey(depth, level, from, j, hash, escaped)
        } else {
          for (; j < length; j++) {
            const d = bytes[j]!
            if (d < 0x23) {
              if (d === QUOTE) break
              if (d === NEWLINE && (j + 2 >= length || (bytes[j + 1] === OPEN_BRACE && bytes[j + 2] === QUOTE))) {
                if (j + 2 < length) cut = j + 1
                else j = length
                break
              }
            } else if (d === BACKSLASH) {
              const escape = bytes[++j]
              if (escape === LOWER_U || escape === SLASH) item.plain = false
            }
          }
          if (j >= length) break
        }
        if (cut < 0) {
          i = j + 1
          continue
        }
        this.#abandon(cut, 'cut')
        i = cut
        depth = 0
        level = 0
        continue
      }
      if (c === COMMA) {
        if (depth === level) {
          this.#endItem(i)
          this.#beginItem(i + 1)
        } else if (depth === level + 1) this.#mark(i)
        expectKey = isObject[depth] === 1
      } else if (c === COLON) {
        if (depth === level + 1) this.#mark(i + 1)
      } else if (c === OPEN_BRACE) {
        if (i + 1 >= length) break
        if (this.#startsNewValue(i)) {
          this.#abandon(i, 'cut')
          depth = 0
          level = 0
          continue
        }
        if (depth === 1 && level === 0 && this.#lastKey() === NESTED_ITEM_KEY) this.#insideHits = true
        expectKey = this.#open(++depth, level, 1)
        this.#depth = depth
      } else if (c === OPEN_BRACKET) {
        if (level === 0 && depth <= 2 && this.#opensItems(depth)) {
          level = depth + 1
          this.#level = level
          this.#enterItems(i)
        }
        expectKey = this.#open(++depth, level, 0)
        this.#depth = depth
      } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
        if (depth === level) {
          this.#leaveItems(i)
          level = 0
        } else if (depth === level + 1 && depth < isObject.length && isObject[depth] === 1) this.#mark(i)
        this.#close(depth)
        depth--
        this.#depth = depth
        expectKey = false
        if (depth === 0) this.#endRoot(i + 1)
      } else if (c <= 0x20 && depth > level) {
        item.plain = false
      }
      i++
    }
    this.#at = i
    this.#expectKey = expectKey
  }

  /** Skips what stands between root values; begins the next one. Gives where to go on. */
  #betweenRoots(from: number): number {
    const bytes = this.#window
    let i = from
    for (; i < bytes.length; i++) {
      const c = bytes[i]!
      if (c === OPEN_BRACE || c === OPEN_BRACKET) {
        this.#beginRoot(i, c)
        return i + 1
      }
      if (isBlank(c) || c === COMMA || c === RECORD_SEPARATOR) continue
      if (c === 0xef && bytes[i + 1] === 0xbb && bytes[i + 2] === 0xbf) {
        // A byte order mark, at the start or where files were joined.
        i += 2
        continue
      }
      if (this.#strayStart < 0) this.#strayStart = this.#base + i
      const newline = bytes.indexOf(NEWLINE, i)
      if (newline < 0) return bytes.length
      i = newline
    }
    return i
  }

  #beginRoot(i: number, bracket: number): void {
    if (this.#strayStart >= 0) {
      this.#sink.broken(this.#strayStart, this.#base + i, 'stray')
      this.#strayStart = -1
    }
    this.#keys = 0
    this.#keySets.clear()
    this.#envelope = []
    this.#envelopeKeys = []
    this.#insideHits = false
    this.#rootStart = i
    this.#itemsInArray = 0
    this.#depth = 1
    const isArray = bracket === OPEN_BRACKET
    this.#level = isArray ? 1 : 0
    this.#itemKey = isArray ? '[]' : ''
    this.#beginItem(isArray ? i + 1 : i)
    this.#expectKey = this.#open(1, this.#level, isArray ? 0 : 1)
  }

  /** A root value is complete. */
  #endRoot(end: number): void {
    if (this.#itemKey === '[]') return
    if (this.#envelopeKeys.length === 0) {
      this.#emit(this.#rootStart, end)
      return
    }
    this.#envelope.push(this.#window.toString('utf8', this.#segmentStart, end))
    this.#sink.envelope(this.#envelope.join(''), this.#envelopeKeys, this.#base + end)
  }

  /** Gives up the root value that is open: what of it was not handed over is broken. */
  #abandon(end: number, why: 'cut' | 'end'): void {
    this.#sink.broken(this.#base + this.#keepFrom(), this.#base + end, why)
    this.#depth = 0
    this.#level = 0
  }

  /** An object directly at the start of a line, where no value may stand: a line before it was cut off. */
  #startsNewValue(i: number): boolean {
    const bytes = this.#window
    const before = bytes[i - 1]
    if (before === COLON || before === COMMA || before === OPEN_BRACKET || before === undefined) return false
    if (before !== NEWLINE || bytes[i + 1] !== QUOTE) return false
    let j = i - 1
    while (j >= 0 && isBlank(bytes[j])) j--
    const last = bytes[j]
    return !(last === COLON || last === COMMA || last === OPEN_BRACKET || last === undefined)
  }

  #lastKey(): string {
    return this.#window.toString('latin1', this.#lastKeyStart, this.#lastKeyEnd)
  }

  /** Whether the array that begins now at `depth` holds the items. */
  #opensItems(depth: number): boolean {
    if (this.#isObject[depth] !== 1) return false
    if (depth === 1) return ITEM_KEYS.has(this.#lastKey())
    return this.#insideHits && this.#lastKey() === NESTED_ITEM_KEY
  }

  #enterItems(bracket: number): void {
    const from = this.#envelopeKeys.length > 0 ? this.#segmentStart : this.#rootStart
    this.#envelope.push(this.#window.toString('utf8', from, bracket + 1))
    this.#itemKey = this.#lastKey()
    this.#envelopeKeys.push(this.#itemKey)
    this.#itemsInArray = 0
    this.#beginItem(bracket + 1)
  }

  #leaveItems(bracket: number): void {
    this.#endItem(bracket)
    const closed = this.#base + bracket
    if (this.#window[bracket] !== CLOSE_BRACKET) this.#sink.broken(closed, closed + 1, 'stray')
    this.#level = 0
    this.#segmentStart = bracket
    this.#marks = 0
  }

  #beginItem(start: number): void {
    this.#itemStart = start
    this.#marks = 0
    const item = this.#item
    item.duplicateKey = false
    item.tooDeep = false
    item.plain = true
  }

  /** The element before `end` is complete; an array that holds nothing has none. */
  #endItem(end: number): void {
    const bytes = this.#window
    let start = this.#itemStart
    let stop = end
    while (start < stop && isBlank(bytes[start])) start++
    while (stop > start && isBlank(bytes[stop - 1])) stop--
    if (start === stop && this.#itemsInArray === 0 && bytes[end] === CLOSE_BRACKET) return
    this.#itemsInArray++
    this.#emit(start, stop)
  }

  #emit(start: number, end: number): void {
    const item = this.#item
    item.start = start
    item.end = end
    item.offset = this.#base + start
    item.key = this.#itemKey
    item.memberCount = this.#window[start] === OPEN_BRACE ? this.#marks >> 1 : 0
    this.#sink.item(this.#window, item)
  }

  #mark(position: number): void {
    const item = this.#item
    item.members[this.#marks++] = position
  }

  /** Notes a container that begins at `depth`; true when a key must follow. */
  #open(depth: number, level: number, object: 0 | 1): boolean {
    if (depth - level > this.#depthLimit) {
      this.#item.tooDeep = true
      if (depth < this.#isObject.length) this.#isObject[depth] = 0
      return false
    }
    this.#isObject[depth] = object
    this.#firstKey[depth] = this.#keys
    return object === 1
  }

  #close(depth: number): void {
    if (depth - this.#level > this.#depthLimit || this.#isObject[depth] !== 1) return
    this.#keys = this.#firstKey[depth]!
    if (this.#keySets.size > 0) this.#keySets.delete(depth)
  }

  #noteKey(depth: number, level: number, start: number, end: number, hash: number, escaped: boolean): void {
    const first = this.#firstKey[depth]!
    if (escaped || this.#keys - first >= PAIRWISE_KEYS || this.#keySets.size > 0) {
      this.#noteKeyInSet(depth, level, start, end)
      return
    }
    const hashes = this.#keyHash
    for (let k = first; k < this.#keys; k++) {
      if (hashes[k] === hash && this.#sameKey(k, start, end) && depth > level) this.#item.duplicateKey = true
    }
    hashes[this.#keys] = hash
    this.#keyStart[this.#keys] = start
    this.#keyEnd[this.#keys] = end
    this.#keys++
  }

  #sameKey(k: number, start: number, end: number): boolean {
    const from = this.#keyStart[k]!
    if (from < 0) return false
    return this.#window.compare(this.#window, start, end, from, this.#keyEnd[k]) === 0
  }

  #noteKeyInSet(depth: number, level: number, start: number, end: number): void {
    let set = this.#keySets.get(depth)
    if (set === undefined) {
      set = new Set()
      for (let k = this.#firstKey[depth]!; k < this.#keys; k++) {
        if (this.#keyStart[k]! >= 0) set.add(decodeKey(this.#window, this.#keyStart[k]!, this.#keyEnd[k]!))
      }
      this.#keySets.set(depth, set)
    }
    const key = decodeKey(this.#window, start, end)
    if (set.has(key) && depth > level) this.#item.duplicateKey = true
    set.add(key)
  }
}

function decodeKey(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return text
  }
}
