import { useCallback, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { counted } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { cx } from '#renderer/ui/cx.ts'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { timeKeys, timeOf, xOf } from '#renderer/ui/time-view.ts'
import { useCanvas, type ColorOf } from '#renderer/ui/use-canvas.ts'
import { useTimeBrush } from '#renderer/ui/use-time-brush.ts'
import { useTimeWheel } from '#renderer/ui/use-time-wheel.ts'
import { durationText, timeText, type Zone } from '#shared/base/zone.ts'
import { drawLanes, timelineColors, type LaneScene } from './draw-lanes.ts'
import { hitAt, LANE_HEIGHT, type Hit, type NamedGap, type Stay } from './lane-model.ts'
import css from './timeline.module.css'

type LanePlotProps = {
  readonly data: LaneScene['data']
  readonly stays: readonly Stay[]
  readonly gaps: readonly NamedGap[]
  readonly pins: readonly number[]
  readonly view: TimeRange
  readonly extent: TimeRange
  readonly zone: Zone
  readonly width: number
  readonly label: string
  readonly isStale: boolean
  readonly laneName: (value: string | null) => string
  readonly onView: (view: TimeRange) => void
  readonly onOpen: (hit: Hit) => void
  readonly onZoomOut: () => void
}

type Pointer = { readonly time: number; readonly y: number; readonly x: number; readonly top: number }

/**
 * The lanes on a canvas. Wheel zooms around the pointer, Shift-wheel or a sideways wheel moves, drag zooms into a span, click opens the events
 * under the pointer. Keys: left and right walk, up and down change the lane, Enter opens, + and - zoom, PgUp and PgDn move, z zooms in, Z out.
 */
export function LanePlot(props: LanePlotProps) {
  const { data, stays, gaps, pins, view, extent, zone, width, onView, onOpen } = props
  const height = Math.max(LANE_HEIGHT, data.lanes.length * LANE_HEIGHT)
  const plot = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<Pointer | undefined>(undefined)
  const draw = useCallback(
    (g: CanvasRenderingContext2D, color: ColorOf) =>
      drawLanes(g, { data, stays, gaps, pins, view, zone, width, height, colors: timelineColors(color) }),
    [data, stays, gaps, pins, view, zone, width, height],
  )
  const canvas = useCanvas(width, height, draw)
  useTimeWheel(plot, { view, extent, onView })

  const slack = ((view.to - view.from) / Math.max(1, width)) * 3
  const hit = at && hitAt(data, stays, at.time, at.y, slack)
  const point = (event: PointerEvent): Pointer => {
    const box = plot.current!.getBoundingClientRect()
    const x = event.clientX - box.left
    return { time: timeOf(view, width, x), y: event.clientY - box.top, x: event.clientX, top: event.clientY }
  }
  const brush = useTimeBrush({
    view,
    width,
    timeUnder: (event) => point(event).time,
    onBrush: onView,
    onClick: () => hit && onOpen(hit),
    leastMs: 1000,
  })

  const walk = (time: number, lane: number): void => {
    const box = plot.current!.getBoundingClientRect()
    const n = Math.min(data.lanes.length - 1, Math.max(0, lane))
    const moment = Math.min(view.to - 1, Math.max(view.from, time))
    const y = n * LANE_HEIGHT + 4
    setAt({ time: moment, y, x: box.left + xOf(view, width, moment), top: box.top + y })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const here = at?.time ?? (view.from + view.to) / 2
    const lane = Math.floor((at?.y ?? 0) / LANE_HEIGHT)
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => walk(here - data.bucketMs, lane),
      ArrowRight: () => walk(here + data.bucketMs, lane),
      ArrowUp: () => walk(here, lane - 1),
      ArrowDown: () => walk(here, lane + 1),
      Home: () => walk(view.from, lane),
      End: () => walk(view.to - 1, lane),
      ...timeKeys(view, extent, here, onView),
      Z: props.onZoomOut,
      Enter: () => hit && onOpen(hit),
    }
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined
    if (!act) return
    event.preventDefault()
    act()
  }
  const { span } = brush
  return (
    <div
      ref={plot}
      className={cx(css['plot'], props.isStale && css['stale'])}
      style={{ height }}
      role="application"
      aria-roledescription="timeline"
      aria-label={`${props.label}, ${rangeText(view, zone)}. Arrow keys walk in time and lanes, Enter opens the events.`}
      tabIndex={0}
      onPointerDown={brush.start}
      onPointerMove={(event) => {
        setAt(point(event))
        brush.move(event)
      }}
      onPointerUp={brush.end}
      onPointerLeave={() => span === undefined && setAt(undefined)}
      onBlur={() => setAt(undefined)}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} className={css['canvas']} />
      {span && (
        <div
          className={css['brush']}
          style={{ left: xOf(view, width, span.from), width: xOf(view, width, span.to) - xOf(view, width, span.from) }}
        />
      )}
      {at && <div className={css['cross']} style={{ left: xOf(view, width, at.time) }} />}
      {at && hit && <Tip hit={hit} at={at} brush={span} zone={zone} laneName={props.laneName} />}
    </div>
  )
}

const KINDS = { console: 'console session', session: 'role session', key: 'access key' } as const

function Tip({
  hit,
  at,
  brush,
  zone,
  laneName,
}: {
  readonly hit: Hit
  readonly at: Pointer
  readonly brush: TimeRange | undefined
  readonly zone: Zone
  readonly laneName: (value: string | null) => string
}) {
  const right = at.x > window.innerWidth / 2
  const low = at.top > window.innerHeight - 200
  return (
    <div
      className={css['tip']}
      role="status"
      style={{
        ...(right ? { right: window.innerWidth - at.x + 12 } : { left: at.x + 12 }),
        ...(low ? { bottom: window.innerHeight - at.top + 8 } : { top: at.top + 12 }),
      }}
    >
      <div className={css['tipTime']}>{brush ? rangeText(brush, zone) : timeText(hit.range.from, zone)}</div>
      {brush ? (
        <div>{durationText(brush.to - brush.from)}</div>
      ) : (
        <>
          <div className={css['tipLane']}>{visible(cutMiddle(laneName(hit.lane.value), 60))}</div>
          {hit.stays.length === 0 ? (
            <div>
              {counted(hit.count, 'event')} in {durationText(hit.range.to - hit.range.from)}
            </div>
          ) : (
            hit.stays.slice(0, 6).map((stay) => (
              <div key={stay.credential} className={css['tipStay']}>
                <div>
                  {KINDS[stay.kind]} <code>{visible(stay.credential)}</code>
                </div>
                <div>
                  {counted(stay.events, 'event')}, first to last {durationText(stay.lastMs - stay.firstMs)}, from{' '}
                  {timeText(stay.firstMs, zone)}
                </div>
                {stay.parent !== null && (
                  <div>
                    obtained with <code>{visible(stay.parent)}</code>
                  </div>
                )}
              </div>
            ))
          )}
        </>
      )}
    </div>
  )
}
