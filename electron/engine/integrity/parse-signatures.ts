import { parseUtc, type UtcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import { asObject, decodeText, member, textMember, visitJsonValues } from './json-values.ts'
import { SUPPORTED_ALGORITHM } from './verify-signature.ts'

/**
 * The signature of a digest, which S3 keeps as user metadata of the object (`x-amz-meta-signature`) and which an ordinary
 * download loses.
 */
export type CapturedSignature = {
  readonly of: SignatureTarget
  /** Hex, as captured. */
  readonly signature: string
  readonly algorithm: string
  /** Only backfill digests carry it: when the digest was made, which decides which key was in use. */
  readonly backfillGenerated: UtcMs | null
  /** The file it was read from. */
  readonly source: string
}

/** Which digest it belongs to: named in the capture, or the file that the capture lies beside. */
export type SignatureTarget =
  | { readonly kind: 'object'; readonly bucket: string | null; readonly key: string }
  | { readonly kind: 'beside'; readonly path: string }

export type ParsedSignatures = {
  readonly signatures: readonly CapturedSignature[]
  readonly problems: readonly string[]
}

/**
 * Reads captured metadata: `head-object` JSON with `Bucket` and `Key` (one, lines, array), the same without them in a file
 * beside the digest (`….json.gz.head.json`), or HTTP headers (`curl -I`), whose names may be in any case.
 *
 * @param path where the file lies in what was handed over; names the digest when the content does not
 */
export function parseSignatures(bytes: Uint8Array, path: string): ParsedSignatures {
  const text = decodeText(bytes)
  const found = /^\s*[[{]/.test(text) ? fromJson(text, path) : fromHeaders(text, path)
  const problems = [...found.problems]
  if (found.signatures.length === 0 && problems.length === 0)
    problems.push(
      `${visible(path)} holds no digest signature: expected head-object JSON or x-amz-meta-signature headers.`,
    )
  return { signatures: found.signatures, problems }
}

const BESIDE = /\.(?:head|headers|metadata|head-object)(?:\.json|\.txt)?$/i

/** The digest that a capture file lies beside: its own path without the ending. */
const besideTarget = (path: string): SignatureTarget | undefined =>
  BESIDE.test(path) ? { kind: 'beside', path: path.replace(BESIDE, '') } : undefined

function fromJson(text: string, path: string): ParsedSignatures {
  const signatures: CapturedSignature[] = []
  let nameless = 0
  const take = (item: unknown): void => {
    const object = asObject(item)
    const metadata = object && asObject(member(object, 'Metadata'))
    const signature = metadata && userMetadata(metadata, 'signature')
    if (!object || !metadata || signature === undefined) return
    const key = textMember(object, 'Key')
    const of: SignatureTarget | undefined =
      key === undefined ? besideTarget(path) : { kind: 'object', bucket: textMember(object, 'Bucket') ?? null, key }
    if (of) signatures.push(captured(of, (name) => userMetadata(metadata, name), signature, path))
    else nameless++
  }
  const bad = visitJsonValues(text, (value) => {
    for (const item of Array.isArray(value) ? (value as unknown[]).flat() : [value]) take(item)
  })
  const problems = bad === 0 ? [] : [`${visible(path)} holds ${bad} pieces that are not JSON; the rest was read.`]
  if (nameless > 0)
    problems.push(
      `${visible(path)} holds ${nameless} signatures without the Key of their digest; they cannot be assigned.`,
    )
  return { signatures, problems }
}

function fromHeaders(text: string, path: string): ParsedSignatures {
  const headers = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    // A redirect or a retry prints several answers; the last one is the object's.
    if (colon > 0)
      headers.set(
        line
          .slice(0, colon)
          .replace(/^[<\s]*/, '')
          .trimEnd()
          .toLowerCase(),
        line.slice(colon + 1).trim(),
      )
  }
  const get = (name: string): string | undefined => headers.get(`x-amz-meta-${name}`)
  const signature = get('signature')
  const of = besideTarget(path)
  if (signature === undefined) return { signatures: [], problems: [] }
  if (!of)
    return {
      signatures: [],
      problems: [
        `${visible(path)} holds headers with a signature, but its name does not tell the digest: name it like the digest with .head.txt behind.`,
      ],
    }
  return { signatures: [captured(of, get, signature, path)], problems: [] }
}

const userMetadata = (metadata: Readonly<Record<string, unknown>>, name: string): string | undefined =>
  textMember(metadata, name) ?? textMember(metadata, `x-amz-meta-${name}`)

function captured(
  of: SignatureTarget,
  get: (name: string) => string | undefined,
  signature: string,
  source: string,
): CapturedSignature {
  const generated = get('backfill-generation-timestamp')
  return {
    of,
    signature: signature.trim(),
    algorithm: get('signature-algorithm')?.trim() ?? SUPPORTED_ALGORITHM,
    backfillGenerated: generated === undefined ? null : (parseUtc(generated) ?? null),
    source,
  }
}
