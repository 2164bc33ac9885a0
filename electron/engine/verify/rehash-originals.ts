import { hash } from 'node:crypto'
import { ONE_PIECE, readInBatches, type KeptOriginal } from '../queries/read-batches.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'

/** What hashing an original again gave: `found` is its hash now, or `problem` says why it could not be read. */
export type Rehashed = { readonly id: number; readonly expected: string } & (
  | { readonly kind: 'match' }
  | { readonly kind: 'differs'; readonly path: string; readonly found: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly problem: string }
)

/** Hashes every original again, wherever it lies, and compares with the hash taken when it was handed over (FS-03). */
export async function* rehashOriginals(
  reader: Connection,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Rehashed> {
  const originals = await reader.all<KeptOriginal & { expected: string }>(
    `select o.id as original, o.size, o.reference_path is null and o.size <= ${ONE_PIECE} as whole, lower(hex(o.sha256)) as expected
     from original o order by o.id`,
  )
  let done = 0
  for await (const { files, bytesOf } of readInBatches(reader, originals, signal)) {
    progress(done, originals.length)
    done += files.length
    for (const { original: id, expected } of files) {
      const found = hashOf(() => bytesOf(id))
      if (found.kind === 'hash' && found.sha256 === expected) yield { id, expected, kind: 'match' }
      else {
        const path = await pathOf(reader, id)
        yield found.kind === 'hash'
          ? { id, expected, path, kind: 'differs', found: found.sha256 }
          : { id, expected, path, ...found }
      }
    }
  }
}

type Hashed =
  { readonly kind: 'hash'; readonly sha256: string } | { readonly kind: 'unreadable'; readonly problem: string }

function hashOf(read: () => Buffer): Hashed {
  try {
    return { kind: 'hash', sha256: hash('sha256', read(), 'hex') }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'unreadable', problem: error.message }
    throw error
  }
}

/** The first path under which the original came. */
async function pathOf(reader: Connection, original: number): Promise<string> {
  const row = await reader.get<{ path: string }>('select path from entry where original = ? order by id limit 1', [
    original,
  ])
  return row?.path ?? `original ${original}`
}
