import { displayUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { ChainLane, LakeResult, SuppliedKey } from '#shared/contract/integrity.ts'
import { gapReasonWords, type IntegritySummary } from '#shared/domain/integrity.ts'
import type { Connection } from '../storage/sqlite.ts'
import { pushTo } from './collections.ts'
import type { CoveredChain, LogFacts } from './coverage.ts'
import { trustStatement, verdictSentence } from './explain.ts'
import type { Gathered } from './gather-inventory.ts'
import type { KeyFile } from './read-proofs.ts'
import type { JudgedCase } from './judge-case.ts'
import { comparableKey, comparableName, keyPrefix, parseLogKey } from './key-path.ts'
import type { Chain, DigestJudgement, LogJudgement, Window } from './judgement.ts'
import { fingerprintUnusual } from './parse-keys.ts'
import { summarise } from './summarise.ts'

/** What is kept of a judgement, as JSON in the case: all that is shown of it, so that looking does not judge anew. */
export type StoredJudgement = {
  readonly format: typeof FORMAT
  readonly judgedMs: number
  /** Number of the last entry of the ledger that was judged. */
  readonly lastEntry: number
  readonly sentence: string
  readonly summary: IntegritySummary
  /** For each finding the entry of its path, and those of what it affects; null where there is none. */
  readonly places: readonly { readonly entry: number | null; readonly affects?: readonly (number | null)[] }[]
  readonly chains: readonly ChainLane[]
  readonly keys: readonly SuppliedKey[]
  /** What the proof rests on, in words. */
  readonly trust: readonly string[]
  readonly signatures: number
  readonly lake: readonly LakeResult[]
  /** Buckets and prefixes that digests name. */
  readonly buckets: readonly { readonly bucket: string; readonly prefix: string }[]
  /** Keys of log files that digests list and the evidence lacks. */
  readonly missing: readonly string[]
}

const FORMAT = 1

/** What is kept of a judgement made at `now`. */
export function toStored(judged: JudgedCase, lastEntry: number, now: number): StoredJudgement {
  const { judgement, gathered, lake } = judged
  const summary = summarise(judgement)
  const entryOf = summary.findings.length === 0 ? () => null : placeFinder(judged)
  return {
    format: FORMAT,
    judgedMs: now,
    lastEntry,
    sentence: sentenceOf(summary, lake.results),
    summary,
    places: summary.findings.map(({ path, affects }) => ({
      entry: entryOf(path),
      ...(affects && { affects: affects.map(entryOf) }),
    })),
    chains: judgement.chains.map((chain) => toLane(chain)),
    keys: toKeys(gathered, judgement.digests),
    trust: trustOf(gathered.keyFiles),
    signatures: judgement.digests.filter((d) => d.checks.some((check) => check.from.kind === 'captured')).length,
    lake: lake.results,
    buckets: bucketsOf(judgement.digests),
    missing: judgement.logs.flatMap((log) => (log.kind === 'missing' ? [log.listing.key] : [])),
  }
}

/** The judgement that is kept, or `undefined` when there is none or another version of this program wrote it. */
export async function readStored(reader: Connection): Promise<StoredJudgement | undefined> {
  const row = await reader.get<{ json: string }>('select json from judgement where id = 1')
  const stored = row && (JSON.parse(row.json) as StoredJudgement)
  return stored?.format === FORMAT ? stored : undefined
}

/** The verdict on trails and, where there are any, on saved Lake queries. */
export function sentenceOf(summary: IntegritySummary, lake: readonly LakeResult[]): string {
  const sentence = verdictSentence(summary)
  if (lake.length === 0) return sentence
  const proven = lake.filter((one) => one.proven).length
  const words = `${proven} of ${lake.length} saved Lake ${lake.length === 1 ? 'result is' : 'results are'} proven.`
  return summary.logs.total + summary.digests.total === 0 ? words : `${sentence} ${words}`
}

/** Finds the entry of a file by the path that a finding gives it. */
function placeFinder({ judgement, gathered }: JudgedCase): (path: string) => number | null {
  const byPath = new Map<string, number>()
  const byKey = new Map<string, number>()
  const note = (path: string, entry: number): void => {
    if (!byPath.has(path)) byPath.set(path, entry)
    if (!byKey.has(comparableKey(path))) byKey.set(comparableKey(path), entry)
  }
  // By the key that a digest gives it first: a renamed file is found under the name it should have.
  for (const log of judgement.logs) if (log.kind === 'listed') byKey.set(comparableKey(log.listing.key), log.fileId)
  for (const log of judgement.logs) if (log.kind !== 'missing') note(log.path, log.fileId)
  for (const { path, entry } of gathered.digestRows) note(path, entry)
  for (const file of gathered.lake.files) note(file.path, file.entry)
  const missing = new Set(judgement.logs.flatMap((log) => (log.kind === 'missing' ? [log.listing.key] : [])))
  return (path) => (missing.has(path) ? null : (byPath.get(path) ?? byKey.get(comparableKey(path)) ?? null))
}

function toLane(chain: Chain): ChainLane {
  return {
    account: chain.account,
    organization: chain.org,
    region: chain.region,
    trail: chain.trail,
    homeRegion: chain.homeRegion,
    backfill: chain.backfill,
    fromMs: chain.from,
    toMs: chain.to,
    digests: chain.digests.length,
    windows: mergeWindows(chain.windows),
    gaps: chain.gaps.map((gap) => ({
      fromMs: gap.from,
      toMs: gap.to,
      reason: gap.reason,
      ...gapReasonWords[gap.reason],
      key: gap.key,
      explainedBy: gap.explainedBy.map(({ time, name, trail }) => ({ timeMs: time, name, trail: trail ?? null })),
    })),
  }
}

/** `[1-2 proven][2-3 proven][3-4 listed]` becomes `[1-3 proven][3-4 listed]`. */
function mergeWindows(windows: readonly Window[]): ChainLane['windows'] {
  const merged: ChainLane['windows'] = []
  for (const { from, to, state } of windows) {
    const last = merged.at(-1)
    if (last && last.toMs === from && last.state === state) last.toMs = to
    else merged.push({ fromMs: from, toMs: to, state })
  }
  return merged
}

/** The lane as coverage reads it. */
export const toCovered = (lane: ChainLane): CoveredChain => ({
  account: lane.account,
  region: lane.region,
  trail: lane.trail,
  backfill: lane.backfill,
  windows: lane.windows.map(({ fromMs, toMs, state }) => ({ from: utcMs(fromMs), to: utcMs(toMs), state })),
  gaps: lane.gaps.map(({ fromMs, toMs, reason, key }) => ({ from: utcMs(fromMs), to: utcMs(toMs), reason, key })),
})

function toKeys(gathered: Gathered, digests: readonly DigestJudgement[]): SuppliedKey[] {
  const used = new Map<string, number>()
  for (const { proof } of digests)
    if (proof?.kind === 'signature' && proof.trial.keySha256 !== null)
      used.set(proof.trial.keySha256, (used.get(proof.trial.keySha256) ?? 0) + 1)
  const keys = new Map<string, SuppliedKey>()
  for (const file of gathered.keyFiles)
    for (const key of file.keys) {
      // The same list handed over twice is told once, as it came first.
      const same = [key.sha256, key.fingerprint, key.region, key.validFrom, key.validTo, file.sha256].join('\0')
      if (keys.has(same)) continue
      keys.set(same, {
        fingerprint: key.fingerprint,
        sha256: key.sha256,
        region: key.region,
        form: key.form,
        bits: key.bits,
        validFromMs: key.validFrom,
        validToMs: key.validTo,
        unusual: fingerprintUnusual(key),
        file: file.path,
        fileSha256: file.sha256,
        addedMs: file.addedMs,
        addedBy: file.addedBy,
        digests: used.get(key.sha256) ?? 0,
      })
    }
  return [...keys.values()]
}

function trustOf(files: readonly KeyFile[]): readonly string[] {
  const whose = new Map(
    files.map((file) => [
      file.path,
      `added to the case by ${visible(file.addedBy)} at ${displayUtc(utcMs(file.addedMs))}, SHA-256 of the file ${file.sha256}`,
    ]),
  )
  const once = new Map(
    files.flatMap((file) => file.keys.map((key) => [`${key.sha256} ${key.source} ${key.fingerprint}`, key])),
  )
  return trustStatement([...once.values()], (source) => whose.get(source))
}

function bucketsOf(digests: readonly DigestJudgement[]): StoredJudgement['buckets'] {
  const counts = new Map<string, { bucket: string; prefix: string; digests: number }>()
  let last: { bucket: string; prefix: string; digests: number } | undefined
  for (const { content } of digests) {
    if (!content.ok) continue
    const at = { bucket: content.value.bucket, prefix: keyPrefix(content.value.key), digests: 0 }
    const known =
      last?.bucket === at.bucket && last.prefix === at.prefix ? last : counts.get(`${at.bucket}/${at.prefix}`)
    last = known ?? at
    if (!known) counts.set(`${at.bucket}/${at.prefix}`, at)
    last.digests++
  }
  return [...counts.values()].sort((a, b) => b.digests - a.digests).map(({ bucket, prefix }) => ({ bucket, prefix }))
}

/** The state of a log file's content, for the coverage map. */
const stateOf = (verdict: string): LogFacts['state'] =>
  (['LOG_MODIFIED', 'LOG_TRAILING_DATA', 'LOG_UNREADABLE'] satisfies LogJudgement['verdict'][] as string[]).includes(
    verdict,
  )
    ? 'damaged'
    : 'sound'

/** What coverage must know of each log file: from the ledger, and from the names of those that are missing. */
export async function readLogFacts(reader: Connection, missing: readonly string[]): Promise<LogFacts[]> {
  const rows = await reader.all<LogRow>(
    `select n.path, n.original, v.verdict, n.first_event_ms as first, n.last_event_ms as last, n.first_event as event
     from entry_verdict v join entry n on n.id = v.entry order by n.id`,
  )
  const facts: LogFacts[] = []
  const nameless = new Map<number, LogRow[]>()
  const seen = new Set<string>()
  for (const row of rows) {
    // Evidence that is handed over twice is counted once.
    const same = `${row.original ?? row.path}\0${comparableName(row.path)}`
    if (seen.has(same)) continue
    seen.add(same)
    const name = parseLogKey(row.path)
    if (name) facts.push(toFacts(row, name.account, name.region, name.delivered))
    else if (row.event !== null) pushTo(nameless, row.event, row)
  }
  for (const { event, account, region } of await readPlaces(reader, [...nameless.keys()]))
    for (const row of nameless.get(event) ?? []) facts.push(toFacts(row, account, region, null))
  for (const key of missing) {
    const name = parseLogKey(key)
    if (name)
      facts.push({
        account: name.account,
        region: name.region,
        delivered: name.delivered,
        firstEvent: null,
        lastEvent: null,
        state: 'missing',
      })
  }
  return facts
}

type LogRow = {
  readonly path: string
  readonly original: number | null
  readonly verdict: string
  readonly first: number | null
  readonly last: number | null
  readonly event: number | null
}

const toFacts = (row: LogRow, account: string, region: string, delivered: UtcMs | null): LogFacts => ({
  account,
  region,
  delivered,
  firstEvent: row.first === null ? null : utcMs(row.first),
  lastEvent: row.last === null ? null : utcMs(row.last),
  state: stateOf(row.verdict),
})

/** Account and region of events, for files whose names tell neither. */
async function readPlaces(
  reader: Connection,
  events: readonly number[],
): Promise<{ event: number; account: string; region: string }[]> {
  const places: { event: number; account: string; region: string }[] = []
  for (let first = 0; first < events.length; first += 1000) {
    const ids = events.slice(first, first + 1000).join(',')
    places.push(
      ...(await reader.all<{ event: number; account: string; region: string }>(
        `select _id as event, coalesce(account, '') as account, coalesce(awsRegion, '') as region from events where _id in (${ids})`,
      )),
    )
  }
  return places
}
