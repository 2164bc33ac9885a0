import { useCallback, useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { shifted, timeOf, xOf } from '#renderer/ui/time-view.ts'
import { useSize } from '#renderer/ui/use-size.ts'
import type { Zone } from '#shared/base/zone.ts'
import { drawMiniMap, timelineColors } from './draw-lanes.ts'
import type { NamedGap } from './lane-model.ts'
import { useCanvas, type ColorOf } from '#renderer/ui/use-canvas.ts'
import css from './timeline.module.css'

type MiniMapProps = {
  readonly extent: TimeRange
  readonly view: TimeRange
  readonly onView: (view: TimeRange) => void
  readonly counts:
    { readonly startMs: number; readonly bucketMs: number; readonly counts: readonly number[] } | undefined
  readonly gaps: readonly NamedGap[]
  readonly pins: readonly number[]
  readonly zone: Zone
}

/** The whole case, and the window that is shown below. Drag the window to move it, drag beside it for a new one; arrow keys move it. */
export function MiniMap({ extent, view, onView, counts, gaps, pins, zone }: MiniMapProps) {
  const plot = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(plot)
  const held = useRef<{ readonly at: number; readonly view: TimeRange | undefined } | null>(null)
  const draw = useCallback(
    (g: CanvasRenderingContext2D, color: ColorOf) => {
      if (counts) drawMiniMap(g, { ...counts, gaps, pins, view: extent, width, height, colors: timelineColors(color) })
    },
    [counts, gaps, pins, extent, width, height],
  )
  const canvas = useCanvas(width, height, draw)
  const left = Math.max(0, xOf(extent, width, view.from))
  const right = Math.min(width, xOf(extent, width, view.to))

  const timeUnder = (event: PointerEvent): number =>
    timeOf(extent, width, event.clientX - (plot.current?.getBoundingClientRect().left ?? 0))
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const at = timeUnder(event)
    const isWhole = view.from <= extent.from && view.to >= extent.to
    held.current = { at, view: !isWhole && at >= view.from && at < view.to ? view : undefined }
  }
  const onPointerMove = (event: PointerEvent): void => {
    const { current } = held
    if (!current) return
    const at = timeUnder(event)
    if (current.view) onView(shifted(current.view, at - current.at, extent))
    else if (Math.abs(xOf(extent, width, at) - xOf(extent, width, current.at)) > 3)
      onView({ from: Math.round(Math.min(at, current.at)), to: Math.round(Math.max(at, current.at)) })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (way === 0) return
    event.preventDefault()
    onView(shifted(view, (way * (view.to - view.from)) / 4, extent))
  }
  return (
    <div
      ref={plot}
      className={css['mini']}
      role="slider"
      aria-label="Window on the whole case"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((100 * (view.from - extent.from)) / Math.max(1, extent.to - extent.from))}
      aria-valuetext={rangeText(view, zone)}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (held.current = null)}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} className={css['canvas']} />
      <div className={css['veil']} style={{ left: 0, width: left }} />
      <div className={css['veil']} style={{ left: right, width: Math.max(0, width - right) }} />
      <div className={css['window']} style={{ left, width: Math.max(3, right - left) }} />
    </div>
  )
}
