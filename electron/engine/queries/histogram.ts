import { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { countValues } from './count-events.ts'
import { firstOf } from './first-of.ts'
import type { FacetVector } from './facet-vector.ts'

export type Histogram = {
  readonly startMs: number
  readonly bucketMs: number
  readonly series: readonly { readonly label: string | null; readonly counts: readonly number[] }[]
}

/** Widths that people read at a glance, from a second to a year. */
const WIDTHS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  2_592_000, 31_536_000,
].map((s) => s * 1000)

/** The narrowest readable width with which the span fits into `most` buckets. */
export function bucketWidth(spanMs: number, most: number): number {
  return WIDTHS.find((w) => spanMs / w <= most) ?? Math.ceil(spanMs / most / 31_536_000_000) * 31_536_000_000
}

/**
 * Counts events over time. Positions are in time order, so a bucket is a range of positions: two binary searches and a
 * popcount. Stacked by a field, that is done for the events of each of its most frequent values.
 */
export async function histogram(
  index: EventIndex,
  events: Bitmap,
  range: { readonly fromMs: number; readonly toMs: number },
  most: number,
  stack: { readonly by: FacetVector; readonly count: number } | undefined,
): Promise<Histogram> {
  const bucketMs = bucketWidth(Math.max(1, range.toMs - range.fromMs), most)
  const startMs = Math.floor(range.fromMs / bucketMs) * bucketMs
  const buckets = Math.max(1, Math.ceil((range.toMs - startMs) / bucketMs))
  const edges = Array.from({ length: buckets + 1 }, (_, n) => index.positionAt(startMs + n * bucketMs))
  const all = perBucket(events, edges)
  const series = stack
    ? await stacked(index, events, edges, all, stack.by, stack.count)
    : [{ label: null, counts: all }]
  return { startMs, bucketMs, series }
}

const perBucket = (events: Bitmap, edges: readonly number[]): number[] =>
  edges.slice(1).map((end, n) => events.count(edges[n], end))

async function stacked(
  index: EventIndex,
  events: Bitmap,
  edges: readonly number[],
  all: readonly number[],
  by: FacetVector,
  most: number,
): Promise<Histogram['series']> {
  const drawn = events.and(Bitmap.range(events.length, edges[0]!, edges.at(-1)!))
  const totals = countValues(index, drawn, by)
  const top = firstOf(
    totals.length,
    most,
    (a, b) => totals[b]! - totals[a]! || a - b,
    (id) => totals[id]! > 0,
  )
  const rest = [...all]
  const series: { label: string; counts: number[] }[] = []
  for (const id of top) {
    const counts = perBucket(drawn.and(await by.eventsOf([id])), edges)
    for (const [n, count] of counts.entries()) rest[n]! -= count
    series.push({ label: by.texts[id] ?? 'none', counts })
  }
  return rest.some((n) => n > 0) ? [...series, { label: 'others', counts: rest }] : series
}
