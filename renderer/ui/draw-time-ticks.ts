import type { Zone } from '#shared/base/zone.ts'
import { timeTicks, type TimeRange } from './time-axis.ts'
import { xOf } from './time-view.ts'

export type TimeTicks = {
  readonly view: TimeRange
  readonly zone: Zone
  /** Of the axis, in CSS px. */
  readonly width: number
  readonly height: number
  readonly colors: { readonly line: string; readonly text: string }
}

/** A time axis on a canvas: a line at each round moment with its label beside it, where the label fits. */
export function drawTimeTicks(g: CanvasRenderingContext2D, { view, zone, width, height, colors }: TimeTicks): void {
  g.textBaseline = 'middle'
  for (const tick of timeTicks(view, width, zone)) {
    const x = Math.round(xOf(view, width, tick.at))
    g.fillStyle = colors.line
    g.fillRect(x, 0, 1, height)
    g.font = `${tick.major ? '600 ' : ''}11px Inter, sans-serif`
    g.fillStyle = colors.text
    if (x + 4 + g.measureText(tick.label).width < width) g.fillText(tick.label, x + 4, 10)
  }
}
