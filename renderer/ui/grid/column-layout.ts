/** How the columns stand: order, width in px, hidden or not. What is remembered and saved. */
export type ColumnPlace = { readonly id: string; readonly width: number; readonly hidden: boolean }
export type ColumnLayout = readonly ColumnPlace[]

/** What a column brings along before anyone moved it. */
export type ColumnDefault = { readonly id: string; readonly width: number; readonly hidden?: boolean }

export const MIN_WIDTH = 40
const MAX_WIDTH = 2000

/** The saved layout made to fit the columns there are: unknown ones go, new ones come at the end, widths stay sane. */
export function fitLayout(columns: readonly ColumnDefault[], saved: ColumnLayout = []): ColumnLayout {
  const known = new Set(columns.map((column) => column.id))
  const kept = saved.filter(
    (place, i) => known.has(place.id) && saved.findIndex((other) => other.id === place.id) === i,
  )
  const missing = columns.filter((column) => !kept.some((place) => place.id === column.id))
  return [...kept.map((place) => ({ ...place, width: saneWidth(place.width) })), ...missing.map(toPlace)]
}

const toPlace = (column: ColumnDefault): ColumnPlace => ({
  id: column.id,
  width: column.width,
  hidden: column.hidden ?? false,
})
const saneWidth = (width: number): number =>
  Number.isFinite(width) ? Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))) : 120

export const resizeColumn = (layout: ColumnLayout, id: string, width: number): ColumnLayout =>
  layout.map((place) => (place.id === id ? { ...place, width: saneWidth(width) } : place))

/** A column in sight: the width it has in the layout, and how it would grow. */
export type ShownWidth = { readonly width: number; readonly default: number; readonly growTo?: number | undefined }

/**
 * The widths that are drawn, in px. What `room` is left over goes to the columns that may grow, to each the same part of what it wants;
 * one that somebody resized keeps its width.
 */
export function drawnWidths(shown: readonly ShownWidth[], room: number): readonly number[] {
  const wants = shown.map(({ width, default: usual, growTo = 0 }) =>
    width === usual ? Math.max(0, growTo - width) : 0,
  )
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
  const spare = room - sum(shown.map(({ width }) => width))
  const part = Math.min(1, Math.max(0, spare / Math.max(1, sum(wants))))
  return shown.map(({ width }, i) => Math.floor(width + part * wants[i]!))
}

/** Hides or shows a column; the last one in sight stays. */
export function toggleColumn(layout: ColumnLayout, id: string): ColumnLayout {
  const shown = layout.filter((place) => !place.hidden)
  if (shown.length === 1 && shown[0]!.id === id) return layout
  return layout.map((place) => (place.id === id ? { ...place, hidden: !place.hidden } : place))
}

/** Takes the column out and puts it where `before` stands; at the end when `before` is not there. */
export function moveColumn(layout: ColumnLayout, id: string, before: string | undefined): ColumnLayout {
  const moved = layout.find((place) => place.id === id)
  if (!moved || id === before) return layout
  const rest = layout.filter((place) => place.id !== id)
  const at = rest.findIndex((place) => place.id === before)
  return at < 0 ? [...rest, moved] : [...rest.slice(0, at), moved, ...rest.slice(at)]
}

/** One place towards the start (-1) or the end (+1). */
export function shiftColumn(layout: ColumnLayout, id: string, by: -1 | 1): ColumnLayout {
  const at = layout.findIndex((place) => place.id === id)
  const target = at + by
  if (at < 0 || target < 0 || target >= layout.length) return layout
  const next = [...layout]
  next[at] = layout[target]!
  next[target] = layout[at]!
  return next
}
