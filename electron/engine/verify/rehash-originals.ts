import { createHash } from 'node:crypto'
import { readOriginal } from '../queries/read-original.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'

/** What hashing an original again gave: `found` is its hash now, or `problem` says why it could not be read. */
export type Rehashed = { readonly id: number; readonly path: string; readonly expected: string } & (
  | { readonly kind: 'match' }
  | { readonly kind: 'differs'; readonly found: string }
  | { readonly kind: 'unreadable'; readonly problem: string }
)

/** Hashes every original again, wherever it lies, and compares with the hash taken when it was handed over (FS-03). */
export async function* rehashOriginals(
  reader: Connection,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Rehashed> {
  const originals = await reader.all<{ id: number; expected: string; path: string | null }>(
    `select o.id, lower(hex(o.sha256)) as expected, (select path from entry where original = o.id order by id limit 1) as path
     from original o order by o.id`,
  )
  for (const [n, original] of originals.entries()) {
    stopIfCancelled(signal)
    if (n % 200 === 0) progress(n, originals.length)
    const named = { ...original, path: original.path ?? `original ${original.id}` }
    try {
      const found = createHash('sha256')
        .update(await readOriginal(reader, original.id))
        .digest('hex')
      yield found === original.expected ? { ...named, kind: 'match' } : { ...named, kind: 'differs', found }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      yield { ...named, kind: 'unreadable', problem: error.message }
    }
  }
}
