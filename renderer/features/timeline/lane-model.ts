import type { TimelineLane, TimelineSession } from '#shared/contract/timeline.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'

export const LANE_HEIGHT = 34
/** The bars of a lane stand on this line, measured from the top of the lane; below it run the stays. */
export const LANE_BASE = 19
export const STAY_ROWS = 3
export const STAY_HEIGHT = 4

/** How high a bar stands, 0 to 1: logarithmic, so that a single event among thousands is seen. */
export const barPart = (count: number, most: number): number =>
  count <= 0 ? 0 : 0.14 + 0.86 * (Math.log10(count + 1) / Math.log10(Math.max(2, most + 1)))

export type Stay = TimelineSession & { readonly row: number }

/**
 * Puts the stays of each lane into rows, so that those of one row do not overlap. What does not fit into the rows is drawn in the
 * last one: there stays cover each other, and the tooltip lists them all.
 */
export function rowStays(sessions: readonly TimelineSession[]): readonly Stay[] {
  const ends = new Map<number, number[]>()
  return [...sessions]
    .sort((a, b) => a.firstMs - b.firstMs || b.lastMs - a.lastMs)
    .map((session) => {
      const rows = ends.get(session.lane) ?? []
      ends.set(session.lane, rows)
      const free = rows.findIndex((end) => end < session.firstMs)
      const row = free >= 0 ? free : Math.min(rows.length, STAY_ROWS - 1)
      rows[row] = Math.max(rows[row] ?? -Infinity, session.lastMs)
      return { ...session, row }
    })
}

export type NamedGap = TimeRange & { readonly names: readonly string[] }

/** Gaps that touch or overlap become one, with all their names. */
export function mergeGaps(gaps: readonly (TimeRange & { readonly name: string })[]): readonly NamedGap[] {
  const merged: { from: number; to: number; names: string[] }[] = []
  for (const { from, to, name } of [...gaps].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (!last || from > last.to) merged.push({ from, to, names: [name] })
    else {
      last.to = Math.max(last.to, to)
      if (!last.names.includes(name)) last.names.push(name)
    }
  }
  return merged
}

/** What a pointer stands on: the whole width of a bucket in a lane, or one stay. */
export type Hit = {
  readonly lane: TimelineLane
  readonly n: number
  readonly range: TimeRange
  readonly count: number
  readonly stays: readonly Stay[]
}

export type LaneData = {
  readonly startMs: number
  readonly bucketMs: number
  readonly lanes: readonly TimelineLane[]
}

/** What stands at a moment in the lane at height `y` (px from the top of the lanes). A stay is hit in its own rows only. */
export function hitAt(
  data: LaneData,
  stays: readonly Stay[],
  time: number,
  y: number,
  slackMs: number,
): Hit | undefined {
  const n = Math.floor(y / LANE_HEIGHT)
  const lane = data.lanes[n]
  if (!lane) return undefined
  const bucket = Math.floor((time - data.startMs) / data.bucketMs)
  const from = data.startMs + bucket * data.bucketMs
  const inside = y - n * LANE_HEIGHT
  const row = Math.floor((inside - LANE_BASE - 1) / STAY_HEIGHT)
  const hit = inside <= LANE_BASE ? [] : stays.filter((stay) => stay.lane === n && stay.row === row)
  return {
    lane,
    n,
    range: { from, to: from + data.bucketMs },
    count: lane.counts[bucket] ?? 0,
    stays: hit.filter((stay) => time >= stay.firstMs - slackMs && time <= stay.lastMs + slackMs),
  }
}
