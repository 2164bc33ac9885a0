import type { UtcMs } from '#shared/base/time.ts'
import type { UnreferencedReason } from '#shared/domain/integrity.ts'
import { groupBy } from './collections.ts'
import type { Chain, Gap, LogJudgement } from './judgement.ts'
import { parseLogKey } from './key-path.ts'
import type { Unlisted } from './match-logs.ts'

/** The minute in a log file's name comes before its delivery by at most this much; digests list by delivery. */
export const DELIVERY_DELAY = 10 * 60_000

/**
 * Says why no digest lists a file. Trails share folders, so the chains of all trails for its account and region decide
 * together: one that is broken, not yet begun or already over at that time could have listed it; only when all of them cover
 * the time unbroken is the file suspicious.
 */
export function makeClassifier(chains: readonly Chain[]): (unlisted: Unlisted) => LogJudgement {
  const byPlace = groupBy(
    chains.filter((chain) => !chain.backfill),
    (chain) => `${chain.account}/${chain.region}`,
  )
  return ({ file, copyOf }) => {
    const name = parseLogKey(file.path)
    const around = name ? (byPlace.get(`${name.account}/${name.region}`) ?? []) : []
    return {
      kind: 'unreferenced',
      verdict: file.readable ? 'LOG_UNREFERENCED' : 'LOG_UNREADABLE',
      reason: name ? strongest(around.map((chain) => reasonIn(chain, name.delivered))) : 'NAME_UNKNOWN',
      name,
      copyOf,
      fileId: file.fileId,
      path: file.path,
      found: file.inflatedSha256,
      trailingBytes: file.trailingBytes,
    }
  }
}

/** What could explain the file comes before what makes it suspicious. */
const ORDER: readonly UnreferencedReason[] = [
  'DIGEST_MISSING',
  'DIGEST_ALTERED',
  'VALIDATION_OFF',
  'DELIVERED_AFTER_LAST_DIGEST',
  'BEFORE_FIRST_DIGEST',
  'INSIDE_UNPROVEN_WINDOW',
  'INSIDE_PROVEN_WINDOW',
]

const strongest = (reasons: readonly UnreferencedReason[]): UnreferencedReason =>
  ORDER.find((reason) => reasons.includes(reason)) ?? 'NO_DIGESTS'

function reasonIn(chain: Chain, delivered: UtcMs): UnreferencedReason {
  const latest = delivered + DELIVERY_DELAY
  const gap = gapAt(chain, delivered)
  if (gap) return gapReason(gap)
  if (latest >= chain.to) return 'DELIVERED_AFTER_LAST_DIGEST'
  if (delivered < chain.from) return 'BEFORE_FIRST_DIGEST'
  const windows = windowsAt(chain, delivered, latest)
  if (windows.length === 0) return 'DIGEST_MISSING'
  return windows.every((window) => window.state === 'proven') ? 'INSIDE_PROVEN_WINDOW' : 'INSIDE_UNPROVEN_WINDOW'
}

/** The gap that a file with this delivery minute can belong to, if any; a missing digest before any other. */
export function gapAt(chain: Chain, delivered: UtcMs): Gap | undefined {
  const near = chain.gaps.filter((gap) => delivered < gap.to && delivered + DELIVERY_DELAY >= gap.from)
  return near.find((gap) => gap.reason !== 'RESTART') ?? near[0]
}

function gapReason(gap: Gap): UnreferencedReason {
  switch (gap.reason) {
    case 'DIGEST_MISSING':
    case 'DIGEST_UNREADABLE':
      return 'DIGEST_MISSING'
    case 'DIGEST_ALTERED':
      return 'DIGEST_ALTERED'
    case 'RESTART':
      return 'VALIDATION_OFF'
  }
}

/** Windows are sorted and an hour long, so those that touch a short stretch of time stand together. */
function windowsAt(chain: Chain, from: number, to: number): Chain['windows'] {
  let low = 0
  let high = chain.windows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (chain.windows[middle]!.to > from) high = middle
    else low = middle + 1
  }
  let end = low
  while (end < chain.windows.length && chain.windows[end]!.from <= to) end++
  return chain.windows.slice(low, end)
}
