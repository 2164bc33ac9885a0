/** Above this part of its places a table grows, by `GROWTH`: 11 to 13 bytes for each entry of a large one. */
const FULL = 0.75
const GROWTH = 1.25
const LEAST = 1024
/** An index of millions is made of many tables: one that grows is held twice meanwhile. */
export const MANY = 64

/**
 * Finds events that may have a given identity, among millions, in 8 bytes each and the room between them: open-addressing tables from a 32-bit
 * hash to event ids. A hit is a candidate only (one in 400 is false at ten million events); the caller compares.
 */
export class IdIndex {
  readonly #tables: Table[]
  #size = 0

  /** @param tables a power of two */
  constructor(expected: number, tables = 1) {
    this.#tables = Array.from({ length: tables }, () => new Table(expected / tables))
  }

  get size(): number {
    return this.#size
  }

  add(hash: number, event: number): void {
    this.#tableOf(hash).add(hash, event)
    this.#size++
  }

  /** Whether there is any candidate. */
  has(hash: number): boolean {
    return this.#tableOf(hash).has(hash)
  }

  /** Calls `found` with each candidate. */
  each(hash: number, found: (event: number) => void): void {
    this.#tableOf(hash).each(hash, found)
  }

  #tableOf(hash: number): Table {
    return this.#tables[hash & (this.#tables.length - 1)]!
  }
}

class Table {
  #hashes: Uint32Array
  #events: Uint32Array
  #size = 0

  constructor(expected: number) {
    const capacity = Math.max(LEAST, Math.ceil(expected / FULL))
    this.#hashes = new Uint32Array(capacity)
    this.#events = new Uint32Array(capacity)
  }

  add(hash: number, event: number): void {
    if (this.#size >= this.#events.length * FULL) this.#grow()
    this.#put(hash, event)
    this.#size++
  }

  has(hash: number): boolean {
    const events = this.#events
    for (let slot = spread(hash) % events.length; events[slot] !== 0; slot = after(slot, events))
      if (this.#hashes[slot] === hash) return true
    return false
  }

  each(hash: number, found: (event: number) => void): void {
    const events = this.#events
    for (let slot = spread(hash) % events.length; events[slot] !== 0; slot = after(slot, events))
      if (this.#hashes[slot] === hash) found(events[slot]!)
  }

  #put(hash: number, event: number): void {
    const events = this.#events
    let slot = spread(hash) % events.length
    while (events[slot] !== 0) slot = after(slot, events)
    this.#hashes[slot] = hash
    events[slot] = event
  }

  #grow(): void {
    const [hashes, events] = [this.#hashes, this.#events]
    const capacity = Math.ceil(events.length * GROWTH)
    this.#hashes = new Uint32Array(capacity)
    this.#events = new Uint32Array(capacity)
    for (let slot = 0; slot < events.length; slot++) if (events[slot] !== 0) this.#put(hashes[slot]!, events[slot]!)
  }
}

const after = (slot: number, events: Uint32Array): number => (slot + 1 === events.length ? 0 : slot + 1)
const spread = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> 0
