import { createHash, verify } from 'node:crypto'
import { ensure } from '#shared/base/assert.ts'
import { checkSignature, parseVerifyingKey, prehash } from '../exchange/package/minisign.ts'
import { publicKeyFrom } from '../exchange/package/raw-keys.ts'
import { loadKey } from '../integrity/parse-keys.ts'
import { SUPPORTED_ALGORITHM, verifySignature } from '../integrity/verify-signature.ts'
import { short, type KnownAnswerCheck } from './check.ts'
import { digestSignature, fileSignature } from './vectors.ts'

/** RFC 8032, 7.1, test 2: public key, message, signature. */
const ed25519 = {
  key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
} as const

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const yes = (is: boolean): string => (is ? 'valid' : 'invalid')
/** The same text with its last hex digit changed. */
const changed = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`

/** Hashes and signatures, against values made elsewhere. */
export const cryptoChecks: readonly KnownAnswerCheck[] = [
  {
    id: 'V-01',
    requirement: 'SHA-256 of "abc" is the value published in FIPS 180-4',
    expected: 'ba7816bf8f01cfea',
    find: () => short(createHash('sha256').update('abc').digest('hex')),
  },
  {
    id: 'V-02',
    requirement: 'Ed25519 signature of RFC 8032, test 2; with a digit changed',
    expected: 'valid, invalid',
    find: () => {
      const key = publicKeyFrom('ed25519', bytes(ed25519.key))
      const fits = (signature: string) => yes(verify(null, bytes(ed25519.message), key, bytes(signature)))
      return `${fits(ed25519.signature)}, ${fits(changed(ed25519.signature))}`
    },
  },
  {
    id: 'V-03',
    requirement: 'OpenSSL signature: as made; other text; other digit; other algorithm',
    expected: 'valid, invalid, invalid, unsupported',
    find: () => {
      const { text, signature } = digestSignature
      const der = Buffer.from(digestSignature.publicKey, 'base64')
      const { key } = ensure(loadKey(der), 'the key is well formed')
      return [
        verifySignature(key, text, signature, SUPPORTED_ALGORITHM),
        verifySignature(key, `${text} `, signature, SUPPORTED_ALGORITHM),
        verifySignature(key, text, changed(signature), SUPPORTED_ALGORITHM),
        verifySignature(key, text, signature, 'SHA1withRSA'),
      ].join(', ')
    },
  },
  {
    id: 'V-04',
    requirement: 'Signature by the minisign tool, of its file and of a changed one',
    expected: 'good, broken',
    find: async () => {
      const key = parseVerifyingKey(fileSignature.publicKey)
      if (!key.ok) return key.message
      const check = async (content: string) =>
        checkSignature(fileSignature.signature, await prehash([Buffer.from(content)]), [key.value]).kind
      return `${await check(fileSignature.content)}, ${await check(`${fileSignature.content}!`)}`
    },
  },
]
