import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
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
 * popcount. Stacked by a field, the events of the set are walked once.
 */
export function histogram(
  index: EventIndex,
  events: Bitmap,
  range: { readonly fromMs: number; readonly toMs: number },
  most: number,
  stack: { readonly by: FacetVector; readonly count: number } | undefined,
): Histogram {
  const bucketMs = bucketWidth(Math.max(1, range.toMs - range.fromMs), most)
  const startMs = Math.floor(range.fromMs / bucketMs) * bucketMs
  const buckets = Math.max(1, Math.ceil((range.toMs - startMs) / bucketMs))
  const edges = Array.from({ length: buckets + 1 }, (_, n) => index.positionAt(startMs + n * bucketMs))
  if (!stack) {
    const counts = Array.from({ length: buckets }, (_, n) => events.count(edges[n], edges[n + 1]))
    return { startMs, bucketMs, series: [{ label: null, counts }] }
  }
  return { startMs, bucketMs, series: stacked(events, edges, stack.by, stack.count) }
}

function stacked(
  events: Bitmap,
  edges: readonly number[],
  { vector, texts }: FacetVector,
  most: number,
): Histogram['series'] {
  const buckets = edges.length - 1
  const totals = new Uint32Array(texts.length)
  events.each((p) => {
    if (p >= edges[0]! && p < edges[buckets]!) totals[vector[p]!]!++
  })
  const top = [...totals.keys()]
    .filter((id) => totals[id]! > 0)
    .sort((a, b) => totals[b]! - totals[a]! || a - b)
    .slice(0, most)
  const seriesOf = new Uint8Array(texts.length).fill(top.length)
  for (const [n, id] of top.entries()) seriesOf[id] = n
  const counts = Array.from({ length: top.length + 1 }, () => new Uint32Array(buckets))
  let bucket = 0
  events.each((p) => {
    if (p < edges[0]! || p >= edges[buckets]!) return
    while (p >= edges[bucket + 1]!) bucket++
    counts[seriesOf[vector[p]!]!]![bucket]!++
  })
  const rest = counts[top.length]!
  const series = top.map((id, n) => ({ label: texts[id] ?? 'none', counts: [...counts[n]!] }))
  return rest.some((n) => n > 0) ? [...series, { label: 'others', counts: [...rest] }] : series
}
