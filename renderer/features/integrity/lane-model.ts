import type { MarkKind } from '#renderer/ui/mark.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'

export const LANE_HEIGHT = 22
export const AXIS_HEIGHT = 20

export type LaneSpan = TimeRange & { readonly state: MarkKind }

/** A row of the map: what is known of one account in one region, or of one chain of digests. */
export type Lane = {
  readonly id: string
  readonly name: string
  /** The whole of what the name stands for, as its title. */
  readonly title: string
  /** Oldest first; they do not overlap. What is between them has no digest. */
  readonly spans: readonly LaneSpan[]
  /** Gaps with their names, drawn where there is room. */
  readonly names: readonly (TimeRange & { readonly name: string })[]
}

/** The span of a lane that a moment stands in. */
export function spanAt<S extends TimeRange>(spans: readonly S[], time: number): S | undefined {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle]!.to <= time) low = middle + 1
    else high = middle
  }
  const found = spans[low]
  return found && found.from <= time ? found : undefined
}

const isTrouble = (span: LaneSpan): boolean => span.state === 'altered' || span.state === 'missing'

/** The next stretch (or the one before) that is altered or missing, in time and then from lane to lane; undefined when there is none. */
export function nextTrouble(
  lanes: readonly Lane[],
  at: { readonly lane: number; readonly time: number },
  way: 1 | -1,
): { readonly lane: number; readonly span: LaneSpan } | undefined {
  const all = lanes
    .flatMap(({ spans }, lane) => spans.filter(isTrouble).map((span) => ({ lane, span })))
    .sort((a, b) => a.span.from - b.span.from || a.lane - b.lane)
  const isAfter = ({ lane, span }: (typeof all)[number]): boolean =>
    span.from > at.time || (span.from <= at.time && span.to > at.time && lane > at.lane)
  const isBefore = ({ lane, span }: (typeof all)[number]): boolean =>
    span.to <= at.time || (span.from <= at.time && span.to > at.time && lane < at.lane)
  return way === 1 ? (all.find(isAfter) ?? all[0]) : (all.findLast(isBefore) ?? all.at(-1))
}
