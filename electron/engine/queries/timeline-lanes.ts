import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { FacetVector } from './facet-vector.ts'
import { countValues } from './count-events.ts'
import { firstOf } from './first-of.ts'
import { bucketWidth } from './histogram.ts'

/** Buckets as edges in positions: bucket n holds the positions `edges[n]` up to `edges[n + 1]`. */
export type Buckets = { readonly startMs: number; readonly bucketMs: number; readonly edges: readonly number[] }

export type Lane = {
  readonly value: string | null
  readonly total: number
  readonly first: number
  readonly last: number
  readonly counts: readonly number[]
}
export type Lanes = { readonly lanes: readonly Lane[]; readonly all: number; readonly inLanes: number }

/** Readable buckets over a range, at most `most` of them and one more where the range does not begin on a round moment. */
export function bucketsOf(index: EventIndex, fromMs: number, toMs: number, most: number): Buckets {
  const bucketMs = bucketWidth(Math.max(1, toMs - fromMs), most)
  const startMs = Math.floor(fromMs / bucketMs) * bucketMs
  const count = Math.max(1, Math.ceil((toMs - startMs) / bucketMs))
  return {
    startMs,
    bucketMs,
    edges: Array.from({ length: count + 1 }, (_, n) => index.positionAt(startMs + n * bucketMs)),
  }
}

/** Events of the set per bucket. */
export const densityOf = (events: Bitmap, { edges }: Buckets): number[] =>
  Array.from({ length: edges.length - 1 }, (_, n) => events.count(edges[n], edges[n + 1]))

/** Lanes by a field. `events` must lie inside the buckets. Only the events of lanes that are drawn are looked for. */
export async function lanesByField(
  index: EventIndex,
  events: Bitmap,
  facet: FacetVector,
  buckets: Buckets,
  top: number,
): Promise<Lanes> {
  const totals = countValues(index, events, facet)
  const { texts } = facet
  const order = (a: number, b: number): number => totals[b]! - totals[a]! || textOrder(texts[a], texts[b])
  let all = 0
  for (const total of totals) if (total > 0) all++
  const lanes: Lane[] = []
  for (const id of firstOf(texts.length, top, order, (one) => totals[one]! > 0))
    lanes.push(laneOf(texts[id] ?? null, events.and(await facet.eventsOf([id])), totals[id]!, buckets))
  return { lanes, all, inLanes: lanes.reduce((sum, lane) => sum + lane.total, 0) }
}

const laneOf = (value: string | null, events: Bitmap, total: number, buckets: Buckets): Lane => ({
  value,
  total,
  first: events.page(0, 1)[0] ?? 0,
  last: events.page(0, 1, true)[0] ?? 0,
  counts: densityOf(events, buckets),
})

const textOrder = (a: string | null | undefined, b: string | null | undefined): number =>
  (a ?? '') < (b ?? '') ? -1 : 1

/** Lanes by tag: an event stands in the lane of each of its tags. */
export function lanesByTag(events: Bitmap, tags: ReadonlyMap<string, Bitmap>, buckets: Buckets, top: number): Lanes {
  const tagged = [...tags]
    .map(([value, map]) => ({ value, map: map.and(events) }))
    .map((one) => ({ ...one, total: one.map.count() }))
    .filter((one) => one.total > 0)
    .sort((a, b) => b.total - a.total || textOrder(a.value, b.value))
  const shown = tagged.slice(0, top)
  const lanes = shown.map(({ value, map, total }) => laneOf(value, map, total, buckets))
  const [one, ...others] = shown.map(({ map }) => map)
  return {
    lanes,
    all: tagged.length,
    inLanes: one === undefined ? 0 : others.reduce((sum, map) => sum.or(map), one).count(),
  }
}
