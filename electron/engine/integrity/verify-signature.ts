import { constants, verify, type KeyObject } from 'node:crypto'

export type SignatureCheck = 'valid' | 'invalid' | 'unsupported'

/** The only algorithm that CloudTrail is documented to use: RSASSA-PKCS1-v1_5 with SHA-256. */
export const SUPPORTED_ALGORITHM = 'SHA256withRSA'

/**
 * Checks a hexadecimal signature over a text (UTF-8) with SHA-256 and PKCS#1 v1.5 padding, and with nothing else: a hash
 * named inside the signature is not obeyed. Another algorithm name is `unsupported`; text that is not hexadecimal is `invalid`.
 */
export function verifySignature(key: KeyObject, text: string, signature: string, algorithm: string): SignatureCheck {
  if (algorithm.toLowerCase() !== SUPPORTED_ALGORITHM.toLowerCase()) return 'unsupported'
  // Decoding ends at the first character that is not hexadecimal.
  const bytes = Buffer.from(signature, 'hex')
  if (bytes.length === 0 || bytes.length * 2 !== signature.length) return 'invalid'
  const fits = verify('sha256', Buffer.from(text, 'utf8'), { key, padding: constants.RSA_PKCS1_PADDING }, bytes)
  return fits ? 'valid' : 'invalid'
}
