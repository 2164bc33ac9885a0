import { createHash } from 'node:crypto'

/**
 * Invented identifiers. Each is a function of its seed text, so that a name always has the same id and adding an event
 * changes no other. Access keys and principal ids end in EXAMPLE, as in AWS's documentation: nobody can take them for real.
 */
const hashOf = (seed: string): Buffer => createHash('sha256').update(seed).digest()

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const letters = (alphabet: string, seed: string, length: number): string =>
  Array.from(hashOf(seed).subarray(0, length), (byte) => alphabet[byte % alphabet.length]!).join('')

/** `1b4e28ba-2fa1-4d2e-883f-0016d3cca427`: version 4 in shape. */
export function uuid(seed: string): string {
  const hex = hashOf(`uuid ${seed}`).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** 20 letters and digits. AKIA for long-term keys, ASIA for temporary ones. */
export const accessKeyId = (kind: 'AKIA' | 'ASIA', seed: string): string =>
  `${kind}${letters(BASE32, `key ${seed}`, 9)}EXAMPLE`

/** 21 letters and digits. AIDA for users, AROA for roles. */
export const principalId = (kind: 'AIDA' | 'AROA', seed: string): string =>
  `${kind}${letters(BASE32, `principal ${seed}`, 10)}EXAMPLE`

/** `i-0a1b…`: an EC2 id with 17 hex digits. */
export const resourceId = (kind: string, seed: string): string =>
  `${kind}-0${hashOf(`${kind} ${seed}`).toString('hex').slice(0, 16)}`

/** The 16 letters and digits at the end of a log file's name. */
export const uniquePart = (seed: string): string => letters(BASE62, `file ${seed}`, 16)
