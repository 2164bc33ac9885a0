import { failed, ok, type Result } from '#shared/base/result.ts'
import { visible } from '#shared/base/visible.ts'
import { asObject, decodeText } from './json-values.ts'
import { makeKeyRing } from './key-ring.ts'
import type { PublicKey } from './parse-keys.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * The sign file of a saved CloudTrail Lake query (user guide, "Validate CloudTrail Lake saved query results"). Unlike
 * digests it carries its own signature, and its hashes are of the files as delivered: compressed.
 */
export type LakeSignFile = {
  readonly region: string
  readonly files: readonly { readonly fileName: string; readonly hash: string }[]
  readonly hashAlgorithm: string
  readonly signatureAlgorithm: string
  readonly queryCompleteTime: string
  readonly signature: string
  readonly fingerprint: string
}

export type LakeVerdict = {
  readonly signature:
    'AUTHENTIC' | 'SIGNATURE_INVALID' | 'UNVERIFIED_NO_KEY' | 'KEY_UNLOADABLE' | 'UNSUPPORTED_ALGORITHM'
  readonly files: readonly LakeFileVerdict[]
  /** The signature fits and every file is there and unchanged. */
  readonly proven: boolean
}

export type LakeFileVerdict = {
  readonly fileName: string
  readonly expected: string
  readonly verdict: 'unchanged' | 'altered' | 'missing'
  readonly found: string | null
}

/** Reads `result_sign.json`. Fails when it is not JSON or lacks a member that the check needs. */
export function parseLakeSignFile(bytes: Uint8Array): Result<LakeSignFile, 'SIGN_FILE_UNREADABLE'> {
  const json = parseObject(bytes)
  const text = (name: string): string | undefined => {
    const value = json && Object.hasOwn(json, name) ? json[name] : undefined
    return typeof value === 'string' ? value : undefined
  }
  const files = parseFiles(json?.['files'])
  const signature = text('hashSignature')
  const fingerprint = text('publicKeyFingerprint')
  if (!files || signature === undefined || fingerprint === undefined)
    return failed(
      'SIGN_FILE_UNREADABLE',
      'The sign file lacks files, hashSignature or publicKeyFingerprint: it is damaged, or not a sign file of CloudTrail Lake.',
    )
  return ok({
    region: text('region') ?? '',
    files,
    hashAlgorithm: text('hashAlgorithm') ?? 'SHA-256',
    signatureAlgorithm: text('signatureAlgorithm') ?? 'SHA256withRSA',
    queryCompleteTime: text('queryCompleteTime') ?? '',
    signature,
    fingerprint: fingerprint.toLowerCase(),
  })
}

/** What is signed: all hashes in their order, with one blank between, no line end. */
export const lakeStringToSign = (sign: LakeSignFile): string => sign.files.map((file) => file.hash).join(' ')

/**
 * Checks the signature and the hash of every file that it names.
 *
 * @param sha256Of lower-case hex of the SHA-256 of a result file's bytes as stored (the compressed `.csv.gz`), by its
 * name, or `undefined` when it is not in the evidence. A copy that a browser decompressed can no longer be proven.
 */
export function verifyLakeResult(
  sign: LakeSignFile,
  sha256Of: (fileName: string) => string | undefined,
  keys: readonly PublicKey[],
): LakeVerdict {
  const files = sign.files.map(({ fileName, hash }): LakeFileVerdict => {
    const found = sha256Of(fileName)
    const verdict = found === undefined ? 'missing' : found === hash.toLowerCase() ? 'unchanged' : 'altered'
    return { fileName, expected: hash, verdict, found: found ?? null }
  })
  const signature = checkSignature(sign, keys)
  const whole = sign.files.length > 0 && files.every((file) => file.verdict === 'unchanged')
  return { signature, files, proven: signature === 'AUTHENTIC' && whole }
}

function checkSignature(sign: LakeSignFile, keys: readonly PublicKey[]): LakeVerdict['signature'] {
  if (sign.hashAlgorithm.toUpperCase() !== 'SHA-256') return 'UNSUPPORTED_ALGORITHM'
  const named = makeKeyRing(keys).find(sign.fingerprint)
  if (named.length === 0) return 'UNVERIFIED_NO_KEY'
  const outcomes = named.flatMap((k) =>
    k.key ? [verifySignature(k.key, lakeStringToSign(sign), sign.signature, sign.signatureAlgorithm)] : [],
  )
  if (outcomes.length === 0) return 'KEY_UNLOADABLE'
  if (outcomes.includes('valid')) return 'AUTHENTIC'
  return outcomes.includes('unsupported') ? 'UNSUPPORTED_ALGORITHM' : 'SIGNATURE_INVALID'
}

/** The verdict in a sentence. */
export function lakeSentence(verdict: LakeVerdict): string {
  const bad = verdict.files.filter((file) => file.verdict !== 'unchanged')
  const files = bad.map((file) => `${visible(file.fileName)} is ${file.verdict}`).join(', ')
  if (verdict.proven) return 'AWS signed exactly these result files.'
  if (verdict.signature === 'AUTHENTIC')
    return `The sign file is AWS’s own, but ${files === '' ? 'it names no file' : files}.`
  const why: Record<Exclude<LakeVerdict['signature'], 'AUTHENTIC'>, string> = {
    SIGNATURE_INVALID: 'The signature does not fit: the sign file was changed.',
    UNVERIFIED_NO_KEY: 'The public key that the sign file names was not supplied.',
    KEY_UNLOADABLE: 'The public key that the sign file names cannot be read.',
    UNSUPPORTED_ALGORITHM: 'The sign file names an algorithm other than SHA-256 with RSA; it was not checked.',
  }
  return `${why[verdict.signature]}${files === '' ? ' The hashes of the files fit it.' : ` Of its files, ${files}.`}`
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(decodeText(bytes)))
  } catch {
    return undefined
  }
}

function parseFiles(value: unknown): LakeSignFile['files'] | undefined {
  if (!Array.isArray(value)) return undefined
  const files = (value as readonly unknown[]).flatMap((item) => {
    const [fileName, hash] = [asObject(item)?.['fileName'], asObject(item)?.['fileHashValue']]
    return typeof fileName === 'string' && typeof hash === 'string' ? [{ fileName, hash }] : []
  })
  return files.length === value.length ? files : undefined
}
