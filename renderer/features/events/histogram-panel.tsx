import { useMemo, useRef } from 'react'
import type { OutputOf } from '#shared/contract/contract.ts'
import { stripWords, type CoveredSpan } from '#renderer/client/coverage.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useCaseExtent, useTimeView } from '#renderer/client/use-time-view.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Histogram } from '#renderer/ui/histogram/histogram.tsx'
import type { HistogramData, YScale } from '#renderer/ui/histogram/histogram-model.ts'
import { Skeleton } from '#renderer/ui/states.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { useRemembered } from './remembered.ts'
import { seriesTokens } from './series-tokens.ts'
import { valueLabel } from './value-label.ts'
import css from './events.module.css'

const BUCKETS = 240

export type HistogramPanelProps = {
  readonly stackBy: string
  readonly span: TimeRange | undefined
  readonly onSpan: (span: TimeRange | undefined) => void
  readonly coverage: readonly CoveredSpan[] | undefined
  readonly everyMs: number | undefined
}

/** The events of the query over time; nothing while the case holds none. Zooming changes the range of the query; a marked span is compared with the rest. */
export function HistogramPanel(props: HistogramPanelProps) {
  const extent = useCaseExtent()
  return extent && <Panel {...props} extent={extent} />
}

function Panel({
  stackBy,
  span,
  onSpan,
  coverage,
  everyMs,
  extent,
}: HistogramPanelProps & { readonly extent: TimeRange }) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const zone = useZone()
  const [scale, setScale] = useRemembered<YScale>('scale', 'linear', (v) =>
    v === 'log' || v === 'linear' ? v : undefined,
  )
  const [view, move] = useTimeView(extent)
  const counted = useAsk('events.histogram', { caseId, query, buckets: BUCKETS, stackBy, stacks: 7 }, { everyMs })
  const data = useMemo(() => counted.value && toData(counted.value, stackBy), [counted.value, stackBy])
  const tokens = useStableTokens(data, stackBy)

  if (counted.failure && !data) return <p className={css['note']}>{counted.failure.message}</p>
  if (!data) return <Skeleton lines={4} label="Counting events over time" />
  return (
    <Histogram
      label="Events over time"
      unit="event"
      data={data}
      view={view}
      extent={extent}
      onView={move}
      span={span}
      onSpan={onSpan}
      scale={scale}
      onScale={setScale}
      zone={zone}
      stale={counted.isStale}
      seriesTokens={tokens}
      {...(coverage && { coverage, coverageWords: stripWords })}
    />
  )
}

function toData(answer: OutputOf<'events.histogram'>, stackBy: string): HistogramData {
  return {
    from: answer.startMs,
    bucketMs: answer.bucketMs,
    buckets: Math.max(1, ...answer.series.map((series) => series.counts.length)),
    series: answer.series.map(({ label, counts }) => ({
      id: label ?? '',
      label: label === null ? 'events' : label === 'none' ? 'no value' : valueLabel(stackBy, label),
      counts,
    })),
  }
}

/** A value keeps its colour while the query changes around it. */
function useStableTokens(data: HistogramData | undefined, stackBy: string): Readonly<Record<string, string>> {
  const known = useRef<{ field: string; tokens: Readonly<Record<string, string>> }>({ field: stackBy, tokens: {} })
  return useMemo(() => {
    const before = known.current.field === stackBy ? known.current.tokens : {}
    const tokens = seriesTokens(stackBy, data?.series.map((series) => series.id) ?? [], before)
    known.current = { field: stackBy, tokens }
    return tokens
  }, [data, stackBy])
}
