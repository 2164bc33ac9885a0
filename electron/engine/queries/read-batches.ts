import { ensure } from '#shared/base/assert.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { readOriginal } from './read-original.ts'

/** An original, as far as reading many of them needs it. */
export type KeptOriginal = {
  readonly original: number
  /** In bytes. */
  readonly size: number
  /** Whether its bytes are in the case, in one piece. */
  readonly whole: 0 | 1
}

/** Originals up to this size are one piece in any case, and are read many at a time. */
export const ONE_PIECE = 1_000_000
const BATCH_FILES = 500
const BATCH_BYTES = 16_000_000

/** Some files and their bytes. `bytesOf` @throws Refusal `not-found`, `unreadable`, `damaged` for one that cannot be read */
export type Batch<File> = { readonly files: readonly File[]; readonly bytesOf: (original: number) => Buffer }

/**
 * Reads originals many at a time: asked for one by one, thousands of them take longer to ask for than to check. Large ones
 * and referenced ones come alone. A batch holds at most 16 MB or one file.
 */
export async function* readInBatches<File extends KeptOriginal>(
  reader: Connection,
  files: readonly File[],
  signal: AbortSignal,
): AsyncGenerator<Batch<File>> {
  const parts = toParts(files)
  let coming = readPart(reader, parts[0] ?? [])
  for (let n = 0; n < parts.length; n++) {
    stopIfCancelled(signal)
    const part = await coming
    // SQLite reads the next ones while these are looked at.
    coming = readPart(reader, parts[n + 1] ?? [])
    coming.catch(() => undefined)
    yield part
  }
}

function toParts<File extends KeptOriginal>(files: readonly File[]): File[][] {
  const parts: File[][] = []
  let bytes = BATCH_BYTES
  for (const file of files) {
    const last = parts.at(-1)
    if (last && last.length < BATCH_FILES && bytes + file.size <= BATCH_BYTES) last.push(file)
    else {
      parts.push([file])
      bytes = 0
    }
    bytes += file.size
  }
  return parts
}

async function readPart<File extends KeptOriginal>(reader: Connection, files: readonly File[]): Promise<Batch<File>> {
  const known = await readPieces(
    reader,
    files.filter((file) => file.whole === 1).map((file) => file.original),
  )
  const trouble = new Map<number, Error>()
  for (const { original } of files)
    if (!known.has(original))
      await readOriginal(reader, original).then(
        (bytes) => known.set(original, bytes),
        (error: unknown) => trouble.set(original, error instanceof Error ? error : new Error(String(error))),
      )
  return {
    files,
    bytesOf: (original) => {
      const problem = trouble.get(original)
      if (problem) throw problem
      return ensure(known.get(original), 'an original of this batch was asked for')
    },
  }
}

async function readPieces(reader: Connection, originals: readonly number[]): Promise<Map<number, Buffer>> {
  const ids = [...new Set(originals)].map((original) => original * 65536)
  const rows = await reader.all<{ id: number; bytes: Buffer }>(
    `select id, bytes from original_piece where id in (${ids.join(',')})`,
  )
  return new Map(rows.map((row) => [row.id / 65536, row.bytes]))
}
