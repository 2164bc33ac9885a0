import { createHash, randomBytes, scrypt, sign, timingSafeEqual, verify } from 'node:crypto'
import { assert } from '#shared/base/assert.ts'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { blake2b256 } from './blake2b.ts'
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from './raw-keys.ts'

/**
 * Signatures and keys in the format of the minisign tool (jedisct1.github.io/minisign), so that anyone can check a
 * package without us. Signatures are prehashed (`ED`): Ed25519 over the BLAKE2b-512 of the file; a second signature
 * covers the first and the trusted comment.
 *
 *   untrusted comment: <anything>
 *   base64( "ED" | key id, 8 | signature, 64 )
 *   trusted comment: <signed text>
 *   base64( signature of (signature | trusted comment), 64 )
 */
export type VerifyingKey = { readonly keyId: Uint8Array; readonly key: Uint8Array }
export type SigningKey = VerifyingKey & { readonly seed: Uint8Array }

/** A new key. `random` gives that many secret random bytes. */
export function newSigningKey(random: (length: number) => Uint8Array = randomBytes): SigningKey {
  const seed = random(32)
  return { keyId: random(8), seed, key: rawPublicKey(privateKeyFrom('ed25519', seed)) }
}

/** The key's number as minisign shows it: its 8 bytes from the last to the first, in hex. */
export const keyNumber = (key: Pick<VerifyingKey, 'keyId'>): string =>
  Buffer.from(key.keyId).reverse().toString('hex').toUpperCase()

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A fingerprint to compare by voice: 80 bits of the public key's SHA-256 as four groups of four letters or digits,
 * without I, L, O and U. The key's number will not do: whoever makes a key may choose it.
 */
export function fingerprint(key: Pick<VerifyingKey, 'key'>): string {
  const bits = BigInt(`0x${createHash('sha256').update(key.key).digest('hex').slice(0, 20)}`)
  const letters = Array.from({ length: 16 }, (_, index) => CROCKFORD[Number((bits >> BigInt(75 - 5 * index)) & 31n)]!)
  return [0, 4, 8, 12].map((from) => letters.slice(from, from + 4).join('')).join('-')
}

/** The text of a public key file. */
export const verifyingKeyText = (key: VerifyingKey): string =>
  `untrusted comment: minisign public key ${keyNumber(key)}\n${base64(Buffer.concat([ALGORITHM, key.keyId, key.key]))}\n`

/** Reads a public key file, or its second line alone. */
export function parseVerifyingKey(text: string): Result<VerifyingKey, 'NOT_A_KEY'> {
  const bytes = fromBase64(lastLine(text), 42)
  if (bytes === undefined || !bytes.subarray(0, 2).equals(ALGORITHM)) {
    return failed('NOT_A_KEY', 'This is not a minisign public key. Ask for the .pub file of the key.')
  }
  return ok({ keyId: new Uint8Array(bytes.subarray(2, 10)), key: new Uint8Array(bytes.subarray(10)) })
}

const ALGORITHM = Buffer.from('Ed')
const PREHASHED = Buffer.from('ED')
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Strict base64 of exactly `length` bytes. */
function fromBase64(text: string, length: number): Buffer | undefined {
  if (text.length > 1000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined
}

function lastLine(text: string): string {
  const lines = text
    .slice(0, 4096)
    .split(/\r?\n/)
    .filter((line) => line !== '')
  return lines.at(-1)?.trim() ?? ''
}

// ---- signing and checking

/** BLAKE2b-512 of a stream: what a prehashed signature signs. */
export async function prehash(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const hash = createHash('blake2b512')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest()
}

/** The text of a `.minisig` file. `trustedComment` is one line and is signed; `hash` comes from `prehash`. */
export function signatureText(hash: Uint8Array, key: SigningKey, trustedComment: string): string {
  assert(!/[\r\n]/.test(trustedComment), 'a trusted comment is one line that we made')
  assert(hash.length === 64, 'a prehash is a BLAKE2b-512')
  const secret = privateKeyFrom('ed25519', key.seed)
  const signature = sign(null, hash, secret)
  const whole = sign(null, Buffer.concat([signature, Buffer.from(trustedComment, 'utf8')]), secret)
  return [
    `untrusted comment: signature from minisign secret key ${keyNumber(key)}`,
    base64(Buffer.concat([PREHASHED, key.keyId, signature])),
    `trusted comment: ${trustedComment}`,
    base64(whole),
    '',
  ].join('\n')
}

export type SignatureVerdict =
  /** The file and the trusted comment are what the holder of this key signed. */
  | { readonly kind: 'good'; readonly key: VerifyingKey; readonly trustedComment: string }
  /** Made with a key that is not among those given. Nothing is known about the file. */
  | { readonly kind: 'unknownKey'; readonly keyNumber: string }
  | { readonly kind: 'broken'; readonly why: string }

/** Checks a signature against the keys given. Hostile text gives `broken`, never an exception. */
export function checkSignature(text: string, hash: Uint8Array, keys: readonly VerifyingKey[]): SignatureVerdict {
  const parsed = parseSignature(text)
  if (parsed === undefined) return { kind: 'broken', why: 'it is not a minisign signature' }
  if (!parsed.prehashed) return { kind: 'broken', why: 'it is of the old kind without prehash, which is not used here' }
  const candidates = keys.filter((key) => Buffer.from(key.keyId).equals(parsed.keyId))
  if (candidates.length === 0) return { kind: 'unknownKey', keyNumber: keyNumber(parsed) }
  for (const key of candidates) {
    const publicKey = publicKeyFrom('ed25519', key.key)
    if (!verify(null, hash, publicKey, parsed.signature)) continue
    if (verify(null, parsed.covered, publicKey, parsed.whole))
      return { kind: 'good', key, trustedComment: parsed.trustedComment }
    return { kind: 'broken', why: 'the trusted comment was changed' }
  }
  return { kind: 'broken', why: 'the signed file was changed, or another key was used under the same number' }
}

type ParsedSignature = {
  readonly prehashed: boolean
  readonly keyId: Buffer
  readonly signature: Buffer
  readonly trustedComment: string
  readonly covered: Buffer
  readonly whole: Buffer
}

function parseSignature(text: string): ParsedSignature | undefined {
  if (text.length > 16_384) return undefined
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const [untrusted, first, trusted, second, ...rest] = lines
  if (untrusted?.startsWith('untrusted comment: ') !== true || trusted?.startsWith('trusted comment: ') !== true)
    return undefined
  if (rest.some((line) => line !== '')) return undefined
  const head = fromBase64(first ?? '', 74)
  const whole = fromBase64(second ?? '', 64)
  if (head === undefined || whole === undefined) return undefined
  const algorithm = head.subarray(0, 2)
  if (!algorithm.equals(PREHASHED) && !algorithm.equals(ALGORITHM)) return undefined
  const signature = head.subarray(10)
  const trustedComment = trusted.slice('trusted comment: '.length)
  const covered = Buffer.concat([signature, Buffer.from(trustedComment, 'utf8')])
  return {
    prehashed: algorithm.equals(PREHASHED),
    keyId: head.subarray(2, 10),
    signature,
    trustedComment,
    covered,
    whole,
  }
}

// ---- secret keys, encrypted with a passphrase

/**
 * How dear it is to try a passphrase, in libsodium's units. Ours costs 256 MiB and about a second; minisign's own keys cost
 * 1 GiB and are read too. More is refused, because a crafted key could ask for any amount.
 */
export const keyCost = { operations: 2 ** 23, memory: 2 ** 28 } as const
const MOST = { operations: 2 ** 25, memory: 2 ** 30 } as const
type Cost = { readonly operations: number; readonly memory: number }

const SCRYPT = Buffer.from('Sc')
const BLAKE = Buffer.from('B2')
const SEALED = 104

/**
 * The text of a secret key file, encrypted with the passphrase.
 *
 *   "Ed" "Sc" "B2" | salt, 32 | operations, 8 | memory, 8 | ( key id, 8 | seed and public key, 64 | checksum, 32 ) XOR scrypt
 */
export async function signingKeyText(
  key: SigningKey,
  passphrase: string,
  cost: Cost = keyCost,
  random: (length: number) => Uint8Array = randomBytes,
): Promise<string> {
  const salt = random(32)
  const secret = Buffer.concat([key.keyId, key.seed, key.key])
  const plain = Buffer.concat([secret, blake2b256(Buffer.concat([ALGORITHM, secret]))])
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64LE(BigInt(cost.operations), 0)
  numbers.writeBigUInt64LE(BigInt(cost.memory), 8)
  const sealed = xor(plain, await stretch(passphrase, salt, cost))
  return `untrusted comment: minisign encrypted secret key\n${base64(Buffer.concat([ALGORITHM, SCRYPT, BLAKE, salt, numbers, sealed]))}\n`
}

export type KeyFailure = 'NOT_A_KEY' | 'NOT_ENCRYPTED' | 'TOO_COSTLY' | 'WRONG_PASSPHRASE'

/** Reads a secret key file, ours or minisign's. A key without passphrase is refused. */
export async function parseSigningKey(text: string, passphrase: string): Promise<Result<SigningKey, KeyFailure>> {
  const bytes = fromBase64(lastLine(text), 54 + SEALED)
  if (bytes === undefined || !bytes.subarray(0, 2).equals(ALGORITHM) || !bytes.subarray(4, 6).equals(BLAKE)) {
    return failed('NOT_A_KEY', 'This is not a minisign secret key file. Choose the file that keygen wrote.')
  }
  if (!bytes.subarray(2, 4).equals(SCRYPT)) {
    return failed('NOT_ENCRYPTED', 'This secret key has no passphrase. Give it one with `minisign -C`, then use it.')
  }
  const [operations, memory] = [bytes.readBigUInt64LE(38), bytes.readBigUInt64LE(46)]
  if (operations > MOST.operations || memory > MOST.memory || memory < 2 ** 14) {
    return failed(
      'TOO_COSTLY',
      'Opening this key would need more memory or time than any key of ours. It was made to harm, or by another program.',
    )
  }
  const stream = await stretch(passphrase, bytes.subarray(6, 38), {
    operations: Number(operations),
    memory: Number(memory),
  })
  const plain = xor(bytes.subarray(54), stream)
  if (!timingSafeEqual(blake2b256(Buffer.concat([ALGORITHM, plain.subarray(0, 72)])), plain.subarray(72))) {
    return failed('WRONG_PASSPHRASE', 'The passphrase does not open this key. Type it again.')
  }
  const [keyId, seed] = [new Uint8Array(plain.subarray(0, 8)), new Uint8Array(plain.subarray(8, 40))]
  return ok({ keyId, seed, key: rawPublicKey(privateKeyFrom('ed25519', seed)) })
}

const xor = (left: Uint8Array, right: Uint8Array): Buffer =>
  Buffer.from(left.map((byte, index) => byte ^ right[index]!))

const stretch = (passphrase: string, salt: Uint8Array, cost: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { N, p } = scryptNumbers(cost)
    const maxmem = 128 * N * 8 + 128 * 8 * p + 1_048_576
    scrypt(Buffer.from(passphrase, 'utf8'), salt, SEALED, { N, r: 8, p, maxmem }, (problem, key) => {
      if (problem) reject(problem)
      else resolve(key)
    })
  })

/** scrypt's N and p from libsodium's limits (crypto_pwhash_scryptsalsa208sha256, `pickparams`); r is 8. */
export function scryptNumbers(cost: Cost): { readonly N: number; readonly p: number } {
  const operations = Math.max(cost.operations, 32_768)
  const scarce = operations < cost.memory / 32
  const most = scarce ? operations / 32 : cost.memory / 1024
  let log = 1
  while (log < 63 && 2 ** log <= most / 2) log++
  const N = 2 ** log
  return { N, p: scarce ? 1 : Math.max(1, Math.floor(Math.min(operations / 4 / N, 0x3fffffff) / 8)) }
}
