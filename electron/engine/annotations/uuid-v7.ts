import { randomBytes } from 'node:crypto'

let lastMs = 0
let counter = 0

/**
 * A UUID whose text sorts by time (RFC 9562, version 7): 48 bits of milliseconds, a counter within the millisecond, 62 random bits.
 * Operations of one moment so keep the order in which they were made.
 */
export function uuidV7(nowMs: number): string {
  counter = nowMs === lastMs ? (counter + 1) & 0xfff : 0
  lastMs = nowMs
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Math.max(0, Math.floor(nowMs)), 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
