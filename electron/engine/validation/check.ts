import type { Bench } from './bench.ts'

/** One requirement with a known answer. `find` gives what this installation answers, in the words of the known answer. */
export type KnownAnswerCheck = {
  readonly id: string
  readonly requirement: string
  readonly expected: string
  readonly find: (bench: Bench) => string | Promise<string>
}

/** Enough of a SHA-256 to tell an accident: its first 16 digits. */
export const short = (sha256: string): string => sha256.slice(0, 16)
