import type { Bitmap } from '../vectors/bitmap.ts'
import type { Vector } from '../vectors/segments.ts'
import type { Outcomes } from './entity-counts.ts'

/** One group of events that share two values, by their ids; `first` and `last` are positions. */
export type Pair = {
  readonly a: number
  readonly b: number
  count: number
  denied: number
  failed: number
  reads: number
  writes: number
  readonly first: number
  last: number
}

/** A column and how many values it has. */
export type PairedColumn = { readonly vector: Vector; readonly size: number }

/** So many possible pairs are looked up in a table with a place for each, more in a map. */
const MOST_PLACES = 8_000_000

/** Groups events by two columns in one walk; most events first, the earlier pair first among equals. */
export function pairsOf(events: Bitmap, outcomes: Outcomes, a: PairedColumn, b: PairedColumn): Pair[] {
  const pairs: Pair[] = []
  const placeOf = a.size * b.size <= MOST_PLACES ? placesIn(new Int32Array(a.size * b.size)) : placesOf(new Map())
  const [denied, failed] = [outcomes.denied.words, outcomes.failed.words]
  const [reads, writes] = [outcomes.reads.words, outcomes.writes.words]
  const [va, vb, words] = [a.vector, b.vector, events.words]
  for (let i = 0; i < words.length; i++) {
    for (let word = words[i]!; word !== 0; word &= word - 1) {
      const bit = word & -word
      const p = (i << 5) + 31 - Math.clz32(bit)
      const place = placeOf(va[p]! * b.size + vb[p]!, pairs.length)
      let pair = pairs[place]
      if (!pair) {
        pair = { a: va[p]!, b: vb[p]!, count: 0, denied: 0, failed: 0, reads: 0, writes: 0, first: p, last: p }
        pairs.push(pair)
      }
      pair.count++
      pair.last = p
      if ((denied[i]! & bit) !== 0) pair.denied++
      else if ((failed[i]! & bit) !== 0) pair.failed++
      if ((reads[i]! & bit) !== 0) pair.reads++
      else if ((writes[i]! & bit) !== 0) pair.writes++
    }
  }
  return pairs.sort((x, y) => y.count - x.count || x.first - y.first)
}

/** The place of a key; `next` if it is a new one. */
type PlaceOf = (key: number, next: number) => number

const placesIn =
  (table: Int32Array): PlaceOf =>
  (key, next) => {
    if (table[key] === 0) table[key] = next + 1
    return table[key]! - 1
  }

const placesOf =
  (known: Map<number, number>): PlaceOf =>
  (key, next) => {
    const place = known.get(key)
    if (place !== undefined) return place
    known.set(key, next)
    return next
  }
