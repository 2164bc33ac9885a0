import { assert } from '#shared/base/assert.ts'
import { Bitmap } from './bitmap.ts'
import type { Vector } from './segments.ts'
import { zeroed32 } from './zeroed.ts'

/** A value that at least one event in so many has is kept as a bitmap: from there on its list would take more room. */
const POPULAR = 32

/**
 * The events of each value of a column, so that a filter costs as much as it finds and never a walk over the column:
 *
 *   column   [3, 1, 3, 0, 2, 3]          1 -> [1]    2 -> [4]    3 -> 101001      (0 is "absent" and has no set)
 *
 * Popular values are bitmaps; the positions of all others stand in one list, value after value. Built in two walks.
 */
export class ValueSets {
  readonly length: number
  /** Events that have any value. */
  readonly #present: Bitmap
  /** Ids in ascending order where they are few and far between (documents); undefined: every number up to the highest. */
  readonly #ids: Uint32Array | undefined
  /** By slot: where its positions begin; those of popular values are empty. */
  readonly #starts: Uint32Array
  readonly #positions: Uint32Array
  readonly #popular: ReadonlyMap<number, Bitmap>

  private constructor(
    present: Bitmap,
    ids: Uint32Array | undefined,
    starts: Uint32Array,
    positions: Uint32Array,
    popular: ReadonlyMap<number, Bitmap>,
  ) {
    this.length = present.length
    this.#present = present
    this.#ids = ids
    this.#starts = starts
    this.#positions = positions
    this.#popular = popular
  }

  /**
   * @param kind ids of terms count up from 1; those of documents are eight times their running number over all fields,
   * plus their field (`documentId`), so a column holds a few of many
   */
  static of(column: Vector, kind: 'terms' | 'documents'): ValueSets {
    const { length } = column
    let most = 0
    for (let p = 0; p < length; p++) if (column[p]! > most) most = column[p]!
    const shift = kind === 'documents' ? 3 : 0
    // An event brings one term and seven documents at most: larger numbers were not written by us.
    assert(most >>> shift <= 16 * length + 1_000_000, 'ids are no larger than what events can bring')
    const slotOfKey = zeroed32((most >>> shift) + 1)
    for (let p = 0; p < length; p++) slotOfKey[column[p]! >>> shift]!++
    slotOfKey[0] = 0
    const { ids, counts } = shift === 0 ? { ids: undefined, counts: slotOfKey } : sparse(slotOfKey, column, shift)
    const popular = new Map<number, Bitmap>()
    const starts = zeroed32(counts.length + 1)
    for (let slot = 0; slot < counts.length; slot++) {
      const isPopular = counts[slot]! * POPULAR > length
      if (isPopular) popular.set(slot, new Bitmap(length))
      starts[slot + 1] = starts[slot]! + (isPopular ? 0 : counts[slot]!)
    }
    const positions = zeroed32(starts[counts.length]!)
    const present = fill(column, shift, shift === 0 ? undefined : slotOfKey, starts.slice(), positions, popular)
    return new ValueSets(present, ids, starts, positions, popular)
  }

  /** How much memory the sets hold, in bytes. */
  get byteLength(): number {
    const bitmaps = (this.#popular.size + 1) * this.#present.words.byteLength
    return this.#starts.byteLength + this.#positions.byteLength + (this.#ids?.byteLength ?? 0) + bitmaps
  }

  /** The events that have one of the values; ids nobody carries are allowed, 0 is not. The set is shared: not to be changed. */
  union(ids: readonly number[]): Bitmap {
    const slots: number[] = []
    let listed = 0
    for (const id of ids) {
      assert(id > 0, 'an absent value is no value to look for')
      const slot = this.#slotOf(id)
      if (slot === undefined) continue
      slots.push(slot)
      listed += this.#starts[slot + 1]! - this.#starts[slot]!
    }
    const [only] = slots
    if (slots.length === 1 && this.#popular.has(only!)) return this.#popular.get(only!)!
    return listed * 2 > this.#positions.length ? this.#without(slots) : this.#with(slots)
  }

  /** Calls `visit` with the events that have a value, in the order of time, until it says `false`. Makes no set. */
  each(id: number, visit: (position: number) => boolean): void {
    const slot = this.#slotOf(id)
    if (slot === undefined) return
    const popular = this.#popular.get(slot)
    if (popular) {
      for (let p = popular.next(0); p >= 0 && visit(p);) p = popular.next(p + 1)
      return
    }
    for (let k = this.#starts[slot]!; k < this.#starts[slot + 1]! && visit(this.#positions[k]!);) k++
  }

  #with(slots: readonly number[]): Bitmap {
    const words = new Uint32Array(this.#present.words.length)
    const positions = this.#positions
    for (const slot of slots) {
      const popular = this.#popular.get(slot)?.words
      if (popular) for (let i = 0; i < words.length; i++) words[i]! |= popular[i]!
      for (let k = this.#starts[slot]!; k < this.#starts[slot + 1]!; k++) {
        const p = positions[k]!
        words[p >>> 5]! |= 1 << (p & 31)
      }
    }
    return new Bitmap(this.length, words)
  }

  /** The same, when most listed events belong to it: all events that have a value, less the others. */
  #without(slots: readonly number[]): Bitmap {
    const wanted = new Uint8Array(this.#starts.length)
    for (const slot of slots) wanted[slot] = 1
    const words = this.#present.words.slice()
    for (const [slot, events] of this.#popular)
      if (wanted[slot] === 0) for (let i = 0; i < words.length; i++) words[i]! &= ~events.words[i]!
    const positions = this.#positions
    for (let slot = 1; slot < this.#starts.length - 1; slot++) {
      if (wanted[slot] === 1) continue
      for (let k = this.#starts[slot]!; k < this.#starts[slot + 1]!; k++) {
        const p = positions[k]!
        words[p >>> 5]! &= ~(1 << (p & 31))
      }
    }
    return new Bitmap(this.length, words)
  }

  #slotOf(id: number): number | undefined {
    if (!this.#ids) return id < this.#starts.length - 1 ? id : undefined
    let [low, high] = [1, this.#ids.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#ids[middle]! < id) low = middle + 1
      else high = middle
    }
    return this.#ids[low] === id ? low : undefined
  }
}

/** Gives each key that occurs a slot from 1 on. `slotOfKey` comes as counts by key and leaves as slots by key. */
function sparse(slotOfKey: Uint32Array, column: Vector, shift: number): { ids: Uint32Array; counts: Uint32Array } {
  let slots = 1
  for (const count of slotOfKey) if (count > 0) slots++
  const counts = zeroed32(slots)
  for (let key = 1, slot = 1; key < slotOfKey.length; key++) {
    if (slotOfKey[key] === 0) continue
    counts[slot] = slotOfKey[key]!
    slotOfKey[key] = slot++
  }
  const ids = zeroed32(slots)
  for (let p = 0; p < column.length; p++) ids[slotOfKey[column[p]! >>> shift]!] = column[p]!
  ids[0] = 0
  return { ids, counts }
}

/** Sends each event to the place of its value; gives the events that have one. `next` is used up. */
function fill(
  column: Vector,
  shift: number,
  slotOfKey: Uint32Array | undefined,
  next: Uint32Array,
  positions: Uint32Array,
  popular: ReadonlyMap<number, Bitmap>,
): Bitmap {
  const present = new Bitmap(column.length)
  // Popular slots by number, as a lookup in a map for each event would cost more than all the rest.
  const bitmapOf = new Uint8Array(next.length)
  const bitmaps = [present.words]
  for (const [slot, { words }] of popular) bitmapOf[slot] = bitmaps.push(words) - 1
  for (let p = 0; p < column.length; p++) {
    const id = column[p]!
    if (id === 0) continue
    const slot = slotOfKey ? slotOfKey[id >>> shift]! : id
    const word = p >>> 5
    const bit = 1 << (p & 31)
    present.words[word]! |= bit
    const kept = bitmapOf[slot]!
    if (kept === 0) positions[next[slot]!++] = p
    else bitmaps[kept]![word]! |= bit
  }
  return present
}
