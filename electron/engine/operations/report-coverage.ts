import { utcMs, type UtcMs } from '#shared/base/time.ts'
import type { VisualTimeline } from '#shared/domain/report.ts'
import { coverage, type CoveredChain, type CoverageState } from '../integrity/coverage.ts'

const HOUR = 3_600_000
/** The most cells one account and region may have on the printed axis. */
const MOST_CELLS = 2000
const worse: readonly CoverageState[] = ['none', 'proven', 'listed', 'broken']

type Spans = VisualTimeline['coverage']

/**
 * Coverage of all accounts and regions in one band, oldest first, cut to `from` (inclusive) to `to` (exclusive). Where they differ, the
 * worse state is shown; a gap in the digests of a single one of them is `none` from its first to its last second, so that the
 * digests of the others never cover it up. Beside a gap only what is broken still shows.
 */
export function coverageSpans(chains: readonly CoveredChain[], from: UtcMs, to: UtcMs): Spans {
  const gaps = chains.filter((chain) => !chain.backfill).flatMap((chain) => chain.gaps)
  return joined(cellSpans(chains, from, to).flatMap((span) => (span.state === 'broken' ? [span] : without(span, gaps))))
}

function cellSpans(chains: readonly CoveredChain[], from: UtcMs, to: UtcMs): Spans {
  const unit = (to - from) / HOUR <= MOST_CELLS ? 'hour' : 'day'
  const width = unit === 'hour' ? HOUR : 24 * HOUR
  const states = new Map<number, CoverageState>()
  for (const lane of coverage({ chains }, [], unit, { from, to }).lanes)
    for (const { at, state } of lane.cells) {
      const known = states.get(at) ?? 'none'
      states.set(at, worse.indexOf(state) > worse.indexOf(known) ? state : known)
    }
  return [...states]
    .sort(([a], [b]) => a - b)
    .map(([at, state]) => ({ from: utcMs(Math.max(at, from)), to: utcMs(Math.min(at + width, to)), state }))
    .filter((span) => span.to > span.from)
}

/** What is left of a span beside the gaps. */
function without(
  span: Spans[number],
  gaps: readonly { readonly from: UtcMs; readonly to: UtcMs }[],
): readonly Spans[number][] {
  let left = [span]
  for (const gap of gaps)
    left = left.flatMap((one) =>
      gap.to <= one.from || gap.from >= one.to
        ? [one]
        : [
            { ...one, to: utcMs(Math.max(one.from, gap.from)) },
            { ...one, from: utcMs(Math.min(one.to, gap.to)) },
          ].filter((part) => part.to > part.from),
    )
  return left
}

/** Neighbours of one state as one; stretches of `none` are left out, for nothing is drawn there. */
function joined(spans: Spans): Spans {
  const all: { from: UtcMs; to: UtcMs; state: CoverageState }[] = []
  for (const span of spans) {
    const last = all.at(-1)
    if (last?.state === span.state && last.to === span.from) last.to = span.to
    else if (span.state !== 'none') all.push({ ...span })
  }
  return all
}
