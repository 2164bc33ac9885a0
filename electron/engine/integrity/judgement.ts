import type { Result } from '#shared/base/result.ts'
import type { UtcMs } from '#shared/base/time.ts'
import type {
  DigestFlag,
  DigestVerdict,
  GapReason,
  IntegrityFinding,
  UnreferencedReason,
} from '#shared/domain/integrity.ts'
import type { LogKey } from './key-path.ts'
import type { Digest, UnreadableCode } from './parse-digest.ts'
import type { PublicKey } from './parse-keys.ts'
import type { CapturedSignature } from './parse-signatures.ts'

/** Everything that a judgement is made from. The order of the lists does not matter. */
export type Inventory = {
  readonly digests: readonly DigestFile[]
  readonly logs: readonly LogFile[]
  readonly keys: readonly PublicKey[]
  readonly signatures: readonly CapturedSignature[]
  readonly controlEvents: readonly ControlEvent[]
}

export type DigestFile = {
  /** Where it lies in the evidence. */
  readonly path: string
  /** Lower-case hex of the inflated bytes. */
  readonly sha256: string
  readonly content: Result<Digest, UnreadableCode | 'DIGEST_NOT_GZIP'>
}

export type LogFile = {
  /** The caller's number for the file; comes back in the judgement. */
  readonly fileId: number
  readonly path: string
  /** Lower-case hex of the first gzip member inflated, or of the bytes when stored plain; empty when nothing could be read. */
  readonly inflatedSha256: string
  readonly storedCompressed: boolean
  /** Bytes behind the first gzip member. */
  readonly trailingBytes: number
  /** Whether the file could be inflated to its end. */
  readonly readable: boolean
}

/** An event in the evidence that starts, stops or changes a trail; explains starting digests in mid-chain. */
export type ControlEvent = {
  readonly time: UtcMs
  readonly account: string
  readonly region: string
  /** `StopLogging`, `StartLogging`, `UpdateTrail`, `DeleteTrail`, `CreateTrail`, `PutEventSelectors`. */
  readonly name: string
  /** Name or ARN of the trail, when the event says. */
  readonly trail?: string
}

export type Judgement = {
  readonly digests: readonly DigestJudgement[]
  readonly logs: readonly LogJudgement[]
  readonly chains: readonly Chain[]
  readonly findings: readonly IntegrityFinding[]
  /** No finding of high or medium severity; see `isClean`. */
  readonly clean: boolean
}

/** One digest: files with the same identity and the same bytes are one, with all their paths. */
export type DigestJudgement = {
  readonly paths: readonly string[]
  readonly sha256: string
  readonly content: DigestFile['content']
  readonly verdict: DigestVerdict
  readonly flags: readonly DigestFlag[]
  /** How it was proven; `null` when it was not. */
  readonly proof: Proof | null
  /** Each signature that was at hand, and what the check of it gave. */
  readonly checks: readonly SignatureTrial[]
}

export type Proof =
  | { readonly kind: 'signature'; readonly trial: SignatureTrial }
  /** Index, in `Judgement.digests`, of the proven successor that names this digest's hash. */
  | { readonly kind: 'link'; readonly successor: number }

export type SignatureTrial = {
  readonly from:
    { readonly kind: 'captured'; readonly source: string } | { readonly kind: 'successor'; readonly digest: number }
  readonly signature: string
  readonly outcome: 'valid' | 'invalid' | 'unsupported' | 'no-key' | 'bad-key'
  /** SHA-256 of the DER of the key that it was checked with; `null` without a usable key. */
  readonly keySha256: string | null
}

export type LogJudgement =
  | (LogFileFacts & {
      readonly kind: 'listed'
      readonly verdict:
        | 'LOG_PROVEN'
        | 'LOG_PROVEN_DECOMPRESSED_COPY'
        | 'LOG_LISTED_UNPROVEN'
        | 'LOG_TRAILING_DATA'
        | 'LOG_MODIFIED'
        | 'LOG_UNREADABLE'
      readonly listing: Listing
      /** By its key, by its bare name in a flat folder, or only by its content: then it was renamed. */
      readonly matchedBy: 'key' | 'name' | 'content'
    })
  | (LogFileFacts & {
      readonly kind: 'unreferenced'
      readonly verdict: 'LOG_UNREFERENCED' | 'LOG_UNREADABLE'
      readonly reason: UnreferencedReason
      readonly name: LogKey | undefined
      /** Key of a listed log file with the same content that is in the evidence under its own name. */
      readonly copyOf: string | null
    })
  | { readonly kind: 'missing'; readonly verdict: 'LOG_MISSING'; readonly listing: Listing }

type LogFileFacts = {
  readonly fileId: number
  readonly path: string
  readonly found: string
  readonly trailingBytes: number
}

/** The place in a digest that speaks about a log file; `digest` is an index in `Judgement.digests`. */
export type Listing = {
  readonly digest: number
  readonly bucket: string
  readonly key: string
  readonly hash: string
  readonly proven: boolean
}

/** Digests of one account, source region, trail and home region. Times are windows of delivery. */
export type Chain = ChainId & {
  readonly from: UtcMs
  readonly to: UtcMs
  /** Indexes in `Judgement.digests`, oldest first. */
  readonly digests: readonly number[]
  readonly gaps: readonly Gap[]
  /** What is known of each stretch of time, oldest first; never overlapping a gap. */
  readonly windows: readonly Window[]
}

export type ChainId = {
  readonly account: string
  readonly org: string
  readonly region: string
  readonly trail: string
  readonly homeRegion: string
  readonly backfill: boolean
}

export type Window = { readonly from: UtcMs; readonly to: UtcMs; readonly state: 'proven' | 'listed' }

export type Gap = {
  readonly from: UtcMs
  readonly to: UtcMs
  readonly reason: GapReason
  /** Object key of the digest that is missing, unreadable or altered, or of the starting digest after a restart. */
  readonly key: string
  /** Digest before and after the gap; indexes in `Judgement.digests`. */
  readonly before: number | null
  readonly after: number | null
  /** For a restart: the events in the evidence that explain it. */
  readonly explainedBy: readonly ControlEvent[]
}

export const isProven = (verdict: DigestVerdict): boolean => verdict === 'AUTHENTIC' || verdict === 'AUTHENTIC_BY_LINK'

/** Whether the digest is known not to be what AWS delivered, or cannot be read: nothing it says is taken on trust. */
export const isBroken = (verdict: DigestVerdict): boolean =>
  verdict === 'SIGNATURE_INVALID' || verdict === 'HASH_MISMATCH_WITH_SUCCESSOR' || verdict === 'UNREADABLE'
