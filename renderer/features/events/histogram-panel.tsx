import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { utcMs } from '#shared/base/time.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { stripWords, type CoveredSpan } from '#renderer/client/coverage.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Histogram } from '#renderer/ui/histogram/histogram.tsx'
import type { HistogramData, YScale } from '#renderer/ui/histogram/histogram-model.ts'
import { Skeleton } from '#renderer/ui/states.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { useRemembered } from './remembered.ts'
import { seriesTokens } from './series-tokens.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { valueLabel } from './value-label.ts'
import css from './events.module.css'

/** A wheel turns in many small steps: the question is asked when it rests. */
const REST_MS = 220
const BUCKETS = 240

export type HistogramPanelProps = {
  readonly stackBy: string
  readonly span: TimeRange | undefined
  readonly onSpan: (span: TimeRange | undefined) => void
  readonly coverage: readonly CoveredSpan[] | undefined
  readonly everyMs: number | undefined
}

/** The events of the query over time. Zooming changes the range of the query; a marked span is compared with the rest. */
export function HistogramPanel({ stackBy, span, onSpan, coverage, everyMs }: HistogramPanelProps) {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const zone = useZone()
  const [scale, setScale] = useRemembered<YScale>('scale', 'linear', (v) =>
    v === 'log' || v === 'linear' ? v : undefined,
  )
  const extent = extentOf(open.firstEventMs, open.lastEventMs)
  const [view, setView] = useViewOf(query, extent)
  const counted = useAsk(
    'events.histogram',
    extent ? { caseId: open.caseId, query, buckets: BUCKETS, stackBy, stacks: 7 } : null,
    { everyMs },
  )
  const data = useMemo(() => counted.value && toData(counted.value, stackBy), [counted.value, stackBy])
  const tokens = useStableTokens(data, stackBy)

  if (!extent || !view) return null
  if (counted.failure && !data) return <p className={css['note']}>{counted.failure.message}</p>
  if (!data) return <Skeleton lines={4} label="Counting events over time" />
  return (
    <Histogram
      label="Events over time"
      unit="event"
      data={data}
      view={view}
      extent={extent}
      onView={setView}
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

function extentOf(firstMs: number | null, lastMs: number | null): TimeRange | undefined {
  if (firstMs === null || lastMs === null) return undefined
  // A second more, so that the last event is inside; never a range of no width.
  return { from: firstMs, to: lastMs + 1000 }
}

/** The range that is drawn: at once what the hand does, and a moment later the range of the query. */
function useViewOf(query: EventQuery, extent: TimeRange | undefined) {
  const [hand, setHand] = useState<TimeRange | undefined>(undefined)
  const timer = useRef(0)
  const asked = extent && { from: query.from ?? extent.from, to: query.to ?? extent.to }
  useEffect(() => setHand(undefined), [query.from, query.to])
  useEffect(() => () => clearTimeout(timer.current), [])
  const setView = useCallback(
    (next: TimeRange) => {
      if (!extent) return
      setHand(next)
      clearTimeout(timer.current)
      timer.current = window.setTimeout(() => {
        const whole = next.from <= extent.from && next.to >= extent.to
        const { view, ask } = useWorkspace.getState()
        const [from, to] = whole ? [undefined, undefined] : [utcMs(Math.round(next.from)), utcMs(Math.round(next.to))]
        if (view.query.from === from && view.query.to === to) setHand(undefined)
        else ask({ from, to })
      }, REST_MS)
    },
    // The extent is a new object at each draw; its ends are what counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
    [extent?.from, extent?.to],
  )
  return [hand ?? asked, setView] as const
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
