/**
 * The 32-bit hash under which identifiers (eventID, requestID) are looked up. Seeded per case, so that nobody can craft
 * identifiers that all fall on one hash. Text is hashed without regard to case, as identifiers are compared.
 */
export function hashUuidBytes(bytes: Uint8Array, at: number, seed: number): number {
  let h = seed | 0
  for (let i = 0; i < 16; i += 4) {
    const word = bytes[at + i]! | (bytes[at + i + 1]! << 8) | (bytes[at + i + 2]! << 16) | (bytes[at + i + 3]! << 24)
    h = step(h, word)
  }
  return finish(h)
}

/** Hash of an identifier as text; a UUID in any case gives the same hash as its 16 bytes. 0 is kept for "absent". */
export function hashIdentifier(text: string, seed: number): number {
  const uuid = uuidBytes(text)
  if (uuid) return hashUuidBytes(uuid, 0, seed)
  let h = seed | 0
  const lower = text.toLowerCase()
  for (let i = 0; i < lower.length; i++) h = step(h, lower.charCodeAt(i))
  return finish(h)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The 16 bytes of a UUID in its usual form (either case), else `undefined`. */
export function uuidBytes(text: string): Uint8Array | undefined {
  if (!UUID.test(text)) return undefined
  return Uint8Array.from(text.replaceAll('-', '').match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

// The mixing steps of MurmurHash3 (public domain, Austin Appleby).
function step(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  let x = h ^ Math.imul(k, 0x1b873593)
  x = (x << 13) | (x >>> 19)
  return (Math.imul(x, 5) + 0xe6546b64) | 0
}

function finish(h: number): number {
  let x = h
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  x ^= x >>> 16
  return x >>> 0 || 1
}
