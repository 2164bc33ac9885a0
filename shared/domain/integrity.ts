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
  /** A captured signature and the one that the successor carries differ. */
  'SIGNATURE_CONFLICT',
  /** An unproven digest that names another hash or signature for its predecessor than the proven one has. */
  'CONTRADICTS_PREDECESSOR',
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
  /** The digest of that window is there but fails its check: it may have listed the file. */
  'DIGEST_ALTERED',
  /** A digest of that window is there and does not list the file, but the digest is not proven. */
  'INSIDE_UNPROVEN_WINDOW',
  /** Between the end of one run of digests and a starting digest: logging or validation was off. */
  'VALIDATION_OFF',
  /** The name does not tell account, region and delivery time, so no digest can be asked. */
  'NAME_UNKNOWN',
] as const
export type UnreferencedReason = (typeof unreferencedReasons)[number]

/**
 * The word that an event carries: the first of these that one of its occurrences has. One proven occurrence proves the event,
 * since all have the same content. Else what speaks against a signed file stays visible: a copy that no signature vouches for
 * (an export, a listed or unlisted file) must not hide it. `none`: no digest could speak about this kind of source.
 */
export const eventVerdicts = ['proven', 'modified', 'unreadable', 'trailing', 'listed', 'unreferenced', 'none'] as const
export type EventVerdict = (typeof eventVerdicts)[number]

export type Severity = 'high' | 'medium' | 'low' | 'info'

/** One thing that a reader of the integrity view must know. */
export type IntegrityFinding = {
  /** A verdict or flag code above, or `CHAIN_GAP`, `CHAIN_END`, `LOG_RENAMED`, `LAKE_…`. */
  readonly code: string
  readonly severity: Severity
  /** Object key from `AWSLogs/` on, with its prefix if the digest names one; or the path in the evidence. */
  readonly path: string
  /** One plain sentence: what was expected, what was found, what it can mean. */
  readonly detail: string
  readonly expected?: string
  readonly found?: string
  /** Other files or digests that this finding speaks about: orphaned logs of a missing digest, the rest of a group. */
  readonly affects?: readonly string[]
  /** How many `affects` has in full, where it was cut. */
  readonly affected?: number
}

/** Why hours of a chain are not proven. */
export const gapReasons = ['DIGEST_MISSING', 'DIGEST_UNREADABLE', 'DIGEST_ALTERED', 'RESTART'] as const
export type GapReason = (typeof gapReasons)[number]

/** The answer of the command `integrity`; keys are a public contract. Times are ISO 8601 in UTC. */
export type IntegritySummary = {
  readonly digests: {
    readonly total: number
    readonly authentic: number
    readonly authenticByLink: number
    readonly consistent: number
    readonly invalid: number
    readonly unverified: number
  }
  /** `total` counts files present plus missing; `proven` includes decompressed copies. */
  readonly logs: {
    readonly total: number
    readonly proven: number
    readonly listedUnproven: number
    readonly modified: number
    readonly trailingData: number
    readonly unreadable: number
    readonly missing: number
    readonly unreferenced: number
  }
  readonly chains: readonly ChainSummary[]
  readonly findings: readonly IntegrityFinding[]
  readonly clean: boolean
}

/** One run of digests: an account, a source region, a trail and its home region; backfill digests stand apart. */
export type ChainSummary = {
  readonly account: string
  readonly region: string
  readonly trail: string
  readonly homeRegion: string
  readonly backfill: boolean
  readonly from: string
  readonly to: string
  readonly digests: number
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: GapReason }[]
}

/** What a code says, and what it can mean to someone who is not a specialist. */
export type CodeWords = { readonly says: string; readonly means: string }

export const digestVerdictWords: Record<DigestVerdict, CodeWords> = {
  AUTHENTIC: {
    says: 'Signature checked',
    means: 'AWS signed exactly these bytes. The check was made with the public key of the region.',
  },
  AUTHENTIC_BY_LINK: {
    says: 'Proven by its successor',
    means: 'A later digest, itself proven, names the hash of this one. That is as good as a signature of its own.',
  },
  CONSISTENT_UNAUTHENTICATED: {
    says: 'Fits the chain, not authenticated',
    means:
      'The hashes fit together, but no public key was at hand to check any signature. Anyone could have produced such a chain.',
  },
  SIGNATURE_INVALID: {
    says: 'Signature does not fit',
    means:
      'These are not the bytes that AWS signed: the digest was changed after delivery, or the signature belongs to another file.',
  },
  HASH_MISMATCH_WITH_SUCCESSOR: {
    says: 'Differs from what its successor names',
    means: 'The next digest names another hash for this one: one of the two was changed after delivery.',
  },
  UNVERIFIED_NO_SIGNATURE: {
    says: 'No signature at hand',
    means:
      'The signature of the newest digest is kept by S3 beside the file, and an ordinary copy loses it. Nothing speaks against this digest, but nothing proves it.',
  },
  UNVERIFIED_NO_KEY: {
    says: 'Public key missing',
    means: 'The public key that this digest names was not supplied. With the key list of the region it can be checked.',
  },
  KEY_UNLOADABLE: {
    says: 'Public key unusable',
    means: 'The key that this digest names was supplied but cannot be read as an RSA public key.',
  },
  UNSUPPORTED_ALGORITHM: {
    says: 'Unknown signature algorithm',
    means:
      'The digest names another algorithm than SHA256withRSA, the only one that CloudTrail is documented to use. It was not checked.',
  },
  UNREADABLE: {
    says: 'Cannot be read',
    means: 'The file is damaged, or is not a digest although its place says so. What it listed is not known.',
  },
}

export const digestFlagWords: Record<DigestFlag, CodeWords> = {
  PREV_MISSING: {
    says: 'Predecessor not in the evidence',
    means: 'The digest before this one was deleted, or was not copied.',
  },
  CHAIN_START: {
    says: 'Starting digest',
    means: 'AWS began a new run of digests here: validation was switched on, or logging was stopped and started again.',
  },
  TIME_DISCONTINUITY: {
    says: 'Does not begin where its predecessor ends',
    means: 'Normally one window begins where the last one ends. The time between, if any, is covered by no digest.',
  },
  PATH_DIFFERS: {
    says: 'Stored under another path',
    means:
      'The copy is not under the name that the digest gives for itself. Files that were moved or flattened look like this.',
  },
  DUPLICATE_CONFLICT: {
    says: 'Two contents for one digest',
    means: 'Two files say that they are the same digest but differ. At most one of them is what AWS delivered.',
  },
  KEY_OUTSIDE_VALIDITY: {
    says: 'Key outside its validity',
    means:
      'The signature fits, but the key list says that the key was not in use at that time. Check where the key list came from.',
  },
  KEY_FINGERPRINT_UNUSUAL: {
    says: 'Unusual key fingerprint',
    means:
      'The fingerprint given for the key is not the MD5 of its bytes, as it is for all keys that AWS has published.',
  },
  CONTRADICTS_PREDECESSOR: {
    says: 'Contradicts its predecessor',
    means:
      'What it says about the digest before it is not true of that digest, which is proven: this digest was changed after delivery.',
  },
  SIGNATURE_CONFLICT: {
    says: 'Two different signatures',
    means: 'The captured signature is not the one that the next digest carries. At most one of them fits.',
  },
}

export const logVerdictWords: Record<LogVerdict, CodeWords> = {
  LOG_PROVEN: {
    says: 'Proven',
    means: 'A digest proven to come from AWS lists this file, and its content is unchanged since delivery.',
  },
  LOG_PROVEN_DECOMPRESSED_COPY: {
    says: 'Proven, stored decompressed',
    means: 'The copy is stored without its compression; its content is unchanged since delivery.',
  },
  LOG_LISTED_UNPROVEN: {
    says: 'Listed, not proven',
    means: 'A digest lists this file and its hash fits, but the digest itself is not proven.',
  },
  LOG_TRAILING_DATA: {
    says: 'Data appended',
    means:
      'The content that AWS delivered is there and unchanged, but bytes were added behind it. They are not read as events.',
  },
  LOG_MODIFIED: {
    says: 'Altered',
    means: 'The content is not the one that the digest lists: events were changed, added or removed after delivery.',
  },
  LOG_UNREADABLE: {
    says: 'Cannot be read whole',
    means: 'The file is damaged or cut off. A broken download looks like this, and so does damage on purpose.',
  },
  LOG_MISSING: {
    says: 'Missing',
    means: 'A digest lists this file but it is not in the evidence: it was deleted, or it was not copied.',
  },
  LOG_UNREFERENCED: {
    says: 'In no digest',
    means: 'No digest in the evidence lists this file. The reason tells what that can mean.',
  },
}

export const unreferencedReasonWords: Record<UnreferencedReason, CodeWords> = {
  DELIVERED_AFTER_LAST_DIGEST: {
    says: 'Delivered after the last digest',
    means: 'The digest that should list it was not yet written, or was not copied, when the evidence was taken.',
  },
  BEFORE_FIRST_DIGEST: {
    says: 'Before the first digest',
    means:
      'It is older than the first digest in the evidence: validation was not yet on, or older digests were not copied.',
  },
  INSIDE_PROVEN_WINDOW: {
    says: 'Inside a proven window',
    means:
      'Proven digests cover its delivery time and do not list it. It was planted, or its backfill digest was not copied, or a trail without validation delivered it.',
  },
  DIGEST_MISSING: {
    says: 'Its digest is missing',
    means: 'It falls into hours whose digest is missing. Whether AWS delivered it cannot be said.',
  },
  NO_DIGESTS: {
    says: 'No digests at all',
    means: 'The evidence has no digest for this account and region. Nothing can be said about its files.',
  },
  DIGEST_ALTERED: {
    says: 'Its digest was altered',
    means: 'The digest of its hours fails its check. It may have listed this file before it was changed.',
  },
  INSIDE_UNPROVEN_WINDOW: {
    says: 'Inside an unproven window',
    means: 'The digest of its hours does not list it, but that digest is not proven. The file may have been planted.',
  },
  VALIDATION_OFF: {
    says: 'Delivered while validation was off',
    means: 'AWS wrote no digests at that time: logging or validation had been stopped.',
  },
  NAME_UNKNOWN: {
    says: 'Name tells no origin',
    means: 'The file is not named as CloudTrail names its log files, and no digest lists its content.',
  },
}

export const gapReasonWords: Record<GapReason, CodeWords> = {
  DIGEST_MISSING: { says: 'Digest missing', means: 'One or more digests were deleted, or were not copied.' },
  DIGEST_UNREADABLE: { says: 'Digest cannot be read', means: 'The digest of these hours is damaged.' },
  DIGEST_ALTERED: { says: 'Digest altered', means: 'The digest of these hours fails its check.' },
  RESTART: { says: 'Logging or validation was off', means: 'AWS began a new run of digests after these hours.' },
}
