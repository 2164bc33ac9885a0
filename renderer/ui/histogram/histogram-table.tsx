import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { TimeRange } from '../time-axis.ts'
import { timeText, type Zone } from '#shared/base/zone.ts'
import { bucketAt, bucketStart, bucketTotal, type HistogramData } from './histogram-model.ts'
import css from './histogram.module.css'

type HistogramTableProps = {
  readonly data: HistogramData
  readonly view: TimeRange
  readonly zone: Zone
  readonly unit: string
  readonly onZoom: (range: TimeRange) => void
}

const MOST_ROWS = 500

/** The same counts as a table, for those who cannot see the bars; empty bars are left out. Pressing a time zooms to it. */
export function HistogramTable({ data, view, zone, unit, onZoom }: HistogramTableProps) {
  const first = Math.max(0, bucketAt(data, view.from))
  const last = Math.min(data.buckets - 1, bucketAt(data, view.to - 1))
  const filled = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).filter(
    (bucket) => bucketTotal(data, bucket) > 0,
  )
  const shown = filled.slice(0, MOST_ROWS)
  return (
    <div className={css['tableWrap']} tabIndex={0} role="region" aria-label="Counts as a table">
      <table className={css['table']}>
        <caption className={css['caption']}>
          {grouped(shown.length)} of {counted(filled.length, 'bar')} with {unit}s, of{' '}
          {grouped(Math.max(0, last - first + 1))} in view
        </caption>
        <thead>
          <tr>
            <th scope="col">from ({zone.name})</th>
            <th scope="col">total</th>
            {data.series.length > 1 &&
              data.series.map((series) => (
                <th key={series.id} scope="col">
                  {visible(series.label)}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((bucket) => (
            <tr key={bucket}>
              <th scope="row">
                <button
                  type="button"
                  className={css['tableTime']}
                  onClick={() => onZoom({ from: bucketStart(data, bucket), to: bucketStart(data, bucket + 1) })}
                >
                  {timeText(bucketStart(data, bucket), zone)}
                </button>
              </th>
              <td>{grouped(bucketTotal(data, bucket))}</td>
              {data.series.length > 1 &&
                data.series.map((series) => <td key={series.id}>{grouped(series.counts[bucket] ?? 0)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
