import type { TimeRange } from './time-axis.ts'

/** Where a moment stands in a view that is `width` px wide. */
export const xOf = (view: TimeRange, width: number, time: number): number =>
  ((time - view.from) / (view.to - view.from)) * width

/** The moment under a point of a view that is `width` px wide; a point outside gives the nearer end. */
export const timeOf = (view: TimeRange, width: number, x: number): number =>
  view.from + (Math.min(width, Math.max(0, x)) / Math.max(1, width)) * (view.to - view.from)

/** The view made `factor` times as wide (below 1: narrower), with `anchor` kept in place, inside `extent`, never under `leastMs`. */
export function zoomed(view: TimeRange, anchor: number, factor: number, extent: TimeRange, leastMs = 1000): TimeRange {
  const width = Math.min(extent.to - extent.from, Math.max(leastMs, (view.to - view.from) * factor))
  const part = (anchor - view.from) / (view.to - view.from)
  return shifted({ from: anchor - part * width, to: anchor - part * width + width }, 0, extent)
}

/** The view moved by `byMs`, kept inside `extent`, on whole ms. */
export function shifted(view: TimeRange, byMs: number, extent: TimeRange): TimeRange {
  const width = Math.min(view.to - view.from, extent.to - extent.from)
  const from = Math.round(Math.min(extent.to - width, Math.max(extent.from, view.from + byMs)))
  return { from, to: Math.round(from + width) }
}

/** What a brush from `a` to `b`, drawn in either direction, spans, on whole ms. */
export const brushed = ({ a, b }: { readonly a: number; readonly b: number }): TimeRange => ({
  from: Math.round(Math.min(a, b)),
  to: Math.round(Math.max(a, b)),
})

/** What the keys do that move and zoom a view: `+` `=` `z` `-` around the moment `here`, PgUp and PgDn by half of what is seen. */
export function timeKeys(
  view: TimeRange,
  extent: TimeRange,
  here: number,
  onView: (view: TimeRange) => void,
  leastMs?: number,
): Readonly<Record<string, () => void>> {
  const half = (view.to - view.from) / 2
  const closer = (): void => onView(zoomed(view, here, 0.5, extent, leastMs))
  return {
    PageUp: () => onView(shifted(view, -half, extent)),
    PageDown: () => onView(shifted(view, half, extent)),
    '+': closer,
    '=': closer,
    z: closer,
    '-': () => onView(zoomed(view, here, 2, extent, leastMs)),
  }
}
