import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { Table2, ZoomOut } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { IconButton, Segments } from '../button.tsx'
import { cx } from '../cx.ts'
import { rangeText } from '../date-time-range.tsx'
import { MARK_KINDS, MarkSwatch, type MarkKind } from '../mark.tsx'
import type { TimeRange } from '../time-axis.ts'
import { shifted, zoomed } from '../time-view.ts'
import { useCanvas, type ColorOf } from '../use-canvas.ts'
import { useSize } from '../use-size.ts'
import { useTimeWheel } from '../use-time-wheel.ts'
import { durationText, timeText, UTC, type Zone } from '#shared/base/zone.ts'
import {
  drawHistogram,
  frameTime,
  frameX,
  histogramColors,
  histogramFrame,
  type HistogramFrame,
} from './histogram-draw.ts'
import { HistogramTable } from './histogram-table.tsx'
import {
  bucketAt,
  bucketStart,
  bucketTotal,
  toBuckets,
  type CoverageSpan,
  type HistogramData,
  type YScale,
} from './histogram-model.ts'
import css from './histogram.module.css'

export type HistogramProps = {
  readonly label: string
  /** What is counted, in the singular: `event`. */
  readonly unit: string
  readonly data: HistogramData
  /** What is shown; `data` may still be that of the view before and is then drawn in its place. */
  readonly view: TimeRange
  /** As far as one can zoom out. */
  readonly extent: TimeRange
  readonly onView: (view: TimeRange) => void
  /** Shift and brush, or Shift and arrows then Enter: the second thing to do with a span. */
  readonly onSpan?: (span: TimeRange) => void
  /** The span that `onSpan` last gave, shaded. */
  readonly span?: TimeRange | undefined
  /** What a press of `Z` or the zoom-out button does; one step back in history, say. Absent: twice as wide. */
  readonly onZoomOut?: () => void
  readonly coverage?: readonly CoverageSpan[]
  /** Words for the patterns of the coverage strip; the kinds themselves when absent. */
  readonly coverageWords?: Partial<Record<MarkKind, string>>
  readonly scale: YScale
  readonly onScale: (scale: YScale) => void
  readonly zone?: Zone
  readonly stale?: boolean
  /** Colours by series id when they must stay the same between queries: token names such as `--series-3`. */
  readonly seriesTokens?: Readonly<Record<string, string>>
}

const SERIES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `--series-${n}`)

/**
 * Counts over time as stacked bars, with a strip below that says how far the evidence reaches.
 *
 * Pointer: drag zooms, Shift-drag gives a span, wheel zooms around the pointer, Shift-wheel or a sideways wheel moves.
 * Keys: left and right walk the bars (Shift: mark), z or Enter zooms into the mark, Z zooms out, + and - zoom, PgUp PgDn move, Escape drops the mark.
 */
export function Histogram(props: HistogramProps) {
  const {
    label,
    unit,
    data,
    view,
    extent,
    onView,
    onSpan,
    span,
    coverage,
    scale,
    onScale,
    zone = UTC,
    stale = false,
  } = props
  const [asTable, setAsTable] = useState(false)
  const [cursor, setCursor] = useState<number | undefined>(undefined)
  const [corner, setCorner] = useState({ x: 0, y: 0 })
  const [brush, setBrush] = useState<{ readonly a: number; readonly b: number; readonly second: boolean } | undefined>(
    undefined,
  )
  const plot = useRef<HTMLDivElement>(null)
  const size = useSize(plot)
  const frame = useMemo(() => histogramFrame(size.width, size.height, coverage !== undefined), [size, coverage])
  const tokens = seriesTokens(props)
  const key = tokens.join()
  const draw = useCallback(
    (g: CanvasRenderingContext2D, color: ColorOf) =>
      drawHistogram(g, {
        data,
        view,
        coverage: coverage ?? [],
        scale,
        zone,
        frame,
        colors: histogramColors(color, key.split(',')),
      }),
    [data, view, coverage, scale, zone, frame, key],
  )
  const canvas = useCanvas(size.width, size.height, draw)
  useTimeWheel(plot, { view, extent, onView, frame })

  const zoomOut = (): void =>
    props.onZoomOut ? props.onZoomOut() : onView(zoomed(view, (view.from + view.to) / 2, 2, extent))
  const finish = (a: number, b: number, second: boolean): void => {
    setBrush(undefined)
    const range = toBuckets(data, a, b)
    if (second && onSpan) onSpan(range)
    else onView(range)
  }

  const timeUnder = (event: PointerEvent): number =>
    frameTime(frame, view, event.clientX - (plot.current?.getBoundingClientRect().left ?? 0))
  const point = (time: number): void => {
    const box = plot.current?.getBoundingClientRect()
    setCorner({ x: box?.left ?? 0, y: box?.top ?? 0 })
    setCursor(time)
  }
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const time = timeUnder(event)
    setBrush({ a: time, b: time, second: event.shiftKey })
  }
  const onPointerMove = (event: PointerEvent): void => {
    const time = timeUnder(event)
    point(time)
    if (brush && event.buttons === 1) setBrush({ ...brush, b: time })
  }
  const onPointerUp = (): void => {
    if (!brush) return
    // A click is no brush: three pixels at least.
    if (Math.abs(frameX(frame, view, brush.a) - frameX(frame, view, brush.b)) < 3) setBrush(undefined)
    else finish(brush.a, brush.b, brush.second)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    if (histogramKey(event)) event.preventDefault()
  }

  const histogramKey = (event: KeyboardEvent): boolean => {
    const here = cursor === undefined || cursor < view.from || cursor >= view.to ? (view.from + view.to) / 2 : cursor
    const walk = (to: number): void => {
      const next = Math.min(view.to - 1, Math.max(view.from, to))
      point(next)
      if (event.shiftKey) setBrush({ a: brush?.a ?? here, b: next, second: true })
      else setBrush(undefined)
    }
    const width = view.to - view.from
    switch (event.key) {
      case 'ArrowLeft':
        walk(here - data.bucketMs)
        return true
      case 'ArrowRight':
        walk(here + data.bucketMs)
        return true
      case 'Home':
        walk(view.from)
        return true
      case 'End':
        walk(view.to - 1)
        return true
      case 'PageUp':
        onView(shifted(view, -width / 2, extent))
        return true
      case 'PageDown':
        onView(shifted(view, width / 2, extent))
        return true
      case '+':
      case '=':
        onView(zoomed(view, here, 0.5, extent))
        return true
      case '-':
        onView(zoomed(view, here, 2, extent))
        return true
      case 'z':
        if (brush) finish(brush.a, brush.b, false)
        else onView(zoomed(view, here, 0.5, extent))
        return true
      case 'Z':
        zoomOut()
        return true
      case 'Enter':
        if (!brush) return false
        finish(brush.a, brush.b, onSpan !== undefined)
        return true
      case 'Escape':
        if (!brush) return false
        setBrush(undefined)
        return true
      default:
        return false
    }
  }

  const total = useMemo(
    () => Array.from({ length: data.buckets }, (_, i) => bucketTotal(data, i)).reduce((sum, n) => sum + n, 0),
    [data],
  )
  return (
    <section className={css['histogram']} aria-label={label}>
      <div className={css['bar']}>
        <Legend {...props} tokens={tokens} />
        <span className={css['zone']}>
          {zone.name} · one bar is {durationText(data.bucketMs)}
        </span>
        <Segments
          label="Scale of the counts"
          value={scale}
          onChange={onScale}
          options={[
            { id: 'linear', label: 'linear' },
            { id: 'log', label: 'log' },
          ]}
        />
        <IconButton
          size="small"
          icon={ZoomOut}
          label="Zoom out"
          keys="Z"
          onPress={zoomOut}
          isDisabled={view.from <= extent.from && view.to >= extent.to}
        />
        <IconButton
          size="small"
          icon={Table2}
          label="Show as table"
          isPressed={asTable}
          onPress={() => setAsTable(!asTable)}
        />
      </div>
      {asTable ? (
        <HistogramTable data={data} view={view} zone={zone} unit={unit} onZoom={onView} />
      ) : (
        <div
          ref={plot}
          className={cx(css['plot'], stale && css['stale'])}
          role="group"
          aria-roledescription="histogram"
          aria-label={`${label}: ${counted(total, unit)}, ${rangeText(view, zone)}. Arrow keys walk the bars.`}
          aria-busy={stale}
          tabIndex={0}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerLeave={() => brush === undefined && setCursor(undefined)}
          onBlur={() => setCursor(undefined)}
          onKeyDown={onKeyDown}
        >
          <canvas ref={canvas} className={css['canvas']} />
          {span && <Shade frame={frame} view={view} range={span} className={css['span']} />}
          {brush && (
            <Shade
              frame={frame}
              view={view}
              range={toBuckets(data, brush.a, brush.b)}
              className={brush.second ? css['brushSecond'] : css['brush']}
            />
          )}
          {cursor !== undefined && (
            <Cursor
              {...props}
              zone={zone}
              frame={frame}
              at={cursor}
              corner={corner}
              tokens={tokens}
              brush={brush && toBuckets(data, brush.a, brush.b)}
            />
          )}
        </div>
      )}
    </section>
  )
}

const seriesTokens = ({ data, seriesTokens: given }: HistogramProps): readonly string[] =>
  data.series.map((series, i) => given?.[series.id] ?? SERIES[i] ?? '--series-rest')

function Shade({
  frame,
  view,
  range,
  className,
}: {
  readonly frame: HistogramFrame
  readonly view: TimeRange
  readonly range: TimeRange
  readonly className: string | undefined
}) {
  const clamp = (x: number): number => Math.min(frame.left + frame.width, Math.max(frame.left, x))
  const left = clamp(frameX(frame, view, range.from))
  return (
    <div
      className={cx(css['shade'], className)}
      style={{ left, width: Math.max(0, clamp(frameX(frame, view, range.to)) - left), height: frame.bars }}
    />
  )
}

type CursorProps = HistogramProps & {
  readonly zone: Zone
  readonly frame: HistogramFrame
  readonly at: number
  readonly corner: { readonly x: number; readonly y: number }
  readonly tokens: readonly string[]
  readonly brush: TimeRange | undefined
}

/** The crosshair and what stands under it. The words are fixed to the window, so that a low pane does not cut them off. */
function Cursor({ data, view, unit, zone, frame, at, corner, tokens, coverage, coverageWords, brush }: CursorProps) {
  const bucket = bucketAt(data, at)
  const start = bucketStart(data, bucket)
  const x = frameX(frame, view, at)
  const covered = coverage?.find((one) => at >= one.from && at < one.to)
  const parts = data.series
    .map((series, i) => ({ label: series.label, token: tokens[i]!, count: series.counts[bucket] ?? 0 }))
    .filter((part) => part.count > 0)
    .sort((a, b) => b.count - a.count)
  const right = x > frame.left + frame.width / 2
  return (
    <>
      <div className={css['cross']} style={{ left: x, height: frame.bars }} />
      <div
        className={css['tip']}
        role="status"
        style={
          right
            ? { top: corner.y + 4, right: `calc(100vw - ${corner.x + x - 12}px)` }
            : { top: corner.y + 4, left: corner.x + x + 12 }
        }
      >
        <div className={css['tipTime']}>{brush ? rangeText(brush, zone) : timeText(start, zone)}</div>
        <div className={css['tipTotal']}>
          {brush ? durationText(brush.to - brush.from) : counted(bucketTotal(data, bucket), unit)}
        </div>
        {parts.slice(0, 8).map((part) => (
          <div key={part.label} className={css['tipLine']}>
            <span className={css['dot']} style={{ background: `var(${part.token})` }} />
            <span className={css['tipLabel']}>{visible(part.label)}</span>
            <span>{grouped(part.count)}</span>
          </div>
        ))}
        {covered && (
          <div className={css['tipCover']}>
            <MarkSwatch kind={covered.state} /> {coverageWords?.[covered.state] ?? covered.state}
          </div>
        )}
      </div>
    </>
  )
}

function Legend({ data, tokens, coverage, coverageWords }: HistogramProps & { readonly tokens: readonly string[] }) {
  const kinds = MARK_KINDS.filter((kind) => coverage?.some((one) => one.state === kind))
  return (
    <div className={css['legend']}>
      {data.series.length > 1 &&
        data.series.map((series, i) => (
          <span key={series.id} className={css['key']}>
            <span className={css['dot']} style={{ background: `var(${tokens[i]!})` }} />
            {visible(series.label)}
          </span>
        ))}
      {kinds.length > 0 && (
        <span className={css['covers']}>
          {kinds.map((kind) => (
            <span key={kind} className={css['key']}>
              <MarkSwatch kind={kind} />
              {coverageWords?.[kind] ?? kind}
            </span>
          ))}
        </span>
      )}
    </div>
  )
}
