import { formatUtc } from '#shared/base/time.ts'
import type { ChainSummary, DigestVerdict, IntegritySummary, LogVerdict } from '#shared/domain/integrity.ts'
import type { Chain, Judgement } from './judgement.ts'

/** The answer of the command `integrity`, word for word as the command line promises it. */
export function summarise(judgement: Judgement): IntegritySummary {
  const digests = countBy(judgement.digests.map((digest) => digest.verdict))
  const logs = countBy(judgement.logs.map((log) => log.verdict))
  const d = (...verdicts: readonly DigestVerdict[]): number => verdicts.reduce((n, v) => n + (digests.get(v) ?? 0), 0)
  const l = (...verdicts: readonly LogVerdict[]): number => verdicts.reduce((n, v) => n + (logs.get(v) ?? 0), 0)
  return {
    digests: {
      total: judgement.digests.length,
      authentic: d('AUTHENTIC'),
      authenticByLink: d('AUTHENTIC_BY_LINK'),
      consistent: d('CONSISTENT_UNAUTHENTICATED'),
      invalid: d('SIGNATURE_INVALID', 'HASH_MISMATCH_WITH_SUCCESSOR', 'UNREADABLE'),
      unverified: d('UNVERIFIED_NO_SIGNATURE', 'UNVERIFIED_NO_KEY', 'KEY_UNLOADABLE', 'UNSUPPORTED_ALGORITHM'),
    },
    logs: {
      total: judgement.logs.length,
      proven: l('LOG_PROVEN', 'LOG_PROVEN_DECOMPRESSED_COPY'),
      listedUnproven: l('LOG_LISTED_UNPROVEN'),
      modified: l('LOG_MODIFIED'),
      trailingData: l('LOG_TRAILING_DATA'),
      unreadable: l('LOG_UNREADABLE'),
      missing: l('LOG_MISSING'),
      unreferenced: l('LOG_UNREFERENCED'),
    },
    chains: judgement.chains.map(toSummary),
    findings: judgement.findings,
    clean: judgement.clean,
  }
}

function countBy<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

const toSummary = (chain: Chain): ChainSummary => ({
  account: chain.account,
  region: chain.region,
  trail: chain.trail,
  homeRegion: chain.homeRegion,
  backfill: chain.backfill,
  from: formatUtc(chain.from),
  to: formatUtc(chain.to),
  digests: chain.digests.length,
  gaps: chain.gaps.map((gap) => ({ from: formatUtc(gap.from), to: formatUtc(gap.to), reason: gap.reason })),
})
