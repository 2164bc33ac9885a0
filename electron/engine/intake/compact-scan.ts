const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const LOWER_U = 0x75
const SLASH = 0x2f
/** FNV's prime for 32 bits: the hash only spreads values over a cache and proves nothing. */
const PRIME = 0x01000193

/** What `CompactScan.value` gives where the text must be read by the general reader. */
export const NOT_COMPACT = -1

/**
 * Walks one value of compact JSON, as trails write it: no blanks outside strings, and no escape that `JSON.stringify` would
 * not write (`\u`, `\/`). It finds where the value ends and proves nothing about what is inside: `JSON.parse` does that.
 */
export class CompactScan {
  /** Of the value's bytes. */
  hash = 0
  /** Colons outside strings: as many as the value's objects have members, those named twice counted twice. */
  members = 0
  /** Levels of objects and arrays; 0 for a string, number, true, false or null. */
  depth = 0
  /** Whether a string holds an escape. */
  escaped = false

  /** Where the value that begins at `from` ends, or `NOT_COMPACT`. Nothing at or after `end` is read. */
  value(bytes: Uint8Array, from: number, end: number): number {
    this.members = 0
    this.depth = 0
    this.escaped = false
    const first = bytes[from]
    if (first === QUOTE) return this.#string(bytes, from, end)
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#container(bytes, from, end)
    return this.#literal(bytes, from, end)
  }

  #string(bytes: Uint8Array, from: number, end: number): number {
    let hash = 0
    for (let i = from + 1; i < end; i++) {
      const c = bytes[i]!
      hash = Math.imul(hash ^ c, PRIME)
      if (c === QUOTE) {
        this.hash = hash
        return i + 1
      }
      if (c < 0x20) return NOT_COMPACT
      if (c === BACKSLASH) {
        const escape = bytes[++i]!
        if (escape === LOWER_U || escape === SLASH) return NOT_COMPACT
        hash = Math.imul(hash ^ escape, PRIME)
        this.escaped = true
      }
    }
    return NOT_COMPACT
  }

  #container(bytes: Uint8Array, from: number, end: number): number {
    let hash = 0
    let members = 0
    let depth = 0
    let deepest = 0
    for (let i = from; i < end; i++) {
      const c = bytes[i]!
      hash = Math.imul(hash ^ c, PRIME)
      if (c === QUOTE) {
        for (i++; i < end; i++) {
          const d = bytes[i]!
          hash = Math.imul(hash ^ d, PRIME)
          if (d === QUOTE) break
          if (d < 0x20) return NOT_COMPACT
          if (d === BACKSLASH) {
            const escape = bytes[++i]!
            if (escape === LOWER_U || escape === SLASH) return NOT_COMPACT
            hash = Math.imul(hash ^ escape, PRIME)
          }
        }
      } else if (c === COLON) members++
      else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
        if (++depth > deepest) deepest = depth
      } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
        if (--depth === 0) {
          this.hash = hash
          this.members = members
          this.depth = deepest
          return i + 1
        }
      } else if (c <= 0x20) return NOT_COMPACT
    }
    return NOT_COMPACT
  }

  #literal(bytes: Uint8Array, from: number, end: number): number {
    let hash = 0
    for (let i = from; i < end; i++) {
      const c = bytes[i]!
      if (c === COMMA || c === CLOSE_BRACE) {
        this.hash = hash
        return i === from ? NOT_COMPACT : i
      }
      if (c <= 0x20) return NOT_COMPACT
      hash = Math.imul(hash ^ c, PRIME)
    }
    return NOT_COMPACT
  }
}

/**
 * Where the object that begins at `from` ends, or `NOT_COMPACT` when it does not end before `end` or holds a control
 * character. Blanks and every escape may stand in it.
 */
export function objectEnd(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0
  for (let i = from; i < end; i++) {
    const c = bytes[i]!
    if (c < 0x20) return NOT_COMPACT
    if (c === QUOTE) {
      for (i++; i < end; i++) {
        const d = bytes[i]!
        if (d === QUOTE) break
        if (d < 0x20) return NOT_COMPACT
        if (d === BACKSLASH) i++
      }
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++
    else if ((c === CLOSE_BRACE || c === CLOSE_BRACKET) && --depth === 0) return i + 1
  }
  return NOT_COMPACT
}
