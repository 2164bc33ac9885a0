import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { assert } from '#shared/base/assert.ts'
import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import type { EventRecord } from './records.ts'

/**
 * Builds evidence as CloudTrail delivers it: log files, and the hourly digest files that sign them.
 *
 *   records -> log file -> sha256 -+
 *                                  +-> digest -> string to sign -> signature -> S3 metadata (head-object line)
 *   digest before: hash, signature +                                        +-> next digest
 *
 * Rules: CloudTrail user guide, "CloudTrail log file names", "CloudTrail digest file structure" and "Custom
 * implementations of CloudTrail log file integrity validation".
 */

/** One file as it would lie in the copied folder: `/` between folders, no leading slash. */
export type EvidenceFile = { readonly path: string; readonly bytes: Uint8Array }

/** The four folders of events. Digests have a folder of their own. */
export type LogKind = 'CloudTrail' | 'CloudTrail-Insight' | 'CloudTrail-NetworkActivity' | 'CloudTrail-Aggregated'

/** Where one account's files of one region lie. `prefix` without slashes at its ends; `organization` is `o-…`. */
export type Folder = {
  readonly bucket: string
  readonly prefix?: string
  readonly organization?: string
  readonly account: string
  readonly region: string
}

/** A trail as it is seen in one region: each gives a digest chain of its own. */
export type Trail = Folder & { readonly trail: string; readonly homeRegion: string }

/** A log file in the bucket. `json` is the uncompressed content: what digests hash. */
export type LogObject = {
  readonly bucket: string
  readonly key: string
  readonly json: Uint8Array
  readonly delivered: UtcMs
  readonly newestEventTime: string
  readonly oldestEventTime: string
}

/** An RSA key that stands in for one of a region's CloudTrail keys, with the window in which it is valid. */
export type SigningKey = {
  readonly privateKey: KeyObject
  /** PKCS#1 DER of the public half, as `ListPublicKeys` returns it. */
  readonly der: Uint8Array
  /** MD5 of `der`, in hex: what real fingerprints are, though AWS does not document it. */
  readonly fingerprint: string
  readonly validFrom: UtcMs
  readonly validTo: UtcMs
}

/** What one digest covers. `logs` were delivered after `start` and not after `end`. */
export type DigestWindow = {
  readonly start: UtcMs
  readonly end: UtcMs
  readonly key: SigningKey
  readonly logs: readonly LogObject[]
  /** Logging started (again) here: the digest names no predecessor. The first window of a chain always is one. */
  readonly startsChain?: boolean
  /** Makes it a backfill digest: the time at which AWS wrote it. */
  readonly backfilled?: UtcMs
}

/** A signed digest file in the bucket, with what S3 keeps beside it. */
export type DigestObject = {
  readonly bucket: string
  readonly key: string
  readonly json: Uint8Array
  readonly stringToSign: string
  readonly signature: string
  /** The S3 user metadata; a plain download loses it. */
  readonly metadata: Readonly<Record<string, string>>
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
/** `20260210T081200Z`. */
const compact = (time: UtcMs): string => formatUtc(time).replace(/[-:]/g, '')
/** `2026/02/10`. */
const dayFolder = (time: UtcMs): string => formatUtc(time).slice(0, 10).replaceAll('-', '/')

function keyStart({ prefix, organization, account }: Folder): string {
  return `${prefix === undefined ? '' : `${prefix}/`}AWSLogs/${organization === undefined ? '' : `${organization}/`}${account}`
}

/** One gzip member whose header names no time and no system, so that the same content gives the same bytes. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const member = new Uint8Array(gzipSync(bytes, { level: 9 }))
  member[9] = 0 // the operating system, which Node fills in by platform
  return member
}

/**
 * A log file of `records`, named for the minute of its delivery. `unique` are the 16 letters and digits that AWS adds.
 * The records stand in the given order, as AWS does not sort them either.
 */
export function logObject(
  folder: Folder,
  file: { kind?: LogKind; delivered: UtcMs; unique: string; records: readonly EventRecord[] },
): LogObject {
  const { kind = 'CloudTrail', delivered, unique, records } = file
  assert(records.length > 0, 'CloudTrail delivers no empty log files')
  const { account, region, bucket } = folder
  const minute = `${compact(delivered).slice(0, 13)}Z`
  const times = records.map((r) => r.eventTime).sort()
  return {
    bucket,
    key: `${keyStart(folder)}/${kind}/${region}/${dayFolder(delivered)}/${account}_${kind}_${region}_${minute}_${unique}.json.gz`,
    json: utf8(JSON.stringify({ Records: records })),
    delivered,
    newestEventTime: times.at(-1)!,
    oldestEventTime: times[0]!,
  }
}

/** A key pair from its PEM (PKCS#1 or PKCS#8), valid from and to the given times. */
export function signingKey(pem: string, validFrom: UtcMs, validTo: UtcMs): SigningKey {
  const privateKey = createPrivateKey(pem)
  const der = new Uint8Array(createPublicKey(privateKey).export({ type: 'pkcs1', format: 'der' }))
  return { privateKey, der, fingerprint: createHash('md5').update(der).digest('hex'), validFrom, validTo }
}

/** Signs a chain of digests, oldest window first. */
export function signDigests(trail: Trail, windows: readonly DigestWindow[]): DigestObject[] {
  const digests: DigestObject[] = []
  for (const window of windows) {
    digests.push(signDigest(trail, window, window.startsChain === true ? undefined : digests.at(-1)))
  }
  return digests
}

function signDigest(trail: Trail, window: DigestWindow, previous: DigestObject | undefined): DigestObject {
  const { bucket, account, region } = trail
  const name = `${account}_CloudTrail-Digest_${region}_${trail.trail}_${trail.homeRegion}_${compact(window.end)}`
  const key = `${keyStart(trail)}/CloudTrail-Digest/${region}/${dayFolder(window.end)}/${name}${
    window.backfilled === undefined ? '' : '_backfill'
  }.json.gz`
  const content = {
    awsAccountId: account,
    digestStartTime: formatUtc(window.start),
    digestEndTime: formatUtc(window.end),
    digestS3Bucket: bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: window.key.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime:
      window.logs
        .map((l) => l.newestEventTime)
        .sort()
        .at(-1) ?? null,
    oldestEventTime: window.logs.map((l) => l.oldestEventTime).sort()[0] ?? null,
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous ? sha256(previous.json) : null,
    previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
    previousDigestSignature: previous?.signature ?? null,
    logFiles: window.logs.map((log) => ({
      s3Bucket: log.bucket,
      s3Object: log.key,
      hashValue: sha256(log.json),
      hashAlgorithm: 'SHA-256',
      newestEventTime: log.newestEventTime,
      oldestEventTime: log.oldestEventTime,
    })),
  }
  const json = utf8(JSON.stringify(content))
  const stringToSign = [
    content.digestEndTime,
    `${bucket}/${key}`,
    sha256(json),
    content.previousDigestSignature ?? 'null', // the four letters, for a starting digest
  ].join('\n')
  // RSASSA-PKCS1-v1_5 is Node's default for RSA keys; it has no random part, so the same digest gives the same signature.
  const signature = sign('sha256', utf8(stringToSign), window.key.privateKey).toString('hex')
  return { bucket, key, json, stringToSign, signature, metadata: metadataOf(signature, window.backfilled) }
}

function metadataOf(signature: string, backfilled: UtcMs | undefined): Record<string, string> {
  const metadata: Record<string, string> = { signature, 'signature-algorithm': 'SHA256withRSA' }
  if (backfilled !== undefined) metadata['backfill-generation-timestamp'] = formatUtc(backfilled)
  return metadata
}

/** The object as a file of the copied bucket, compressed, below a folder named for the bucket. */
export const bucketFile = (object: { bucket: string; key: string; json: Uint8Array }): EvidenceFile => ({
  path: `${object.bucket}/${object.key}`,
  bytes: gzip(object.json),
})

/** What `aws cloudtrail list-public-keys` prints for a region (times as seconds since 1970, as the API gives them). */
export function keyBundle(keys: readonly SigningKey[]): Uint8Array {
  const PublicKeyList = keys.map((key) => ({
    Value: Buffer.from(key.der).toString('base64'),
    ValidityStartTime: key.validFrom / 1000,
    ValidityEndTime: key.validTo / 1000,
    Fingerprint: key.fingerprint,
  }))
  return utf8(`${JSON.stringify({ PublicKeyList }, null, 2)}\n`)
}

/** Captured S3 metadata: one line of `aws s3api head-object` for each digest, extended with `Bucket` and `Key`. */
export function headObjectLines(digests: readonly DigestObject[]): Uint8Array {
  const lines = digests.map(({ bucket, key, metadata }) =>
    JSON.stringify({
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
      Metadata: metadata,
      Bucket: bucket,
      Key: key,
    }),
  )
  return utf8(lines.map((line) => `${line}\n`).join(''))
}
