import { useMemo } from 'react'
import type { CoverageCell, CoverageLane } from '#shared/contract/integrity.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { GapReason } from '#shared/domain/integrity.ts'
import { useAsk } from './use-ask.ts'

/** How well what was delivered in a stretch of time is vouched for: the kinds of the marks. */
export type CoverageKind = 'proven' | 'listed' | 'altered' | 'missing' | 'none'

/** A stretch of time, ms UTC; `to` is not part of it. */
export type CoveredSpan = { readonly from: number; readonly to: number; readonly state: CoverageKind }

export const coverageUnits = { day: 86_400_000, hour: 3_600_000, minute: 60_000 } as const

/** How a gap is drawn: a digest that was changed or damaged is not one that is not there. */
export const gapKind = (reason: GapReason): CoverageKind =>
  reason === 'DIGEST_ALTERED' || reason === 'DIGEST_UNREADABLE' ? 'altered' : 'missing'

/** The worst that is known of a cell: altered files or digests, then missing ones, then digests without proof. */
export function cellKind(cell: CoverageCell, gaps: CoverageLane['gaps'], unitMs: number): CoverageKind {
  if (cell.damaged > 0) return 'altered'
  if (cell.state === 'broken') {
    const here = gaps.filter((gap) => gap.fromMs < cell.atMs + unitMs && gap.toMs > cell.atMs)
    return here.some((gap) => gapKind(gap.reason) === 'altered') ? 'altered' : 'missing'
  }
  return cell.missing > 0 ? 'missing' : cell.state
}

/** The cells of a lane as stretches of one kind each, oldest first. */
export function laneSpans(lane: CoverageLane, unitMs: number): readonly CoveredSpan[] {
  const spans: { from: number; to: number; state: CoverageKind }[] = []
  for (const cell of lane.cells) addSpan(spans, cell.atMs, cell.atMs + unitMs, cellKind(cell, lane.gaps, unitMs))
  return spans
}

const worse: Readonly<Record<CoverageKind, number>> = { none: 0, proven: 1, listed: 2, missing: 3, altered: 4 }

/** All lanes as one: at each moment the worst that is known of any account and region. */
export function worstSpans(lanes: readonly CoverageLane[], unitMs: number): readonly CoveredSpan[] {
  const worst = new Map<number, CoverageKind>()
  for (const lane of lanes)
    for (const cell of lane.cells) {
      const kind = cellKind(cell, lane.gaps, unitMs)
      const known = worst.get(cell.atMs)
      if (known === undefined || worse[kind] > worse[known]) worst.set(cell.atMs, kind)
    }
  const spans: { from: number; to: number; state: CoverageKind }[] = []
  for (const at of [...worst.keys()].sort((a, b) => a - b)) addSpan(spans, at, at + unitMs, worst.get(at)!)
  return spans
}

function addSpan(
  spans: { from: number; to: number; state: CoverageKind }[],
  from: number,
  to: number,
  state: CoverageKind,
): void {
  const last = spans.at(-1)
  if (last && last.to === from && last.state === state) last.to = to
  else spans.push({ from, to, state })
}

/** Words for the strip, which speaks for all accounts and regions together. */
export const stripWords: Readonly<Record<CoverageKind, string>> = {
  proven: 'proven',
  listed: 'listed, in at least one region',
  altered: 'altered, in at least one region',
  missing: 'missing, in at least one region',
  none: 'log files without digest',
}

/** How far digests vouch for what was delivered, for the strip below a chart of time; undefined until it is known or where there is none. */
export function useCoverageStrip(caseId: CaseId): readonly CoveredSpan[] | undefined {
  const { value } = useAsk('integrity.coverage', { caseId })
  return useMemo(() => {
    if (!value || value.lanes.length === 0) return undefined
    return worstSpans(value.lanes, coverageUnits[value.unit])
  }, [value])
}
