import { isAscii, isUtf8 } from 'node:buffer'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { parseUtc, type UtcMs } from '#shared/base/time.ts'
import { asObject } from './json-values.ts'

/** One log file that a digest lists. */
export type DigestEntry = {
  readonly bucket: string
  readonly key: string
  /** Lower-case hex of the uncompressed log file, as the digest says. */
  readonly hash: string
  readonly hashAlgorithm: string
}

/**
 * A digest as CloudTrail writes it (user guide, "CloudTrail digest file structure"). Texts that are signed are kept
 * exactly as written; `start` and `end` are the same times as UTC milliseconds.
 */
export type Digest = {
  readonly account: string
  readonly startText: string
  readonly endText: string
  readonly start: UtcMs
  readonly end: UtcMs
  readonly bucket: string
  readonly key: string
  /** Lower-case hex. */
  readonly fingerprint: string
  readonly algorithm: string
  readonly previous: PreviousDigest | null
  /** Exactly as written, or `null`: the last line of the string that is signed. */
  readonly previousSignature: string | null
  readonly entries: readonly DigestEntry[]
}

export type PreviousDigest = { readonly bucket: string; readonly key: string; readonly hash: string }

/** Where a digest was delivered, from its own content: `bucket/key`. This, not the path of a copy, is its identity. */
export const digestId = (at: { readonly bucket: string; readonly key: string }): string => `${at.bucket}/${at.key}`

export type UnreadableCode = 'DIGEST_NOT_JSON' | 'DIGEST_INCOMPLETE'

/**
 * Reads the inflated bytes of a digest. Fails when they are not JSON, or when a member is absent that the AWS CLI
 * requires (`digestPublicKeyFingerprint`, `digestS3Bucket`, `digestS3Object`, `previousDigestSignature`,
 * `digestEndTime`, `digestStartTime`) or that a verdict needs (`logFiles`, readable times).
 */
export function parseDigest(bytes: Uint8Array): Result<Digest, UnreadableCode> {
  const json = parseJson(bytes)
  if (!json)
    return failed('DIGEST_NOT_JSON', 'The digest is not a JSON object in UTF-8: it is damaged or something else.')
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(json, name) ? json[name] : undefined
    return typeof value === 'string' ? value : undefined
  }
  const startText = text('digestStartTime')
  const endText = text('digestEndTime')
  const bucket = text('digestS3Bucket')
  const key = text('digestS3Object')
  const fingerprint = text('digestPublicKeyFingerprint')
  const start = startText === undefined ? undefined : parseUtc(startText)
  const end = endText === undefined ? undefined : parseUtc(endText)
  const entries = parseEntries(json['logFiles'], bucket)
  const previousSignature = json['previousDigestSignature']
  if (startText === undefined || start === undefined) return lacks('digestStartTime')
  if (endText === undefined || end === undefined) return lacks('digestEndTime')
  if (bucket === undefined) return lacks('digestS3Bucket')
  if (key === undefined) return lacks('digestS3Object')
  if (fingerprint === undefined) return lacks('digestPublicKeyFingerprint')
  if (previousSignature !== null && typeof previousSignature !== 'string') return lacks('previousDigestSignature')
  if (!entries) return lacks('logFiles')
  const previousBucket = text('previousDigestS3Bucket')
  const previousKey = text('previousDigestS3Object')
  return ok({
    account: text('awsAccountId') ?? '',
    startText,
    endText,
    start,
    end,
    bucket,
    key,
    fingerprint: fingerprint.toLowerCase(),
    algorithm: text('digestSignatureAlgorithm') ?? 'SHA256withRSA',
    previous:
      previousBucket === undefined || previousKey === undefined
        ? null
        : {
            bucket: previousBucket === bucket ? bucket : previousBucket,
            key: previousKey,
            hash: (text('previousDigestHashValue') ?? '').toLowerCase(),
          },
    previousSignature,
    entries,
  })
}

const lacks = (name: string): Result<never, UnreadableCode> =>
  failed('DIGEST_INCOMPLETE', `The digest has no usable member ${name}: it was changed, or is not a CloudTrail digest.`)

function parseJson(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const text = textOf(bytes)
  if (text === undefined) return undefined
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The text of UTF-8 without its byte order mark. A digest is ASCII, and reading it as such costs a fifth of decoding it. */
function textOf(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isAscii(buffer)) return buffer.toString('latin1')
  return isUtf8(buffer) ? buffer.toString('utf8').replace(/^\uFEFF/, '') : undefined
}

/** `usual`: the bucket that nearly all are in; its text is kept once. */
function parseEntries(value: unknown, usual: string | undefined): DigestEntry[] | undefined {
  if (!Array.isArray(value)) return undefined
  const entries: DigestEntry[] = []
  for (const item of value as readonly unknown[]) {
    const entry = asObject(item)
    const bucket = entry?.['s3Bucket']
    const key = entry?.['s3Object']
    const hash = entry?.['hashValue']
    const algorithm = entry?.['hashAlgorithm']
    if (typeof bucket !== 'string' || typeof key !== 'string' || typeof hash !== 'string') return undefined
    entries.push({
      bucket: bucket === usual ? usual : bucket,
      key,
      hash: hash.toLowerCase(),
      hashAlgorithm: typeof algorithm === 'string' ? algorithm : 'SHA-256',
    })
  }
  return entries
}
