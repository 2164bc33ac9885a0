import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { parseUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import { asObject, decodeText, member, parseJsonValues, textMember } from './json-values.ts'

/**
 * A public key of CloudTrail's as `ListPublicKeys` returns it. Keys have no certificate: that they are AWS's rests on how
 * the list was obtained, so the file they came from is part of the record.
 */
export type PublicKey = {
  /** As stated in the list, lower-case hex; for bare DER and PEM files the MD5 of the bytes. */
  readonly fingerprint: string
  /** MD5 of the DER bytes as given: what AWS publishes as fingerprint (true of every published key, not documented). */
  readonly md5: string
  readonly sha256: string
  /** The bytes as given; PKCS#1 `RSAPublicKey` or SPKI. */
  readonly der: Uint8Array
  readonly form: 'pkcs1' | 'spki' | 'unloadable'
  /** Size of the modulus in bits; 0 when the key cannot be loaded. */
  readonly bits: number
  readonly validFrom: UtcMs | null
  readonly validTo: UtcMs | null
  /** From the name of the file (`list-public-keys.us-east-1.json`), or `null`. */
  readonly region: string | null
  readonly source: string
}

export type ParsedKeys = { readonly keys: readonly PublicKey[]; readonly problems: readonly string[] }

/** Whether the stated fingerprint is not the MD5 of the key: no published key is so, but it is not forbidden. */
export const fingerprintUnusual = (key: PublicKey): boolean => key.fingerprint !== key.md5

/**
 * Reads public keys from a file in any form in which they travel: JSON of `aws cloudtrail list-public-keys` (times as epoch
 * number, epoch text or ISO 8601; `PublicKeyList` or `publicKeyList`; alone, in an array, several in a row), PEM, DER,
 * or bare base64; PKCS#1 or SPKI. A key that cannot be loaded is kept as `unloadable`, so that a digest can say so.
 */
export function parseKeys(bytes: Uint8Array, fileName: string): ParsedKeys {
  const at = { region: regionInName(fileName), source: fileName }
  const text = decodeText(bytes)
  if (text.includes('-----BEGIN')) return fromPem(text, at)
  if (/^\s*[[{]/.test(text)) return fromJson(text, at)
  if (bytes[0] === 0x30) return bare(bytes, at)
  const base64 = text.replaceAll(/\s+/g, '')
  if (/^MII[A-Za-z0-9+/]+={0,2}$/.test(base64)) return bare(Buffer.from(base64, 'base64'), at)
  return none(`${visible(fileName)} holds no public key: expected the JSON of list-public-keys, PEM or DER.`)
}

/** The key ready for use, or `undefined` when it is not an RSA public key of at least 2048 bits in PKCS#1 or SPKI. */
export function loadKey(der: Uint8Array): { key: KeyObject; form: 'pkcs1' | 'spki'; bits: number } | undefined {
  for (const form of ['pkcs1', 'spki'] as const) {
    try {
      const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: form })
      const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
      const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n
      // With exponent 1 every text is its own signature; CloudTrail's keys have 2048 bits and 65537.
      if (key.asymmetricKeyType === 'rsa' && bits >= 2048 && exponent >= 3n) return { key, form, bits }
    } catch {
      // Not in this form; the next is tried.
    }
  }
  return undefined
}

type Origin = Pick<PublicKey, 'region' | 'source'>
type Stated = { fingerprint?: string | undefined; validFrom: UtcMs | null; validTo: UtcMs | null }
const NOTHING_STATED: Stated = { validFrom: null, validTo: null }

const none = (problem: string): ParsedKeys => ({ keys: [], problems: [problem] })

function toKey(der: Uint8Array, stated: Stated, at: Origin): PublicKey {
  const loaded = loadKey(der)
  const md5 = createHash('md5').update(der).digest('hex')
  return {
    fingerprint: stated.fingerprint?.toLowerCase() ?? md5,
    md5,
    sha256: createHash('sha256').update(der).digest('hex'),
    der,
    form: loaded?.form ?? 'unloadable',
    bits: loaded?.bits ?? 0,
    validFrom: stated.validFrom,
    validTo: stated.validTo,
    ...at,
  }
}

const unloadable = (key: PublicKey): string =>
  `Unable to load PKCS #1 key with fingerprint ${visible(key.fingerprint)} in ${visible(key.source)}: it is not an RSA public key of at least 2048 bits.`

const withProblems = (keys: readonly PublicKey[], problems: readonly string[] = []): ParsedKeys => ({
  keys,
  problems: [...problems, ...keys.filter((key) => key.form === 'unloadable').map(unloadable)],
})

const bare = (der: Uint8Array, at: Origin): ParsedKeys => {
  const key = toKey(der, NOTHING_STATED, at)
  return key.form === 'unloadable' ? none(unloadable(key)) : withProblems([key])
}

function fromPem(text: string, at: Origin): ParsedKeys {
  const keys: PublicKey[] = []
  const problems: string[] = []
  for (const block of text.split('-----BEGIN ').slice(1)) {
    const label = block.slice(0, block.indexOf('-----'))
    if (label !== 'PUBLIC KEY' && label !== 'RSA PUBLIC KEY') {
      problems.push(
        `${visible(at.source)} holds a PEM block "${visible(label.slice(0, 40))}", which is not a public key.`,
      )
      continue
    }
    const body = block.slice(block.indexOf('-----') + 5).split('-----END')[0]!
    keys.push(toKey(Buffer.from(body, 'base64'), NOTHING_STATED, at))
  }
  return withProblems(keys, problems)
}

function fromJson(text: string, at: Origin): ParsedKeys {
  const { values, bad } = parseJsonValues(text)
  const problems = bad === 0 ? [] : [`${visible(at.source)} holds text that is not JSON; the rest was read.`]
  const keys: PublicKey[] = []
  for (const item of values.flatMap(keyItems)) {
    const value = textMember(item, 'Value')
    if (value === undefined) continue
    keys.push(
      toKey(
        Buffer.from(value, 'base64'),
        {
          fingerprint: textMember(item, 'Fingerprint'),
          validFrom: keyTime(member(item, 'ValidityStartTime')),
          validTo: keyTime(member(item, 'ValidityEndTime')),
        },
        at,
      ),
    )
  }
  return keys.length === 0
    ? none(`${visible(at.source)} is JSON but has no PublicKeyList with keys in it.`)
    : withProblems(keys, problems)
}

/** The key objects inside a list, an array of lists, or an array of keys. */
function keyItems(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap((inner) => keyItems(inner))
  const object = asObject(value)
  if (!object) return []
  const list = member(object, 'PublicKeyList')
  return Array.isArray(list) ? (list as unknown[]).map(asObject).filter((item) => item !== undefined) : [object]
}

/** Epoch seconds as number or text, or an ISO 8601 time; anything else is `null`. */
function keyTime(value: unknown): UtcMs | null {
  const seconds =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
  if (Number.isFinite(seconds)) return Math.abs(seconds) < 8.64e12 ? utcMs(Math.round(seconds * 1000)) : null
  return typeof value === 'string' ? (parseUtc(value) ?? null) : null
}

/** `list-public-keys.us-east-1.json` and `public-keys/us-gov-west-1.json` name their region. */
function regionInName(fileName: string): string | null {
  const name = fileName.replaceAll('\\', '/').split('/').at(-1) ?? ''
  return name.split(/[._]/).find((part) => /^[a-z]{2,6}(?:-[a-z]{1,12}){1,2}-\d{1,2}[a-z]?$/.test(part)) ?? null
}
