import { utcMs, type UtcMs } from '#shared/base/time.ts'
import type { DigestFlag, GapReason } from '#shared/domain/integrity.ts'
import { compareText, groupBy } from './collections.ts'
import {
  isBroken,
  isProven,
  type Chain,
  type ChainId,
  type ControlEvent,
  type DigestJudgement,
  type Gap,
  type Window,
} from './judgement.ts'
import { comparableKey, keyFromAwsLogs, parseDigestKey, type DigestKey } from './key-path.ts'

const HOUR = 3_600_000

export type Chains = {
  readonly chains: readonly Chain[]
  /** Flags that only the neighbours in time can tell, by index of the digest. */
  readonly flags: ReadonlyMap<number, readonly DigestFlag[]>
}

/**
 * Puts digests into chains and walks each in time:
 *
 *     D1 [00:11-01:11]  D2 [01:11-02:11]  (nothing)      D4 [03:11-04:11], names D3   S [07:11-08:11], names nothing
 *        window            window         gap D3 missing    window         gap restart  window
 *
 * Times of a broken digest are not believed: its window is from its predecessor's end to the end in its file name, and is a
 * gap. Backfill digests overlap the others and each other, so for them only missing predecessors are gaps.
 */
export function buildChains(digests: readonly DigestJudgement[], controlEvents: readonly ControlEvent[]): Chains {
  const links = digests.flatMap((digest, index) => toLink(digest, index) ?? [])
  const broken = new Set(links.flatMap((link) => (link.broken ? [comparableKey(link.key)] : [])))
  const flags = new Map<number, DigestFlag[]>()
  const chains = [...groupBy(links, (link) => chainText(link.chain))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, same]) => walk(same, broken, controlEvents, flags))
  return { chains, flags }
}

/** A digest with its place in time; `key` is the object key it has or, when it is broken, the one its path gives it. */
type Link = {
  readonly index: number
  readonly judgement: DigestJudgement
  readonly chain: ChainId
  readonly key: string
  readonly start: UtcMs | undefined
  readonly end: UtcMs
  readonly broken: boolean
}

const chainText = (c: ChainId): string =>
  [c.account, c.region, c.trail, c.homeRegion, c.org, c.backfill ? 'b' : 's'].join('\0')

function toLink(judgement: DigestJudgement, index: number): Link | undefined {
  const digest = judgement.content.ok ? judgement.content.value : undefined
  const broken = isBroken(judgement.verdict)
  const own = digest && { name: parseDigestKey(digest.key), key: digest.key }
  // A broken digest may name itself anything; its place in the evidence is the better witness.
  const placed = broken || !own ? (placeOf(judgement.paths) ?? own) : own
  if (!placed?.name && !digest) return undefined
  const name = placed?.name
  const chain: ChainId = name
    ? {
        account: name.account,
        org: name.org,
        region: name.region,
        trail: name.trail,
        homeRegion: name.homeRegion,
        backfill: name.backfill,
      }
    : { account: digest?.account ?? '', org: '', region: '', trail: '', homeRegion: '', backfill: false }
  const end = broken ? (name?.end ?? digest?.end) : digest?.end
  if (end === undefined) return undefined
  const key =
    broken && digest && placed && comparableKey(digest.key) === comparableKey(placed.key)
      ? digest.key
      : (placed?.key ?? '')
  return { index, judgement, chain, key, start: broken ? undefined : digest?.start, end, broken }
}

/** What the first of a digest's paths that is named as one tells. */
function placeOf(paths: readonly string[]): { name: DigestKey; key: string } | undefined {
  for (const path of paths) {
    const name = parseDigestKey(path)
    if (name) return { name, key: keyFromAwsLogs(path) }
  }
  return undefined
}

/** Whether the predecessor that a digest names is there; a broken one also by where it lies: it is altered, not gone. */
const hasPrevious = ({ judgement }: Link, brokenKeys: ReadonlySet<string>): boolean => {
  const previous = judgement.content.ok ? judgement.content.value.previous : null
  return previous === null || !judgement.flags.includes('PREV_MISSING') || brokenKeys.has(comparableKey(previous.key))
}

function walk(
  all: readonly Link[],
  brokenKeys: ReadonlySet<string>,
  events: readonly ControlEvent[],
  flags: Map<number, DigestFlag[]>,
): Chain {
  const links = withoutBrokenCopies(all).sort((a, b) => a.end - b.end || a.index - b.index)
  const gaps: Gap[] = []
  const windows: Window[] = []
  const chain = links[0]!.chain
  let previous: Link | undefined
  for (const link of links) {
    const { before, after } = neighbours(previous, link)
    const from = previous?.end ?? link.start ?? utcMs(link.end - HOUR)
    const add = (to: UtcMs, reason: GapReason, key: string, explainedBy: readonly ControlEvent[] = []): void => {
      gaps.push({ from: utcMs(Math.min(from, to)), to, reason, key, before, after, explainedBy })
    }
    const named = link.judgement.content.ok ? link.judgement.content.value.previous : null
    // The oldest digest in the evidence naming an older one is where the copy begins, not a gap.
    if (previous && named && !hasPrevious(link, brokenKeys))
      add(link.start ?? utcMs(link.end - HOUR), 'DIGEST_MISSING', named.key)
    else if (previous && !named && !link.broken && !chain.backfill)
      add(link.start ?? link.end, 'RESTART', link.key, explanations(events, chain, from, link.start ?? link.end))
    else if (previous && !previous.broken && !link.broken && !chain.backfill && link.start !== previous.end)
      flags.set(link.index, ['TIME_DISCONTINUITY'])
    if (link.broken) add(link.end, link.judgement.content.ok ? 'DIGEST_ALTERED' : 'DIGEST_UNREADABLE', link.key)
    else
      windows.push({
        from: link.start ?? from,
        to: link.end,
        state: isProven(link.judgement.verdict) ? 'proven' : 'listed',
      })
    previous = link
  }
  return {
    ...chain,
    from: windows[0]?.from ?? gaps[0]?.from ?? links[0]!.end,
    to: links.at(-1)!.end,
    digests: links.map((link) => link.index),
    gaps,
    windows,
  }
}

const neighbours = (previous: Link | undefined, link: Link): { before: number | null; after: number } => ({
  before: previous?.index ?? null,
  after: link.index,
})

/** A broken copy beside a good one of the same digest breaks no chain. */
function withoutBrokenCopies(links: readonly Link[]): Link[] {
  if (!links.some((link) => link.broken)) return [...links]
  const good = new Set(links.filter((link) => !link.broken).map((link) => comparableKey(link.key)))
  return links.filter((link) => !link.broken || !good.has(comparableKey(link.key)))
}

const EXPLAIN_BEFORE = 2 * HOUR
const EXPLAIN_AFTER = HOUR

/** Events that stop, start or change the trail around a restart: in the chain's region or the trail's home region. */
const explanations = (events: readonly ControlEvent[], chain: ChainId, from: UtcMs, to: UtcMs): ControlEvent[] =>
  events
    .filter(
      (event) =>
        event.time >= from - EXPLAIN_BEFORE &&
        event.time <= to + EXPLAIN_AFTER &&
        (event.account === chain.account || chain.org !== '') &&
        (event.region === chain.region || event.region === chain.homeRegion) &&
        (event.trail === undefined || event.trail === chain.trail || event.trail.endsWith(`/${chain.trail}`)),
    )
    .sort((a, b) => a.time - b.time || compareText(a.name, b.name))
