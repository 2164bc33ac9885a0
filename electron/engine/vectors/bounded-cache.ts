type Sized = { readonly byteLength: number }

/**
 * Things that are slow to make, kept as long as there is room: what was not asked for the longest goes first. What somebody
 * still holds lives on with them; it is only made again for the next one who asks.
 */
export class BoundedCache {
  readonly #room: number
  readonly #kept = new Map<string, { value: Promise<Sized>; bytes: number }>()
  #used = 0

  /** @param room how many bytes may be kept */
  constructor(room: number) {
    this.#room = room
  }

  /**
   * The value of a key, made if it is not there. Asking twice at the same time makes it once; a failure is not kept.
   * A key always goes with the same kind of value.
   */
  get<Value extends Sized>(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#kept.get(key)
    if (known) {
      this.#kept.delete(key)
      this.#kept.set(key, known)
      return known.value as Promise<Value>
    }
    const value = make()
    const entry: { value: Promise<Sized>; bytes: number } = { value, bytes: 0 }
    this.#kept.set(key, entry)
    value.then(
      ({ byteLength }) => {
        if (this.#kept.get(key) !== entry) return
        entry.bytes = byteLength
        this.#used += byteLength
        this.#makeRoom(key)
      },
      () => {
        if (this.#kept.get(key) === entry) this.#kept.delete(key)
      },
    )
    return value
  }

  #makeRoom(newest: string): void {
    for (const [key, { bytes }] of this.#kept) {
      if (this.#used <= this.#room) return
      if (bytes === 0 || key === newest) continue
      this.#kept.delete(key)
      this.#used -= bytes
    }
  }
}
