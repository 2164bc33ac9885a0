import { assertNever } from '#shared/base/assert.ts'
import { counted } from '#shared/base/count.ts'
import { displayUtc, type UtcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import {
  digestFlagWords,
  digestVerdictWords,
  logVerdictWords,
  unreferencedReasonWords,
} from '#shared/domain/integrity.ts'
import type { DigestFlag, IntegrityFinding, Severity } from '#shared/domain/integrity.ts'
import { gapAt } from './classify-unreferenced.ts'
import { compareText, groupBy, pushTo } from './collections.ts'
import { isProven, type Chain, type DigestJudgement, type Gap, type Judgement, type LogJudgement } from './judgement.ts'
import { digestId } from './parse-digest.ts'
import { comparableKey, keyFromAwsLogs, keyPrefix, parseDigestKey, pathHasKey } from './key-path.ts'

type Judged = Pick<Judgement, 'digests' | 'logs' | 'chains'>
type Unreferenced = LogJudgement & { kind: 'unreferenced' }
type Listed = LogJudgement & { kind: 'listed' }

/**
 * What a reader must know, worst first. One cause is one finding: the log files and digests that are unproven only because a
 * digest is missing or altered stand under that digest's finding in `affects`. What is common and harmless (delivered after
 * the last digest, no signature for the newest) is one finding per account and region, or one for the whole case.
 */
export function findFindings(judged: Judged): IntegrityFinding[] {
  const place = makePlacer(judged)
  const orphans = orphansByGap(judged)
  const findings = [
    ...judged.logs.flatMap((log) => logFinding(log, judged, place)),
    ...brokenDigests(judged, orphans, place),
    ...judged.chains.flatMap((chain) => gapFindings(chain, judged, orphans, place)),
    ...unreferencedFindings(judged, orphans, place),
    ...flagFindings(judged, place),
    ...unprovenFindings(judged, place),
    ...chainEnds(judged.chains, judged.digests, place),
  ]
  return findings.sort(worstFirst)
}

/** The order of findings: severity, then code, path and words. */
export const worstFirst = (a: IntegrityFinding, b: IntegrityFinding): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  compareText(a.code, b.code) ||
  compareText(a.path, b.path) ||
  compareText(a.detail, b.detail)

const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low', 'info']

/**
 * Clean means that nothing is altered, missing, unreadable or suspicious: no finding of high or medium severity. What is
 * merely unproven (the newest digest without a captured signature, a key that was not supplied, files delivered after the
 * last digest, a stop of logging that events in the evidence explain) does not make evidence unclean, because no check of it
 * failed; it is named all the same.
 */
export const isClean = (findings: readonly IntegrityFinding[]): boolean =>
  findings.every((finding) => finding.severity === 'low' || finding.severity === 'info')

// ---------------------------------------------------------------- log files

function logFinding(log: LogJudgement, judged: Judged, place: Placer): IntegrityFinding[] {
  if (log.kind === 'unreferenced')
    return log.verdict === 'LOG_UNREADABLE' ? [{ ...unreadable(log), path: place.log(log) }] : []
  if (log.kind === 'missing') {
    const by = listedBy(judged, log.listing.digest, log.listing.proven)
    const detail = `${by} lists this log file, but it is not in the evidence: it was deleted, or it was not copied.`
    return [{ code: 'LOG_MISSING', severity: 'medium', path: log.listing.key, detail, expected: log.listing.hash }]
  }
  return listedFinding(log, judged)
}

function listedFinding(log: Listed, judged: Judged): IntegrityFinding[] {
  if (log.verdict === 'LOG_PROVEN' && log.matchedBy !== 'content') return []
  const path = log.listing.key
  const renamed: IntegrityFinding[] =
    log.matchedBy !== 'content'
      ? []
      : [
          {
            code: 'LOG_RENAMED',
            severity: 'low',
            path,
            detail: 'This log file lies in the evidence under another name; its content was found by its hash.',
            expected: path,
            found: log.path,
          },
        ]
  const hashes = { expected: log.listing.hash, found: log.found }
  switch (log.verdict) {
    case 'LOG_PROVEN':
    case 'LOG_PROVEN_DECOMPRESSED_COPY':
    case 'LOG_LISTED_UNPROVEN':
      return renamed
    case 'LOG_MODIFIED':
      return [
        {
          code: log.verdict,
          severity: log.listing.proven ? 'high' : 'medium',
          path,
          detail: modified(log, judged),
          ...hashes,
        },
      ]
    case 'LOG_TRAILING_DATA':
      return [
        {
          code: log.verdict,
          severity: 'high',
          path,
          detail: `${counted(log.trailingBytes, 'byte')} stand behind the content that AWS delivered. That content is unchanged; some programs read the added bytes as events, this one does not.`,
          expected: 'nothing behind the compressed content',
          found: counted(log.trailingBytes, 'byte'),
        },
      ]
    case 'LOG_UNREADABLE':
      return [{ ...unreadable(log), path, expected: log.listing.hash }]
    default:
      return assertNever(log.verdict)
  }
}

const modified = (log: Listed, judged: Judged): string =>
  log.listing.proven
    ? `${listedBy(judged, log.listing.digest, true)} lists another content for this file: events were changed, added or removed after delivery, or a program wrote the file anew.`
    : `${listedBy(judged, log.listing.digest, false)} lists another content for this file: the file or the digest was changed.`

const unreadable = (
  log: { readonly verdict: 'LOG_UNREADABLE' } | Listed | Unreferenced,
): Omit<IntegrityFinding, 'path'> => ({
  code: 'LOG_UNREADABLE',
  severity: 'medium',
  detail: `The file cannot be read to its end. ${logVerdictWords[log.verdict].means}`,
})

const listedBy = (judged: Judged, digest: number, proven: boolean): string => {
  const content = judged.digests[digest]!.content
  const window = content.ok ? ` for ${span(content.value.start, content.value.end)}` : ''
  return proven ? `The proven digest${window}` : `A digest that is not proven${window}`
}

// ---------------------------------------------------------------- digests that fail

function brokenDigests(judged: Judged, orphans: Orphans, place: Placer): IntegrityFinding[] {
  // Nearly all digests are sound; only the others are worth words.
  const unproven = judged.digests.flatMap((digest, index) => (isProven(digest.verdict) ? [] : [{ digest, index }]))
  if (unproven.length === 0) return []
  const listedIn = new Map<number, number>()
  for (const log of judged.logs)
    if (log.kind === 'listed') listedIn.set(log.listing.digest, (listedIn.get(log.listing.digest) ?? 0) + 1)
  const named = new Map<string, string>()
  for (const { content } of judged.digests)
    if (content.ok && content.value.previous) named.set(digestId(content.value.previous), content.value.previous.hash)
  return unproven.flatMap(({ digest, index }) => {
    const affects = orphans.get(gapKey({ reason: 'DIGEST_ALTERED', after: index })) ?? []
    return brokenDigest(digest, {
      path: place.digest(index),
      listed: listedIn.get(index) ?? 0,
      affects,
      namedHash: digest.content.ok ? (named.get(digestId(digest.content.value)) ?? '') : '',
    })
  })
}

type Broken = {
  readonly path: string
  /** How many log files in the evidence it lists. */
  readonly listed: number
  readonly affects: readonly string[]
  /** The hash by which its successor names it. */
  readonly namedHash: string
}

function brokenDigest(digest: DigestJudgement, { path, listed, affects, namedHash }: Broken): IntegrityFinding[] {
  const consequence =
    listed + affects.length === 0
      ? ''
      : ` ${counted(listed, 'log file')} that it lists cannot be proven through it; ${counted(affects.length, 'file')} of its hours ${affects.length === 1 ? 'is' : 'are'} in no digest.`
  const base = {
    code: digest.verdict,
    path,
    detail: `${digestVerdictWords[digest.verdict].says}. ${digestVerdictWords[digest.verdict].means}${consequence}`,
    ...(affects.length > 0 ? { affects } : {}),
  }
  switch (digest.verdict) {
    case 'SIGNATURE_INVALID':
      return [{ ...base, severity: 'high', expected: 'a signature that fits', found: trials(digest) }]
    case 'HASH_MISMATCH_WITH_SUCCESSOR':
      return [{ ...base, severity: 'high', expected: namedHash, found: digest.sha256 }]
    case 'UNREADABLE':
      return [{ ...base, severity: 'medium', found: digest.content.ok ? '' : digest.content.message }]
    case 'UNSUPPORTED_ALGORITHM':
      return [
        {
          ...base,
          severity: 'medium',
          expected: 'SHA256withRSA',
          found: digest.content.ok ? visible(digest.content.value.algorithm) : '',
        },
      ]
    case 'KEY_UNLOADABLE':
      return [{ ...base, severity: 'low' }]
    case 'AUTHENTIC':
    case 'AUTHENTIC_BY_LINK':
    case 'CONSISTENT_UNAUTHENTICATED':
    case 'UNVERIFIED_NO_SIGNATURE':
    case 'UNVERIFIED_NO_KEY':
      return []
    default:
      return assertNever(digest.verdict)
  }
}

const trials = (digest: DigestJudgement): string =>
  digest.checks
    .map(
      (t) =>
        `${t.from.kind === 'captured' ? 'the captured signature' : 'the signature in the next digest'}: ${TRIAL[t.outcome]}`,
    )
    .join('; ')

const TRIAL = {
  valid: 'fits',
  invalid: 'does not fit',
  unsupported: 'unknown algorithm',
  'no-key': 'no key',
  'bad-key': 'key unusable',
} as const

// ---------------------------------------------------------------- gaps and restarts

/** Files and digests that are unproven only because of a gap, by that gap. */
type Orphans = ReadonlyMap<string, readonly string[]>
const gapKey = (gap: Pick<Gap, 'reason' | 'after'>): string =>
  `${gap.after ?? ''} ${gap.reason === 'DIGEST_UNREADABLE' ? 'DIGEST_ALTERED' : gap.reason}`

/** An exact copy of a listed file is no orphan: it has a finding of its own, whatever became of the digest of its hours. */
const isOrphan = (log: LogJudgement): log is Unreferenced =>
  log.kind === 'unreferenced' &&
  log.copyOf === null &&
  (log.reason === 'DIGEST_MISSING' || log.reason === 'DIGEST_ALTERED')

function orphansByGap({ logs, chains }: Judged): Orphans {
  const byPlace = groupBy(
    chains.filter((chain) => !chain.backfill),
    (chain) => `${chain.account}/${chain.region}`,
  )
  const orphans = new Map<string, string[]>()
  for (const log of logs) {
    if (!isOrphan(log) || !log.name) continue
    for (const chain of byPlace.get(`${log.name.account}/${log.name.region}`) ?? []) {
      const gap = gapAt(chain, log.name.delivered)
      if (gap && gap.reason !== 'RESTART') pushTo(orphans, gapKey(gap), keyFromAwsLogs(log.path))
    }
  }
  return orphans
}

const span = (from: UtcMs, to: UtcMs): string => `${displayUtc(from)} to ${displayUtc(to)}`

function gapFindings(chain: Chain, judged: Judged, orphans: Orphans, place: Placer): IntegrityFinding[] {
  return chain.gaps.flatMap((gap): IntegrityFinding[] => {
    switch (gap.reason) {
      case 'DIGEST_MISSING':
        return [missingDigest(gap, judged, orphans.get(gapKey(gap)) ?? [], place)]
      case 'RESTART':
        return [restart(gap)]
      case 'DIGEST_UNREADABLE':
      case 'DIGEST_ALTERED':
        return []
      default:
        return assertNever(gap.reason)
    }
  })
}

function missingDigest(gap: Gap, judged: Judged, orphans: readonly string[], place: Placer): IntegrityFinding {
  const count = Math.max(1, Math.round((gap.to - gap.from) / 3_600_000))
  const lost =
    gap.before !== null && judged.digests[gap.before]?.verdict === 'UNVERIFIED_NO_SIGNATURE' ? gap.before : null
  const detail = [
    count === 1
      ? `The digest for ${span(gap.from, gap.to)} is named by the next one but is not in the evidence: it was deleted, or it was not copied.`
      : `No digest for ${span(gap.from, gap.to)}: about ${count} digests in a row were deleted, or were not copied. The last of them is named by the next digest.`,
    orphans.length > 0
      ? `${counted(orphans.length, 'log file')} of these hours ${orphans.length === 1 ? 'is' : 'are'} in no digest and cannot be proven.`
      : '',
    lost !== null
      ? 'The signature of the digest before the gap went with it, so that one cannot be checked either.'
      : '',
  ]
  const affects = [...orphans, ...(lost !== null ? [place.digest(lost)] : [])]
  return {
    code: 'CHAIN_GAP',
    severity: 'medium',
    path: gap.key,
    detail: detail.filter((part) => part !== '').join(' '),
    ...(affects.length > 0 ? { affects } : {}),
  }
}

function restart(gap: Gap): IntegrityFinding {
  const events = gap.explainedBy.map((event) => `${visible(event.name)} at ${displayUtc(event.time)}`)
  const detail =
    events.length > 0
      ? `AWS began a new run of digests here; nothing vouches for ${span(gap.from, gap.to)}. Events in the evidence explain it: ${events.join(', ')}.`
      : `AWS began a new run of digests here; nothing vouches for ${span(gap.from, gap.to)}. Logging or validation was stopped and started again, and no event in the evidence says by whom. Digests from before the restart may be missing too.`
  return { code: 'CHAIN_START', severity: events.length > 0 ? 'low' : 'medium', path: gap.key, detail }
}

/** A run of digests of a trail that stops this much before the others of the same trail may have been cut short. */
const ENDS_EARLY = 6 * 3_600_000

function chainEnds(chains: readonly Chain[], digests: readonly DigestJudgement[], place: Placer): IntegrityFinding[] {
  const trails = groupBy(
    chains.filter((chain) => !chain.backfill),
    (chain) => [chain.account, chain.org, chain.trail, chain.homeRegion].join('\0'),
  )
  return [...trails.values()].flatMap((same) => {
    const last = same.reduce((latest, chain) => (chain.to > latest ? chain.to : latest), same[0]!.to)
    return same
      .filter((chain) => last - chain.to > ENDS_EARLY && digests.length > 0)
      .map((chain): IntegrityFinding => ({
        code: 'CHAIN_END',
        severity: 'low',
        path: place.digest(chain.digests.at(-1)!),
        detail: `The digests of ${visible(chain.region)} end at ${displayUtc(chain.to)}, those of the same trail elsewhere at ${displayUtc(last)}. The newest digests and log files may have been deleted or not copied: an end that was cut off cannot be proven.`,
      }))
  })
}

// ---------------------------------------------------------------- files in no digest

function unreferencedFindings(judged: Judged, orphans: Orphans, place: Placer): IntegrityFinding[] {
  const orphaned = new Set([...orphans.values()].flat())
  const single: IntegrityFinding[] = []
  const groups = new Map<string, Unreferenced[]>()
  for (const log of judged.logs) {
    if (log.kind !== 'unreferenced' || log.verdict !== 'LOG_UNREFERENCED') continue
    if (isOrphan(log) && orphaned.has(keyFromAwsLogs(log.path))) continue
    const severity = unreferencedSeverity(log)
    if (severity === 'high' || severity === 'medium') single.push(unreferenced([log], severity, place))
    else pushTo(groups, [severity, log.reason, log.name?.account, log.name?.region, log.name?.kind].join('\0'), log)
  }
  return [...single, ...[...groups.values()].map((same) => unreferenced(same, unreferencedSeverity(same[0]!), place))]
}

function unreferencedSeverity(log: Unreferenced): Severity {
  if (log.reason === 'NO_DIGESTS' || log.reason === 'NAME_UNKNOWN') return 'info'
  // Whether digests list Insights, network activity and aggregated files is not documented.
  if (log.name?.kind !== 'CloudTrail') return 'low'
  if (log.copyOf !== null || log.reason === 'INSIDE_PROVEN_WINDOW') return 'high'
  const explained: readonly string[] = ['DELIVERED_AFTER_LAST_DIGEST', 'BEFORE_FIRST_DIGEST', 'VALIDATION_OFF']
  return explained.includes(log.reason) ? 'low' : 'medium'
}

function unreferenced(same: readonly Unreferenced[], severity: Severity, place: Placer): IntegrityFinding {
  const log = same[0]!
  const words = unreferencedReasonWords[log.reason]
  const copy = log.copyOf === null ? '' : ` Its content is that of ${visible(log.copyOf)}, under another name.`
  const appended =
    log.trailingBytes === 0 ? '' : ` ${counted(log.trailingBytes, 'byte')} stand behind its compressed content.`
  const where = log.name ? ` of account ${visible(log.name.account)} in ${visible(log.name.region)}` : ''
  const detail =
    same.length === 1
      ? `No digest lists this file. ${words.says}: ${words.means}${copy}${appended}`
      : `No digest lists ${counted(same.length, 'file')}${where}, of which this is the first. ${words.says}: ${words.means}`
  const rest = same.slice(1).map(place.log)
  return {
    code: 'LOG_UNREFERENCED',
    severity,
    path: place.log(log),
    detail,
    ...(rest.length > 0 ? { affects: rest } : {}),
  }
}

// ---------------------------------------------------------------- flags, and what is only unproven

/** Flags that deserve a line of their own; the others only explain a digest or follow from another finding. */
const TOLD: readonly { flag: DigestFlag; severity: Severity }[] = [
  { flag: 'CONTRADICTS_PREDECESSOR', severity: 'high' },
  { flag: 'DUPLICATE_CONFLICT', severity: 'high' },
  { flag: 'TIME_DISCONTINUITY', severity: 'low' },
  { flag: 'KEY_OUTSIDE_VALIDITY', severity: 'low' },
  { flag: 'KEY_FINGERPRINT_UNUSUAL', severity: 'low' },
  { flag: 'SIGNATURE_CONFLICT', severity: 'low' },
]

function flagFindings(judged: Judged, place: Placer): IntegrityFinding[] {
  const failing = failingKeys(judged, place)
  return TOLD.flatMap(({ flag, severity }) => {
    const flagged = judged.digests.flatMap((digest, index) => {
      if (!digest.flags.includes(flag)) return []
      const told =
        (flag === 'DUPLICATE_CONFLICT' && failing.has(place.digest(index))) ||
        (flag === 'SIGNATURE_CONFLICT' && !capturedIsWrong(digest))
      return told ? [] : [place.digest(index)]
    })
    return grouped(flagged, flag, severity, `${digestFlagWords[flag].says}. ${digestFlagWords[flag].means}`)
  })
}

/** Keys of digests of which one content fails its check: the conflict is told there. */
const failingKeys = (judged: Judged, place: Placer): ReadonlySet<string> =>
  new Set(
    judged.digests.flatMap((digest, index) =>
      digest.verdict === 'SIGNATURE_INVALID' || digest.verdict === 'HASH_MISMATCH_WITH_SUCCESSOR'
        ? [place.digest(index)]
        : [],
    ),
  )

/** When the signature carried by the next digest is the wrong one, that digest has a finding already. */
const capturedIsWrong = (digest: DigestJudgement): boolean =>
  digest.verdict === 'AUTHENTIC' && digest.checks.some((t) => t.from.kind === 'captured' && t.outcome === 'invalid')

function unprovenFindings(judged: Judged, place: Placer): IntegrityFinding[] {
  const besideGap = new Set(
    judged.chains.flatMap((c) => c.gaps.filter((g) => g.reason === 'DIGEST_MISSING').map((g) => g.before)),
  )
  const codes = ['UNVERIFIED_NO_SIGNATURE', 'UNVERIFIED_NO_KEY', 'CONSISTENT_UNAUTHENTICATED'] as const
  return codes.flatMap((code) => {
    const paths = judged.digests.flatMap((digest, index) =>
      digest.verdict === code && !(code === 'UNVERIFIED_NO_SIGNATURE' && besideGap.has(index))
        ? [place.digest(index)]
        : [],
    )
    return grouped(paths, code, 'info', `${digestVerdictWords[code].says}. ${digestVerdictWords[code].means}`)
  })
}

function grouped(paths: readonly string[], code: string, severity: Severity, words: string): IntegrityFinding[] {
  const [path, ...rest] = [...new Set(paths)].sort()
  if (path === undefined) return []
  const detail =
    rest.length === 0
      ? words
      : `${words} This holds for ${counted(rest.length + 1, 'digest')}, of which this is the first.`
  return [{ code, severity, path, detail, ...(rest.length > 0 ? { affects: rest } : {}) }]
}

// ---------------------------------------------------------------- names

type Placer = { readonly log: (log: Unreferenced) => string; readonly digest: (index: number) => string }

/** Object keys for files: from `AWSLogs/` on, with the prefix in front that a digest names and the path has. */
function makePlacer({ digests, logs }: Judged): Placer {
  const prefixes = new Set<string>()
  for (const { content } of digests) if (content.ok) prefixes.add(keyPrefix(content.value.key))
  for (const log of logs) if (log.kind !== 'unreferenced') prefixes.add(keyPrefix(log.listing.key))
  const longestFirst = [...prefixes].filter((p) => p !== '').sort((a, b) => b.length - a.length || compareText(a, b))
  const place = (path: string): string => {
    const key = keyFromAwsLogs(path)
    const prefix = longestFirst.find((p) => pathHasKey(path, p + key))
    return (prefix ?? '') + key
  }
  return {
    log: (log) => place(log.path),
    digest: (index) => {
      const { content, paths } = digests[index]!
      const byPath = paths.find((path) => parseDigestKey(path) !== undefined) ?? paths[0]!
      if (!content.ok) return place(byPath)
      const { key } = content.value
      const sameName = parseDigestKey(byPath) === undefined || comparableKey(byPath) === comparableKey(key)
      return sameName ? key : keyFromAwsLogs(byPath) === byPath && !byPath.startsWith('AWSLogs/') ? key : place(byPath)
    },
  }
}
