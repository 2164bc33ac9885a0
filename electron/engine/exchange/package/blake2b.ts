import { assert } from '#shared/base/assert.ts'

const IV = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
] as const
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const
const ROUNDS = 12
const MASK = (1n << 64n) - 1n

/**
 * BLAKE2b with 256 bits (RFC 7693) of at most one block, 128 bytes. Node has only the 512-bit form, and minisign's
 * secret keys carry a 256-bit checksum over 74 bytes.
 */
export function blake2b256(message: Uint8Array): Uint8Array {
  assert(message.length <= 128, 'only the checksum of a secret key, 74 bytes, is hashed here')
  const block = Buffer.alloc(128)
  block.set(message)
  const m = Array.from({ length: 16 }, (_, index) => block.readBigUInt64LE(index * 8))
  // The parameter block: 32 bytes of digest, no key, fan-out and depth 1.
  const h = IV.map((word, index) => (index === 0 ? word ^ 0x01010020n : word))
  const v = [...h, ...IV]
  v[12] = v[12]! ^ BigInt(message.length)
  v[14] = v[14]! ^ MASK
  for (let round = 0; round < ROUNDS; round++) mixRound(v, m, SIGMA[round % 10]!)
  const out = Buffer.alloc(32)
  for (let index = 0; index < 4; index++) out.writeBigUInt64LE(h[index]! ^ v[index]! ^ v[index + 8]!, index * 8)
  return out
}

function mixRound(v: bigint[], m: readonly bigint[], s: readonly number[]): void {
  for (let column = 0; column < 4; column++) {
    mix(v, column, column + 4, column + 8, column + 12, m[s[2 * column]!]!, m[s[2 * column + 1]!]!)
  }
  for (let row = 0; row < 4; row++) {
    const [b, c, d] = [4 + ((row + 1) % 4), 8 + ((row + 2) % 4), 12 + ((row + 3) % 4)]
    mix(v, row, b, c, d, m[s[8 + 2 * row]!]!, m[s[9 + 2 * row]!]!)
  }
}

function mix(v: bigint[], a: number, b: number, c: number, d: number, x: bigint, y: bigint): void {
  v[a] = (v[a]! + v[b]! + x) & MASK
  v[d] = rotated(v[d]! ^ v[a], 32n)
  v[c] = (v[c]! + v[d]) & MASK
  v[b] = rotated(v[b]! ^ v[c], 24n)
  v[a] = (v[a] + v[b] + y) & MASK
  v[d] = rotated(v[d] ^ v[a], 16n)
  v[c] = (v[c] + v[d]) & MASK
  v[b] = rotated(v[b] ^ v[c], 63n)
}

const rotated = (word: bigint, bits: bigint): bigint => ((word >> bits) | (word << (64n - bits))) & MASK
