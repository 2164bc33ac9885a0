import { utcMs, type UtcMs } from '#shared/base/time.ts'
import type { GapReason } from '#shared/domain/integrity.ts'
import { compareText, groupBy, pushTo } from './collections.ts'
import type { Chain, Gap } from './judgement.ts'

/** `proven`: proven digests cover it. `listed`: digests do, unproven. `broken`: digests are missing or fail. `none`: no digest. */
export type CoverageState = 'proven' | 'listed' | 'broken' | 'none'

/** What coverage needs of a chain. */
export type CoveredChain = Pick<Chain, 'account' | 'region' | 'trail' | 'backfill' | 'windows'> & {
  readonly gaps: readonly Pick<Gap, 'from' | 'to' | 'reason' | 'key'>[]
}

/** What is known of one log file's events and delivery; `account` and `region` from its name, else from its records. */
export type LogFacts = {
  readonly account: string
  readonly region: string
  readonly delivered: UtcMs | null
  readonly firstEvent: UtcMs | null
  readonly lastEvent: UtcMs | null
  /** `missing`: a digest lists it and the evidence lacks it. `damaged`: altered, appended to or unreadable. */
  readonly state: 'sound' | 'damaged' | 'missing'
}

export type CoverageUnit = 'day' | 'hour' | 'minute'

export type Coverage = {
  readonly lanes: readonly CoverageLane[]
  readonly unit: CoverageUnit
}

/** One account in one region, over all trails that write about it. */
export type CoverageLane = {
  readonly account: string
  readonly region: string
  readonly firstEvent: UtcMs | null
  readonly lastEvent: UtcMs | null
  readonly firstDelivery: UtcMs | null
  readonly lastDelivery: UtcMs | null
  readonly gaps: readonly NamedGap[]
  /** Oldest first; stretches of `none` without log files are left out. */
  readonly cells: readonly CoverageCell[]
}

export type NamedGap = {
  readonly from: UtcMs
  readonly to: UtcMs
  readonly reason: GapReason
  readonly trail: string
  readonly key: string
}

export type CoverageCell = {
  /** Start of the UTC day, hour or minute. */
  readonly at: UtcMs
  readonly state: CoverageState
  /** Seconds of the cell in each state; a cell at the edge of a digest window is covered in part. */
  readonly seconds: { readonly proven: number; readonly listed: number; readonly broken: number }
  /** Log files delivered in it, those of them that are damaged, and those that are listed for it and missing. */
  readonly files: number
  readonly damaged: number
  readonly missing: number
  readonly firstEvent: UtcMs | null
  readonly lastEvent: UtcMs | null
  readonly firstDelivery: UtcMs | null
  readonly lastDelivery: UtcMs | null
}

const LENGTH: Readonly<Record<CoverageUnit, number>> = { day: 86_400_000, hour: 3_600_000, minute: 60_000 }

/**
 * Account x region x time: where digests vouch for what was delivered. Windows of digests seldom begin on the hour, so each
 * cell adds up its parts; a broken part makes the whole cell broken, because that is where one would read silence, then a
 * listed part makes it listed. Times of digests are times of delivery, a few minutes after the events.
 *
 * Backfill digests do not count: they vouch for late files, not for hours.
 *
 * @param range only cells that touch it; wanted for minutes, of which there are many
 */
export function coverage(
  judgement: { readonly chains: readonly CoveredChain[] },
  logs: readonly LogFacts[],
  unit: CoverageUnit = 'hour',
  range?: { readonly from: UtcMs; readonly to: UtcMs },
): Coverage {
  const chains = groupBy(
    judgement.chains.filter((chain) => !chain.backfill),
    placeOf,
  )
  const files = groupBy(logs, placeOf)
  const places = [...new Set([...chains.keys(), ...files.keys()])].sort(compareText)
  const lanes = places.map((place) => toLane(chains.get(place) ?? [], files.get(place) ?? [], unit, range))
  return { lanes, unit }
}

const placeOf = (x: { readonly account: string; readonly region: string }): string => `${x.account}\0${x.region}`

function toLane(
  chains: readonly CoveredChain[],
  logs: readonly LogFacts[],
  unit: CoverageUnit,
  range: { readonly from: UtcMs; readonly to: UtcMs } | undefined,
): CoverageLane {
  const { account, region } = (chains[0] ?? logs[0])!
  return {
    account,
    region,
    ...timesOf(logs.filter((log) => log.state !== 'missing')),
    gaps: chains.flatMap(({ gaps, trail }) =>
      gaps.map(({ from, to, reason, key }) => ({ from, to, reason, trail, key })),
    ),
    cells: toCells(spansOf(chains), logs, LENGTH[unit], range),
  }
}

type Covered = Exclude<CoverageState, 'none'>
type Span = { readonly from: number; readonly to: number; readonly state: Covered }

/** Windows and broken stretches of all chains as spans that do not overlap; the worse state wins where they did. */
function spansOf(chains: readonly CoveredChain[]): Span[] {
  const all: Span[] = chains.flatMap((chain) => [
    ...chain.windows,
    ...chain.gaps
      .filter((gap) => gap.reason !== 'RESTART')
      .map((gap) => ({ from: gap.from, to: gap.to, state: 'broken' as const })),
  ])
  const edges = new Map<number, { proven: number; listed: number; broken: number }>()
  const change = (at: number, state: Covered, by: number): void => {
    const edge = edges.get(at) ?? { proven: 0, listed: 0, broken: 0 }
    edge[state] += by
    edges.set(at, edge)
  }
  for (const span of all) {
    change(span.from, span.state, 1)
    change(span.to, span.state, -1)
  }
  const open = { proven: 0, listed: 0, broken: 0 }
  const spans: Span[] = []
  let from = 0
  for (const [at, edge] of [...edges].sort(([a], [b]) => a - b)) {
    const state = worst(open)
    if (state !== 'none' && at > from) spans.push({ from, to: at, state })
    open.proven += edge.proven
    open.listed += edge.listed
    open.broken += edge.broken
    from = at
  }
  return spans
}

const worst = (open: { readonly proven: number; readonly listed: number; readonly broken: number }): CoverageState =>
  open.broken > 0 ? 'broken' : open.listed > 0 ? 'listed' : open.proven > 0 ? 'proven' : 'none'

function toCells(
  spans: readonly Span[],
  logs: readonly LogFacts[],
  length: number,
  range: { readonly from: UtcMs; readonly to: UtcMs } | undefined,
): CoverageCell[] {
  const inRange = (at: number): boolean => !range || (at + length > range.from && at < range.to)
  const parts = new Map<number, { proven: number; listed: number; broken: number }>()
  for (const span of spans) {
    const first = Math.max(span.from, range?.from ?? span.from)
    const last = Math.min(span.to, range?.to ?? span.to)
    for (let at = first - (((first % length) + length) % length); at < last; at += length) {
      const cell = parts.get(at) ?? { proven: 0, listed: 0, broken: 0 }
      cell[span.state] += Math.min(span.to, at + length) - Math.max(span.from, at)
      parts.set(at, cell)
    }
  }
  const delivered = new Map<number, LogFacts[]>()
  for (const log of logs)
    if (log.delivered !== null) pushTo(delivered, log.delivered - (((log.delivered % length) + length) % length), log)
  const starts = [...new Set([...parts.keys(), ...delivered.keys()])].filter(inRange).sort((a, b) => a - b)
  return starts.map((at) => {
    const ms = parts.get(at) ?? { proven: 0, listed: 0, broken: 0 }
    const here = delivered.get(at) ?? []
    const present = here.filter((log) => log.state !== 'missing')
    return {
      at: utcMs(at),
      state: worst(ms),
      seconds: { proven: ms.proven / 1000, listed: ms.listed / 1000, broken: ms.broken / 1000 },
      files: present.length,
      damaged: present.filter((log) => log.state === 'damaged').length,
      missing: here.length - present.length,
      ...timesOf(present),
    }
  })
}

type Times = Pick<CoverageCell, 'firstEvent' | 'lastEvent' | 'firstDelivery' | 'lastDelivery'>

function timesOf(logs: readonly LogFacts[]): Times {
  const times = (pick: (log: LogFacts) => UtcMs | null): UtcMs[] => logs.flatMap((log) => pick(log) ?? [])
  return {
    firstEvent: smallest(times((log) => log.firstEvent)),
    lastEvent: largest(times((log) => log.lastEvent)),
    firstDelivery: smallest(times((log) => log.delivered)),
    lastDelivery: largest(times((log) => log.delivered)),
  }
}

/** In a loop, because a spread of a hundred thousand arguments does not fit the stack. */
const smallest = (times: readonly UtcMs[]): UtcMs | null =>
  times.reduce<UtcMs | null>((least, time) => (least === null || time < least ? time : least), null)
const largest = (times: readonly UtcMs[]): UtcMs | null =>
  times.reduce<UtcMs | null>((most, time) => (most === null || time > most ? time : most), null)
