import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { countValues } from './count-events.ts'
import type { FacetVector } from './facet-vector.ts'

export type ComparedValue = {
  readonly value: string | null
  readonly inside: number
  readonly outside: number
  readonly score: number
}

/** A share may differ by this much by chance: what lies below says nothing. */
const LEAST_DIFFERENCE = 0.01
/** Standard errors by which two shares must lie apart (two-proportion z test). */
const LEAST_Z = 2

/**
 * How much more or less frequent a value is inside than outside: the difference of its shares, 0 to 1, or 0 where it may be chance:
 * below one percentage point, or below two standard errors of the difference of two proportions. Where one set
 * is empty there is nothing to compare.
 */
export function scoreOf(inside: number, ofInside: number, outside: number, ofOutside: number): number {
  if (ofInside === 0 || ofOutside === 0) return 0
  const difference = Math.abs(inside / ofInside - outside / ofOutside)
  if (difference < LEAST_DIFFERENCE) return 0
  const pooled = (inside + outside) / (ofInside + ofOutside)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / ofInside + 1 / ofOutside))
  return difference < LEAST_Z * error ? 0 : difference
}

/** The values of a field that differ between two sets of events, most first; at most `top`. */
export function compareValues(
  index: EventIndex,
  facet: FacetVector,
  inside: Bitmap,
  outside: Bitmap,
  top: number,
): ComparedValue[] {
  const [ofInside, ofOutside] = [inside.count(), outside.count()]
  const { texts } = facet
  const [here, there] = [countValues(index, inside, facet), countValues(index, outside, facet)]
  const found: ComparedValue[] = []
  for (let id = 0; id < texts.length; id++) {
    const [a, b] = [here[id]!, there[id]!]
    if (a === 0 && b === 0) continue
    const score = scoreOf(a, ofInside, b, ofOutside)
    if (score > 0) found.push({ value: texts[id] ?? null, inside: a, outside: b, score })
  }
  return found.sort((a, b) => b.score - a.score || ((a.value ?? '') < (b.value ?? '') ? -1 : 1)).slice(0, top)
}
