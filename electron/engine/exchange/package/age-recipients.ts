import { createCipheriv, createDecipheriv, diffieHellman, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { fromPlainBase64, plainBase64, type Stanza } from './age-header.ts'
import { bech32, fromBech32 } from './bech32.ts'
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from './raw-keys.ts'

/** For whom a file is encrypted. A passphrase stands alone, because whoever knows it could otherwise forge for others. */
export type AgeRecipients =
  | { readonly kind: 'keys'; readonly keys: readonly AgeRecipient[] }
  | { readonly kind: 'passphrase'; readonly passphrase: string; readonly workFactor?: number }
/** The raw bytes of an X25519 public key. */
export type AgeRecipient = { readonly key: Uint8Array }
/** What a file is opened with. */
export type AgeIdentity =
  { readonly kind: 'key'; readonly secret: Uint8Array } | { readonly kind: 'passphrase'; readonly passphrase: string }

const PREFIX = 'age'
const SECRET_PREFIX = 'age-secret-key-'
const LABEL = 'age-encryption.org/v1/X25519'
const SCRYPT_LABEL = 'age-encryption.org/v1/scrypt'
/** log2 of scrypt's N when writing: about a second and 256 MiB, as the age tool does. */
const WORK_FACTOR = 18
/** The most that is spent on a file from elsewhere (1 GiB); the specification tells readers to set such a cap. */
export const mostWork = 20

/** A new identity, as the text that the age tools keep in a file. `random` gives that many secret random bytes. */
export const newIdentity = (random: (length: number) => Uint8Array = randomBytes): string =>
  bech32(SECRET_PREFIX, random(32)).toUpperCase()

/** Reads `AGE-SECRET-KEY-1…`. */
export function parseIdentity(text: string): Result<Extract<AgeIdentity, { kind: 'key' }>, 'NOT_AN_IDENTITY'> {
  const bytes = fromBech32(SECRET_PREFIX, text.trim())
  if (!bytes.ok || bytes.value.length !== 32)
    return failed('NOT_AN_IDENTITY', 'This is not an age secret key (AGE-SECRET-KEY-1…).')
  return ok({ kind: 'key', secret: bytes.value })
}

/** Reads `age1…`. Other kinds of recipients (ssh, plugins, hybrid) are not supported and say so. */
export function parseRecipient(text: string): Result<AgeRecipient, 'NOT_A_RECIPIENT'> {
  const bytes = fromBech32(PREFIX, text.trim())
  if (!bytes.ok || bytes.value.length !== 32)
    return failed(
      'NOT_A_RECIPIENT',
      'This is not an age X25519 recipient (age1…). Ask the recipient for theirs; other kinds are not supported.',
    )
  return ok({ key: bytes.value })
}

/** The recipient of an identity, as text: `age1…`. */
export const recipientText = (identity: Extract<AgeIdentity, { kind: 'key' }>): string =>
  bech32(PREFIX, rawPublicKey(privateKeyFrom('x25519', identity.secret)))

// ---- wrapping the file key

/** The stanzas that let each recipient, or the holder of the passphrase, find the file key. */
export async function wrapFileKey(fileKey: Uint8Array, to: AgeRecipients): Promise<readonly Stanza[]> {
  if (to.kind === 'keys') return to.keys.map((recipient) => wrapForKey(fileKey, recipient))
  const work = to.workFactor ?? WORK_FACTOR
  const salt = randomBytes(16)
  const key = await stretch(to.passphrase, salt, work)
  return [{ type: 'scrypt', args: [plainBase64(salt), String(work)], body: seal(key, fileKey) }]
}

function wrapForKey(fileKey: Uint8Array, recipient: AgeRecipient): Stanza {
  const ephemeral = privateKeyFrom('x25519', randomBytes(32))
  const share = rawPublicKey(ephemeral)
  const shared = diffieHellman({ privateKey: ephemeral, publicKey: publicKeyFrom('x25519', recipient.key) })
  return { type: 'X25519', args: [plainBase64(share)], body: seal(wrapKey(shared, share, recipient.key), fileKey) }
}

const wrapKey = (shared: Uint8Array, share: Uint8Array, recipient: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', shared, Buffer.concat([share, recipient]), LABEL, 32))

export type UnwrapFailure = 'WRONG_KEY' | 'TOO_COSTLY' | 'NOT_AGE'
const wrongKey = () => failed('WRONG_KEY', 'None of the keys or passphrases given opens this file.')

/** Finds the file key with one of the identities. Stanzas of unknown kinds are passed over, as the format demands. */
export async function unwrapFileKey(
  stanzas: readonly Stanza[],
  identities: readonly AgeIdentity[],
): Promise<Result<Uint8Array, UnwrapFailure>> {
  if (stanzas.some((stanza) => stanza.type === 'scrypt')) {
    if (stanzas.length !== 1)
      return failed('NOT_AGE', 'This age file mixes a passphrase with other recipients, which the format forbids.')
    return unwrapWithPassphrase(stanzas[0]!, identities)
  }
  for (const identity of identities) {
    if (identity.kind !== 'key') continue
    for (const stanza of stanzas) {
      const fileKey = unwrapWithKey(stanza, identity.secret)
      if (fileKey !== undefined) return ok(fileKey)
    }
  }
  return wrongKey()
}

function unwrapWithKey(stanza: Stanza, secret: Uint8Array): Uint8Array | undefined {
  const share = stanza.type === 'X25519' && stanza.args.length === 1 ? fromPlainBase64(stanza.args[0]!) : undefined
  if (share?.length !== 32) return undefined
  const privateKey = privateKeyFrom('x25519', secret)
  const shared = sharedSecret(privateKey, share)
  return shared === undefined ? undefined : unseal(wrapKey(shared, share, rawPublicKey(privateKey)), stanza.body)
}

/** Undefined for a share of low order, with which anyone could know the secret; OpenSSL refuses it. */
function sharedSecret(privateKey: ReturnType<typeof privateKeyFrom>, share: Uint8Array): Uint8Array | undefined {
  try {
    return diffieHellman({ privateKey, publicKey: publicKeyFrom('x25519', share) })
  } catch {
    return undefined
  }
}

async function unwrapWithPassphrase(
  stanza: Stanza,
  identities: readonly AgeIdentity[],
): Promise<Result<Uint8Array, UnwrapFailure>> {
  const salt = fromPlainBase64(stanza.args[0] ?? '')
  const work = /^[1-9]\d?$/.test(stanza.args[1] ?? '') ? Number(stanza.args[1]) : 0
  if (stanza.args.length !== 2 || salt?.length !== 16 || work === 0)
    return failed('NOT_AGE', 'The passphrase entry of this age file is malformed.')
  if (work > mostWork)
    return failed(
      'TOO_COSTLY',
      `Trying a passphrase on this file would cost 2^${work} steps; at most 2^${mostWork} are spent.`,
    )
  for (const identity of identities) {
    if (identity.kind !== 'passphrase') continue
    const fileKey = unseal(await stretch(identity.passphrase, salt, work), stanza.body)
    if (fileKey !== undefined) return ok(fileKey)
  }
  return wrongKey()
}

const stretch = (passphrase: string, salt: Uint8Array, work: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** work, r: 8, p: 1, maxmem: 2 ** work * 1024 + 1_048_576 }
    scrypt(
      Buffer.from(passphrase, 'utf8'),
      Buffer.concat([Buffer.from(SCRYPT_LABEL), salt]),
      32,
      options,
      (problem, key) => {
        if (problem) reject(problem)
        else resolve(key)
      },
    )
  })

/** A file key, 16 bytes, under a key that is used once, with a nonce of zeros. */
function seal(key: Uint8Array, fileKey: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
  return Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
}

function unseal(key: Uint8Array, body: Uint8Array): Uint8Array | undefined {
  if (body.length !== 32) return undefined
  const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
  decipher.setAuthTag(body.subarray(16))
  try {
    return Buffer.concat([decipher.update(body.subarray(0, 16)), decipher.final()])
  } catch {
    return undefined
  }
}
