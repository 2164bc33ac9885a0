import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Vector } from '../vectors/segments.ts'
import { countValues } from './count-events.ts'

/**
 * The position of the first event with each value, by the ids of the values; -1 where none has it. Positions are in time order, so it
 * is the earliest event. The walk ends when every value was seen.
 * @param counts how often each value occurs among the events (`countValues`)
 */
export function firstPositions(events: Bitmap, vector: Vector, counts: Uint32Array): Int32Array {
  const first = new Int32Array(counts.length).fill(-1)
  let left = occurring(counts)
  const words = events.words
  for (let i = 0; left > 0 && i < words.length; i++) {
    for (let word = words[i]!; word !== 0; word &= word - 1) {
      const p = (i << 5) + 31 - Math.clz32(word & -word)
      const id = vector[p]!
      if (first[id] !== -1) continue
      first[id] = p
      left--
    }
  }
  return first
}

/** The same of the last event with each value. */
export function lastPositions(events: Bitmap, vector: Vector, counts: Uint32Array): Int32Array {
  const last = new Int32Array(counts.length).fill(-1)
  let left = occurring(counts)
  const words = events.words
  for (let i = words.length - 1; left > 0 && i >= 0; i--) {
    for (let word = words[i]!; word !== 0;) {
      const bit = 31 - Math.clz32(word)
      word &= ~(1 << bit)
      const id = vector[(i << 5) + bit]!
      if (last[id] !== -1) continue
      last[id] = (i << 5) + bit
      left--
    }
  }
  return last
}

const anywhere = new WeakMap<Vector, Int32Array>()

/** The first event of the whole case with each value of a column; kept as long as the column. Shared: not to be changed. */
export function firstAnywhere(index: EventIndex, vector: Vector, texts: readonly (string | null)[]): Int32Array {
  const first =
    anywhere.get(vector) ?? firstPositions(index.visible, vector, countValues(index, index.visible, { vector, texts }))
  anywhere.set(vector, first)
  return first
}

function occurring(counts: Uint32Array): number {
  let values = 0
  for (const count of counts) if (count > 0) values++
  return values
}
