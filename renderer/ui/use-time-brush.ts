import { useState, type PointerEvent } from 'react'
import type { TimeRange } from './time-axis.ts'
import { brushed, xOf } from './time-view.ts'

/** Fewer px than this are a click that trembled. */
const LEAST_PX = 4

export type TimeBrush = {
  readonly view: TimeRange
  /** Of the axis, in px. */
  readonly width: number
  /** The moment under the pointer. */
  readonly timeUnder: (event: PointerEvent) => number
  readonly onBrush: (span: TimeRange) => void
  readonly onClick: () => void
  /** A brushed span is at least this long. */
  readonly leastMs: number
}

/** A span drawn over a time axis with the pointer: `span` while it is drawn, `onBrush` when it is let go, `onClick` when nothing was drawn. */
export function useTimeBrush({ view, width, timeUnder, onBrush, onClick, leastMs }: TimeBrush) {
  const [brush, setBrush] = useState<{ readonly a: number; readonly b: number } | undefined>(undefined)
  return {
    span: brush && brushed(brush),
    start: (event: PointerEvent): void => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const time = timeUnder(event)
      setBrush({ a: time, b: time })
    },
    move: (event: PointerEvent): void => {
      if (brush && event.buttons === 1) setBrush({ ...brush, b: timeUnder(event) })
    },
    end: (): void => {
      if (!brush) return
      setBrush(undefined)
      const { from, to } = brushed(brush)
      if (xOf(view, width, to) - xOf(view, width, from) < LEAST_PX) onClick()
      else onBrush({ from, to: Math.max(to, from + leastMs) })
    },
  }
}
