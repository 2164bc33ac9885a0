import type { MarkKind } from '../mark.tsx'
import type { TimeRange } from '../time-axis.ts'

/** One stacked part of the bars. `counts` has one number per bucket. */
export type HistogramSeries = { readonly id: string; readonly label: string; readonly counts: ArrayLike<number> }

/** Counts per bucket: bucket i spans `from + i * bucketMs` (ms UTC) to the next. Eight series at most; the caller sums up the rest as the last one. */
export type HistogramData = {
  readonly from: number
  readonly bucketMs: number
  readonly buckets: number
  readonly series: readonly HistogramSeries[]
}

/** A stretch of the strip below the bars. */
export type CoverageSpan = TimeRange & { readonly state: MarkKind }

export type YScale = 'linear' | 'log'

/** All series of one bucket together. */
export const bucketTotal = (data: HistogramData, bucket: number): number =>
  data.series.reduce((sum, series) => sum + (series.counts[bucket] ?? 0), 0)

/** The highest bucket that can be seen in `view`, at least 1. */
export function highest(data: HistogramData, view: TimeRange): number {
  let most = 1
  for (let i = Math.max(0, bucketAt(data, view.from)); i < data.buckets && bucketStart(data, i) < view.to; i++)
    most = Math.max(most, bucketTotal(data, i))
  return most
}

export const bucketStart = (data: HistogramData, bucket: number): number => data.from + bucket * data.bucketMs
export const bucketAt = (data: HistogramData, time: number): number => Math.floor((time - data.from) / data.bucketMs)

/** How high a bar of `count` stands, 0 to 1. On the log scale a single event still stands 8 % high, so that nothing seen is invisible. */
export function barHeight(count: number, most: number, scale: YScale): number {
  if (count <= 0) return 0
  return scale === 'linear' ? count / most : 0.08 + 0.92 * (Math.log10(count + 1) / Math.log10(most + 1))
}

/** Round numbers for the y axis, not above `most`, smallest first. */
export function yTicks(most: number, scale: YScale): readonly number[] {
  if (scale === 'log') return [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000].filter((n) => n <= most)
  const rough = most / 2
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)))
  const step = [5, 2, 1].map((n) => n * power).find((n) => n <= rough) ?? 1
  const ticks: number[] = []
  for (let n = step; n <= most && ticks.length < 4; n += step) ticks.push(n)
  return ticks
}

/** Two moments as whole buckets, at least one wide. */
export function toBuckets(data: HistogramData, a: number, b: number): TimeRange {
  const first = bucketAt(data, Math.min(a, b))
  const last = bucketAt(data, Math.max(a, b))
  return { from: bucketStart(data, first), to: bucketStart(data, last + 1) }
}
