/** A set of row ordinals as sorted, separate spans `[from, to)`: a million selected rows cost no more than one. */
export type RowRanges = readonly { readonly from: number; readonly to: number }[]

export const NO_ROWS: RowRanges = []

export const hasRow = (ranges: RowRanges, row: number): boolean =>
  ranges.some((range) => row >= range.from && row < range.to)

/** How many rows are in the set. */
export const countRows = (ranges: RowRanges): number => ranges.reduce((sum, range) => sum + range.to - range.from, 0)

/** The set with the rows `from` to `to - 1` added. */
export function addRows(ranges: RowRanges, from: number, to: number): RowRanges {
  if (to <= from) return ranges
  const apart = ranges.filter((range) => range.to < from || range.from > to)
  const touching = ranges.filter((range) => range.to >= from && range.from <= to)
  const merged = {
    from: Math.min(from, ...touching.map((range) => range.from)),
    to: Math.max(to, ...touching.map((range) => range.to)),
  }
  return [...apart, merged].sort((a, b) => a.from - b.from)
}

/** The set without the rows `from` to `to - 1`. */
export function removeRows(ranges: RowRanges, from: number, to: number): RowRanges {
  if (to <= from) return ranges
  return ranges
    .flatMap((range) => [
      { from: range.from, to: Math.min(range.to, from) },
      { from: Math.max(range.from, to), to: range.to },
    ])
    .filter((range) => range.to > range.from)
}

/** The set with this row turned over. */
export const toggleRow = (ranges: RowRanges, row: number): RowRanges =>
  hasRow(ranges, row) ? removeRows(ranges, row, row + 1) : addRows(ranges, row, row + 1)
