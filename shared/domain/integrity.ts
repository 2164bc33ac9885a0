/**
 * Verdicts of the digest chain. The rules are CloudTrail's log file integrity validation (user guide, "CloudTrail digest
 * file structure" and "Custom implementations"), applied to a copied bucket without a network.
 */

/** What is known of one digest file. */
export const digestVerdicts = [
  /** Its signature was checked with the region's public key. */
  'AUTHENTIC',
  /** An authentic successor names its hash. */
  'AUTHENTIC_BY_LINK',
  /** The hash chain fits, but nothing in it was checked with a key: anyone could have produced it. */
  'CONSISTENT_UNAUTHENTICATED',
  'SIGNATURE_INVALID',
  'HASH_MISMATCH_WITH_SUCCESSOR',
  'UNVERIFIED_NO_SIGNATURE',
  'UNVERIFIED_NO_KEY',
  'KEY_UNLOADABLE',
  'UNSUPPORTED_ALGORITHM',
  'UNREADABLE',
] as const
export type DigestVerdict = (typeof digestVerdicts)[number]

/** Facts about a digest that do not decide its verdict. */
export const digestFlags = [
  'PREV_MISSING',
  'CHAIN_START',
  'TIME_DISCONTINUITY',
  'PATH_DIFFERS',
  'DUPLICATE_CONFLICT',
  'KEY_OUTSIDE_VALIDITY',
  'KEY_FINGERPRINT_UNUSUAL',
] as const
export type DigestFlag = (typeof digestFlags)[number]

/** What is known of one log file. */
export const logVerdicts = [
  'LOG_PROVEN',
  'LOG_PROVEN_DECOMPRESSED_COPY',
  'LOG_LISTED_UNPROVEN',
  'LOG_TRAILING_DATA',
  'LOG_MODIFIED',
  'LOG_UNREADABLE',
  'LOG_MISSING',
  'LOG_UNREFERENCED',
] as const
export type LogVerdict = (typeof logVerdicts)[number]

/** Why a log file that is in the evidence is in no digest. */
export const unreferencedReasons = [
  'DELIVERED_AFTER_LAST_DIGEST',
  'BEFORE_FIRST_DIGEST',
  'INSIDE_PROVEN_WINDOW',
  'DIGEST_MISSING',
  'NO_DIGESTS',
] as const
export type UnreferencedReason = (typeof unreferencedReasons)[number]

/** The word an event carries, best of its occurrences first. `none`: no digest could speak about this kind of source. */
export const eventVerdicts = ['proven', 'listed', 'unreferenced', 'none', 'trailing', 'unreadable', 'modified'] as const
export type EventVerdict = (typeof eventVerdicts)[number]

export type Severity = 'high' | 'medium' | 'low' | 'info'

/** One thing that a reader of the integrity view must know. */
export type IntegrityFinding = {
  /** A verdict or flag code above, or `CHAIN_GAP`, `CHAIN_END`. */
  readonly code: string
  readonly severity: Severity
  /** Object key from `AWSLogs/` on, with its prefix if the digest names one; or the path in the evidence. */
  readonly path: string
  /** One plain sentence: what was expected, what was found, what it can mean. */
  readonly detail: string
  readonly expected?: string
  readonly found?: string
}
