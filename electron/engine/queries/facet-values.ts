import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { countValues } from './count-events.ts'
import type { FacetVector } from './facet-vector.ts'
import { firstOf } from './first-of.ts'

export type FacetValues = {
  /** Values that occur and fit the search; `values` holds the first of them. */
  readonly distinct: number
  /** Events without a value. */
  readonly absent: number
  readonly values: { readonly value: string; readonly count: number }[]
}

/** The values of a field among events, most frequent first or rarest first. `wanted` is in lower case. */
export function facetValues(
  index: EventIndex,
  events: Bitmap,
  facet: FacetVector,
  how: { readonly wanted: string; readonly rareFirst: boolean; readonly top: number },
): FacetValues {
  const counts = countValues(index, events, facet)
  const { texts } = facet
  let absent = 0
  let distinct = 0
  const fits = (id: number): boolean => {
    const text = texts[id] ?? null
    if (counts[id] === 0) return false
    if (text === null) absent += counts[id]!
    else if (how.wanted === '' || text.toLowerCase().includes(how.wanted)) {
      distinct++
      return true
    }
    return false
  }
  const order = how.rareFirst ? 1 : -1
  const first = firstOf(
    counts.length,
    how.top,
    (a, b) => order * (counts[a]! - counts[b]!) || (texts[a]! < texts[b]! ? -1 : 1),
    fits,
  )
  return { distinct, absent, values: first.map((id) => ({ value: texts[id]!, count: counts[id]! })) }
}
