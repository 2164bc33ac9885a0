/** Enough for a tree of 200,000 events with 13,000 digests; what does not fit is read from the case. */
const ROOM = 48_000_000

/**
 * Digests that an import has inflated, until it judges them at its end: inflating and reading them a second time costs as much
 * as checking their signatures. Bounded, so that a case of any size imports in the same memory.
 */
export class HeldDigests {
  readonly #bytes = new Map<string, Uint8Array>()
  #room: number

  constructor(room = ROOM) {
    this.#room = room
  }

  /** Keeps the inflated bytes of a digest under their SHA-256 (lower-case hex), if there is room. */
  keep(sha256: string, bytes: Uint8Array): void {
    if (bytes.length > this.#room || this.#bytes.has(sha256)) return
    this.#room -= bytes.length
    this.#bytes.set(sha256, bytes)
  }

  get(sha256: string): Uint8Array | undefined {
    return this.#bytes.get(sha256)
  }
}
