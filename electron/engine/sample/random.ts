import { createHash } from 'node:crypto'

/** A seeded source of chance: the same seed text gives the same sequence everywhere. Not for secrets. */
export type Random = {
  /** A number in [0, 1). */
  readonly next: () => number
  /** A whole number in [from, to], both included. */
  readonly int: (from: number, to: number) => number
  readonly pick: <T>(items: readonly T[]) => T
}

/** xorshift32 (Marsaglia 2003), seeded with the first 32 bits of the seed's SHA-256. */
export function seededRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return { next, int, pick: (items) => items[int(0, items.length - 1)]! }
}
