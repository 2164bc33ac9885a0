import { useLayoutEffect } from 'react'
import type { TimeRange } from './time-axis.ts'
import { shifted, timeOf, zoomed } from './time-view.ts'

export type TimeWheel = {
  readonly view: TimeRange
  readonly extent: TimeRange
  readonly onView: (view: TimeRange) => void
  /** Where the axis stands inside the element, in px; the whole element when absent. */
  readonly frame?: { readonly left: number; readonly width: number }
  /** A plain wheel scrolls, and only with Ctrl it zooms: where there are more rows than fit. */
  readonly scrolls?: boolean
  /** As far as one can zoom in. */
  readonly leastMs?: number
}

/**
 * The wheel over a time axis: it zooms around the pointer; with Shift, or turned sideways, it moves. React's own wheel listener is passive and could
 * not keep the page from scrolling.
 */
export function useTimeWheel(plot: { readonly current: HTMLElement | null }, wheel: TimeWheel): void {
  useLayoutEffect(() => {
    const element = plot.current
    if (!element) return
    const { extent, onView, frame, scrolls = false, leastMs } = wheel
    // A second turn may come before the first is drawn.
    let { view } = wheel
    const onWheel = (event: WheelEvent): void => {
      const zooms = event.ctrlKey || event.metaKey
      const sideways = zooms ? 0 : sidewaysOf(event)
      if (scrolls && !zooms && sideways === 0) return
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const { left, width } = frame ?? { left: 0, width: box.width }
      const next =
        sideways === 0
          ? zoomed(
              view,
              timeOf(view, width, event.clientX - box.left - left),
              1.2 ** (event.deltaY / 100),
              extent,
              leastMs,
            )
          : shifted(view, (sideways / width) * (view.to - view.from), extent)
      if (next.from === view.from && next.to === view.to) return
      view = next
      onView(next)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  })
}

function sidewaysOf({ shiftKey, deltaX, deltaY }: WheelEvent): number {
  if (shiftKey) return deltaY || deltaX
  return Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : 0
}
