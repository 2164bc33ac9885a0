import { coverageUnits } from '#renderer/client/coverage.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'

export type CoverageWish = { readonly unit: keyof typeof coverageUnits; readonly range: TimeRange | undefined }

const { day: DAY, hour: HOUR } = coverageUnits
/** Below this span minutes can be told apart. */
const MINUTES_BELOW = 4 * HOUR
/** Cells that one answer may hold, so that it comes at once. */
const MOST_CELLS = 40_000

/**
 * Which unit to ask for, and for which part of the time (`undefined`: all of it). The part is rounded outwards, so that moving a
 * little asks nothing anew.
 */
export function coverageWish(view: TimeRange, extent: TimeRange, lanes: number): CoverageWish {
  if (view.to - view.from <= MINUTES_BELOW) return { unit: 'minute', range: rounded(view, 2 * HOUR) }
  const cells = ({ from, to }: TimeRange): number => lanes * ((to - from) / HOUR)
  if (cells(extent) <= MOST_CELLS) return { unit: 'hour', range: undefined }
  const part = rounded(view, 7 * DAY)
  return cells(part) <= MOST_CELLS ? { unit: 'hour', range: part } : { unit: 'day', range: undefined }
}

const rounded = ({ from, to }: TimeRange, block: number): TimeRange => ({
  from: Math.floor(from / block) * block,
  to: Math.ceil(to / block) * block,
})
