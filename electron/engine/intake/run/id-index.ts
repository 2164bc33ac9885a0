/**
 * Finds events that may have a given identity, among millions, in 8 bytes each: an open-addressing table from a 32-bit
 * hash to event ids. A hit is a candidate only (one in 400 is false at ten million events); the caller compares.
 */
export class IdIndex {
  #hashes: Uint32Array
  #events: Uint32Array
  #mask: number
  #size = 0

  constructor(expected: number) {
    let capacity = 2048
    while (capacity * 0.7 < expected) capacity *= 2
    this.#hashes = new Uint32Array(capacity)
    this.#events = new Uint32Array(capacity)
    this.#mask = capacity - 1
  }

  get size(): number {
    return this.#size
  }

  add(hash: number, event: number): void {
    if (this.#size > (this.#mask + 1) * 0.7) this.#grow()
    let slot = spread(hash) & this.#mask
    while (this.#events[slot] !== 0) slot = (slot + 1) & this.#mask
    this.#hashes[slot] = hash
    this.#events[slot] = event
    this.#size++
  }

  /** Whether there is any candidate. */
  has(hash: number): boolean {
    let slot = spread(hash) & this.#mask
    while (this.#events[slot] !== 0) {
      if (this.#hashes[slot] === hash) return true
      slot = (slot + 1) & this.#mask
    }
    return false
  }

  /** Calls `found` with each candidate. */
  each(hash: number, found: (event: number) => void): void {
    let slot = spread(hash) & this.#mask
    while (this.#events[slot] !== 0) {
      if (this.#hashes[slot] === hash) found(this.#events[slot]!)
      slot = (slot + 1) & this.#mask
    }
  }

  #grow(): void {
    const bigger = new IdIndex((this.#mask + 1) * 0.7 + 1)
    for (let slot = 0; slot <= this.#mask; slot++)
      if (this.#events[slot] !== 0) bigger.add(this.#hashes[slot]!, this.#events[slot]!)
    this.#hashes = bigger.#hashes
    this.#events = bigger.#events
    this.#mask = bigger.#mask
  }
}

const spread = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> 0
