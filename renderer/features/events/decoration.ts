import type { CoveredSpan } from '#renderer/client/coverage.ts'
import type { RowDecoration } from '#renderer/ui/grid/data-grid.tsx'
import { durationText, timeText } from '#shared/base/zone.ts'
import type { GridEvent } from './event-fields.ts'

/** What stands out about a row: it is the one whose details are shown, its file was altered, or hours before it are missing. */
export function decorationOf(
  row: Pick<GridEvent, 'id' | 'timeMs' | 'integrity'>,
  previous: Pick<GridEvent, 'timeMs'> | undefined,
  shown: number | null,
  coverage: readonly CoveredSpan[] | undefined,
): RowDecoration | undefined {
  const gap = gapBetween(previous?.timeMs, row.timeMs, coverage)
  const edge = row.id === shown ? 'accent' : row.integrity === 'modified' ? 'danger' : undefined
  if (gap === undefined && edge === undefined) return undefined
  return {
    ...(gap && {
      gapBefore: `${durationText(gap.to - gap.from)} from ${timeText(gap.from)}: digests or log files are missing in at least one region`,
    }),
    ...(edge && { edge }),
  }
}

/** The first stretch of missing evidence that begins between two neighbouring rows, whichever of them is the older. */
function gapBetween(
  a: number | null | undefined,
  b: number | null,
  coverage: readonly CoveredSpan[] | undefined,
): CoveredSpan | undefined {
  if (a == null || b === null || a === b) return undefined
  const [from, to] = a < b ? [a, b] : [b, a]
  return coverage?.find((span) => span.state === 'missing' && span.from > from && span.from <= to)
}
