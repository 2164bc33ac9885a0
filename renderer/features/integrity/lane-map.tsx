import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { visible } from '#shared/base/visible.ts'
import { cx } from '#renderer/ui/cx.ts'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import { shifted, zoomed } from '#renderer/ui/histogram/histogram-model.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { useSize } from '#renderer/ui/use-size.ts'
import { durationText, type Zone } from '#shared/base/zone.ts'
import { drawAxis, drawLanes, type LaneColors } from './draw-lanes.ts'
import { AXIS_HEIGHT, LANE_HEIGHT, nextTrouble, timeOf, xOf, type Lane } from './lane-model.ts'
import { useCanvas } from './use-canvas.ts'
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
  const [brush, setBrush] = useState<{ readonly a: number; readonly b: number } | undefined>(undefined)
  const draw = useCallback(
    (g: CanvasRenderingContext2D, colors: LaneColors) => drawLanes(g, { lanes, view, zone, width, colors }),
    [lanes, view, zone, width],
  )
  const canvas = useCanvas(width, height, draw)
  useWheel(plot, view, extent, onView)

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
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { time } = point(event)
    setBrush({ a: time, b: time })
  }
  const onPointerMove = (event: PointerEvent): void => {
    const next = point(event)
    setAt(next)
    if (brush && event.buttons === 1) setBrush({ ...brush, b: next.time })
  }
  const onPointerUp = (): void => {
    if (!brush) return
    setBrush(undefined)
    const { from, to } = ordered(brush)
    if (xOf(view, width, to) - xOf(view, width, from) >= 4) onView({ from, to: Math.max(to, from + 60_000) })
    else if (at) onOpen?.(at)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const here = at ?? { lane: 0, time: (view.from + view.to) / 2 }
    const half = (view.to - view.from) / 2
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => walk(here.lane, here.time - stepMs),
      ArrowRight: () => walk(here.lane, here.time + stepMs),
      ArrowUp: () => walk(here.lane - 1, here.time),
      ArrowDown: () => walk(here.lane + 1, here.time),
      Home: () => walk(here.lane, view.from),
      End: () => walk(here.lane, view.to - 1),
      PageUp: () => onView(shifted(view, -half, extent)),
      PageDown: () => onView(shifted(view, half, extent)),
      n: () => goToTrouble(1),
      p: () => goToTrouble(-1),
      '+': () => onView(zoomed(view, here.time, 0.5, extent, 60_000)),
      '=': () => onView(zoomed(view, here.time, 0.5, extent, 60_000)),
      z: () => onView(zoomed(view, here.time, 0.5, extent, 60_000)),
      '-': () => onView(zoomed(view, here.time, 2, extent, 60_000)),
      Z: () => onView(zoomed(view, here.time, 2, extent, 60_000)),
      Enter: () => at && onOpen?.(at),
    }
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined
    if (!act) return
    event.preventDefault()
    act()
  }

  const span = brush && ordered(brush)
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
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerLeave={() => brush === undefined && setAt(undefined)}
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

const ordered = ({ a, b }: { readonly a: number; readonly b: number }): TimeRange => ({
  from: Math.round(Math.min(a, b)),
  to: Math.round(Math.max(a, b)),
})

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
    (g: CanvasRenderingContext2D, colors: LaneColors) => drawAxis(g, { view, zone, width, colors }),
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

/** React's own wheel listener is passive and could not keep the page from scrolling. */
function useWheel(
  plot: { readonly current: HTMLElement | null },
  view: TimeRange,
  extent: TimeRange,
  onView: (view: TimeRange) => void,
): void {
  const latest = useRef({ view, extent, onView })
  useLayoutEffect(() => {
    latest.current = { view, extent, onView }
  })
  useEffect(() => {
    const element = plot.current
    if (!element) return
    const onWheel = (event: WheelEvent): void => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
      const zooms = event.ctrlKey || event.metaKey
      // A plain wheel scrolls: there are often more lanes than fit.
      if (!zooms && Math.abs(sideways) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return
      event.preventDefault()
      const now = latest.current
      const box = element.getBoundingClientRect()
      const anchor = timeOf(now.view, box.width, event.clientX - box.left)
      const next = zooms
        ? zoomed(now.view, anchor, 1.2 ** (event.deltaY / 100), now.extent, 60_000)
        : shifted(now.view, (sideways / box.width) * (now.view.to - now.view.from), now.extent)
      if (next.from === now.view.from && next.to === now.view.to) return
      latest.current = { ...now, view: next }
      now.onView(next)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [plot])
}
