import {
  useCallback,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { visible } from '#shared/base/visible.ts'
import { cx } from '#renderer/ui/cx.ts'
import { drawTimeTicks } from '#renderer/ui/draw-time-ticks.ts'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { shifted, timeKeys, timeOf, xOf, zoomed } from '#renderer/ui/time-view.ts'
import { useCanvas, type ColorOf } from '#renderer/ui/use-canvas.ts'
import { useSize } from '#renderer/ui/use-size.ts'
import { useTimeBrush } from '#renderer/ui/use-time-brush.ts'
import { useTimeWheel } from '#renderer/ui/use-time-wheel.ts'
import { durationText, type Zone } from '#shared/base/zone.ts'
import { drawLanes, laneColors } from './draw-lanes.ts'
import { AXIS_HEIGHT, LANE_HEIGHT, nextTrouble, type Lane } from './lane-model.ts'
import css from './integrity.module.css'

/** Where somebody points: a lane by its number, and a moment. */
export type LanePoint = { readonly lane: number; readonly time: number }

export type LaneMapHandle = { readonly goToTrouble: (way: 1 | -1) => void }

export type LaneMapProps = {
  readonly label: string
  readonly lanes: readonly Lane[]
  readonly view: TimeRange
  readonly extent: TimeRange
  readonly zone: Zone
  /** How far an arrow key walks, ms. */
  readonly stepMs: number
  readonly isStale?: boolean
  readonly onView: (view: TimeRange) => void
  /** Click or Enter. */
  readonly onOpen?: (point: LanePoint) => void
  /** What is known of the point: shown beside it and read aloud. */
  readonly tip: (point: LanePoint) => ReactNode
  readonly ref?: Ref<LaneMapHandle>
}

/** Nobody needs coverage closer than by the minute. */
const LEAST_MS = 60_000

type Corner = { readonly x: number; readonly y: number }

/**
 * Lanes of vouched time on a canvas. Drag zooms into a span, Ctrl-wheel zooms around the pointer, Shift-wheel moves, a
 * plain wheel scrolls (there are often more lanes than fit), click opens.
 * Keys: left and right walk, up and down change the lane, n and p go to the next stretch that is altered or missing, Enter opens,
 * + and - zoom, PgUp and PgDn move.
 */
export function LaneMap(props: LaneMapProps) {
  const { lanes, view, extent, zone, stepMs, onView, onOpen } = props
  const height = Math.max(1, lanes.length) * LANE_HEIGHT
  const plot = useRef<HTMLDivElement>(null)
  const { width } = useSize(plot)
  const [at, setAt] = useState<(LanePoint & Corner) | undefined>(undefined)
  const draw = useCallback(
    (g: CanvasRenderingContext2D, color: ColorOf) =>
      drawLanes(g, { lanes, view, zone, width, colors: laneColors(color) }),
    [lanes, view, zone, width],
  )
  const canvas = useCanvas(width, height, draw)
  useTimeWheel(plot, { view, extent, onView, scrolls: true, leastMs: LEAST_MS })

  const place = (lane: number, time: number, range: TimeRange = view): void => {
    const box = plot.current?.getBoundingClientRect()
    if (!box) return
    setAt({ lane, time, x: box.left + xOf(range, width, time), y: box.top + lane * LANE_HEIGHT + LANE_HEIGHT })
    const row = plot.current?.parentElement?.children.item(0)?.children.item(lane)
    row?.scrollIntoView({ block: 'nearest' })
  }
  const walk = (lane: number, time: number): void => {
    const n = Math.min(lanes.length - 1, Math.max(0, lane))
    const moment = Math.min(extent.to - 1, Math.max(extent.from, time))
    const range =
      moment < view.from || moment >= view.to ? shifted(view, moment - (view.from + view.to) / 2, extent) : view
    if (range !== view) onView(range)
    place(n, moment, range)
  }
  const goToTrouble = (way: 1 | -1): void => {
    const from = at ?? { lane: way === 1 ? -1 : lanes.length, time: way === 1 ? extent.from - 1 : extent.to }
    const found = nextTrouble(lanes, from, way)
    if (!found) return
    plot.current?.focus()
    walk(found.lane, found.span.from)
  }
  useImperativeHandle(props.ref, () => ({ goToTrouble }))

  const point = (event: PointerEvent): LanePoint & Corner => {
    const box = plot.current!.getBoundingClientRect()
    const lane = Math.min(lanes.length - 1, Math.max(0, Math.floor((event.clientY - box.top) / LANE_HEIGHT)))
    return { lane, time: timeOf(view, width, event.clientX - box.left), x: event.clientX, y: event.clientY }
  }
  const brush = useTimeBrush({
    view,
    width,
    timeUnder: (event) => point(event).time,
    onBrush: onView,
    onClick: () => at && onOpen?.(at),
    leastMs: LEAST_MS,
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const here = at ?? { lane: 0, time: (view.from + view.to) / 2 }
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => walk(here.lane, here.time - stepMs),
      ArrowRight: () => walk(here.lane, here.time + stepMs),
      ArrowUp: () => walk(here.lane - 1, here.time),
      ArrowDown: () => walk(here.lane + 1, here.time),
      Home: () => walk(here.lane, view.from),
      End: () => walk(here.lane, view.to - 1),
      ...timeKeys(view, extent, here.time, onView, LEAST_MS),
      n: () => goToTrouble(1),
      p: () => goToTrouble(-1),
      Z: () => onView(zoomed(view, here.time, 2, extent, LEAST_MS)),
      Enter: () => at && onOpen?.(at),
    }
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined
    if (!act) return
    event.preventDefault()
    act()
  }

  const { span } = brush
  return (
    <div className={css['map']}>
      <Axis view={view} zone={zone} width={width} />
      <div className={css['lanes']}>
        <ul className={css['laneNames']} aria-label={`Lanes: ${props.label}`}>
          {lanes.map((lane) => (
            <li key={lane.id} style={{ height: LANE_HEIGHT }} title={visible(lane.title)}>
              {visible(lane.name)}
            </li>
          ))}
        </ul>
        <div
          ref={plot}
          className={cx(css['plot'], props.isStale === true && css['stale'])}
          style={{ height }}
          role="application"
          aria-roledescription="map over time"
          aria-label={`${props.label}, ${rangeText(view, zone)}. Arrow keys walk in time and lanes, n goes to the next gap, Enter opens.`}
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
              style={{
                left: xOf(view, width, span.from),
                width: xOf(view, width, span.to) - xOf(view, width, span.from),
              }}
            />
          )}
          {at && at.lane < lanes.length && (
            <>
              <div className={css['cross']} style={{ left: Math.min(width - 1, xOf(view, width, at.time)) }} />
              <div className={css['row']} style={{ top: at.lane * LANE_HEIGHT, height: LANE_HEIGHT }} />
              <Tip corner={at}>
                {span && span.to - span.from > 0 ? (
                  <>
                    <b>{rangeText(span, zone)}</b>
                    <span>{durationText(span.to - span.from)}</span>
                  </>
                ) : (
                  props.tip(at)
                )}
              </Tip>
            </>
          )}
        </div>
      </div>
    </div>
  )
}

/** Fixed to the window, so that a low pane does not cut it off. */
function Tip({ corner, children }: { readonly corner: Corner; readonly children: ReactNode }) {
  const right = corner.x > window.innerWidth * 0.6
  const low = corner.y > window.innerHeight - 260
  return (
    <div
      className={css['tip']}
      role="status"
      style={{
        ...(right ? { right: window.innerWidth - corner.x + 14 } : { left: corner.x + 14 }),
        ...(low ? { bottom: window.innerHeight - corner.y + 14 } : { top: corner.y + 14 }),
      }}
    >
      {children}
    </div>
  )
}

function Axis({ view, zone, width }: { readonly view: TimeRange; readonly zone: Zone; readonly width: number }) {
  const draw = useCallback(
    (g: CanvasRenderingContext2D, color: ColorOf) =>
      drawTimeTicks(g, { view, zone, width, height: AXIS_HEIGHT, colors: laneColors(color) }),
    [view, zone, width],
  )
  const canvas = useCanvas(width, AXIS_HEIGHT, draw)
  return (
    <div className={css['axis']}>
      <span className={css['zone']}>{zone.name}</span>
      <div>
        <canvas ref={canvas} className={css['canvas']} />
      </div>
    </div>
  )
}
