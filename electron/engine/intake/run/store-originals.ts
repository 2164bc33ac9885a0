import { JsonbRows, runRows } from '../../storage/jsonb-rows.ts'
import type { Transaction } from '../../storage/case-file.ts'
import type { ParsedBatch } from './batch.ts'
import type { ImportState } from './import-state.ts'

/** Originals are kept in pieces of at most this size (SQLite's blobs end at 1 GB; each thread of the database keeps room for two of the largest). */
const PIECE = 2_000_000
/** Bytes of several small originals that go into one statement: each of the database's threads keeps room for as many. */
const TOGETHER = 256_000

/** How an original is kept: its bytes in the case, or where they lie. */
export type Keeping = { readonly kind: 'copy' } | { readonly kind: 'reference'; readonly root: string }

export type Originals = {
  /** `new`: its bytes are stored now; `known`: stored before, this is a duplicate; `none`: nothing to store (unreadable, ignored). */
  readonly fates: ('new' | 'known' | 'none')[]
  readonly ids: (number | null)[]
  readonly entryIds: (number | null)[]
  readonly lastOriginal: number
  readonly lastEntry: number
}

/** Stores the bytes of files that the case does not have yet, and numbers the lines that the ledger will get. */
export async function storeOriginals(
  tx: Transaction,
  state: ImportState,
  batch: ParsedBatch,
  keeping: Keeping,
): Promise<Originals> {
  const wanted = batch.files.map((f) => (f.outcome === 'ignored' || f.sha256 === '' ? '' : f.sha256))
  const known = await findOriginals(tx, wanted)
  let lastOriginal = state.lastOriginal
  let lastEntry = state.lastEntry
  const fates: Originals['fates'] = []
  const ids: (number | null)[] = []
  const entryIds: (number | null)[] = []
  const fresh: NewOriginal[] = []
  for (const [i, file] of batch.files.entries()) {
    // An unchanged file has its line in the ledger already; everything else gets a line of its own.
    entryIds.push(file.unchanged ? null : ++lastEntry)
    const sha = wanted[i]!
    const length = batch.lengths[i]!
    if (sha === '' || (known.get(sha) === undefined && length < 0)) {
      fates.push('none')
      ids.push(null)
      continue
    }
    const at = known.get(sha)
    if (at !== undefined) {
      fates.push('known')
      ids.push(at)
      continue
    }
    const id = ++lastOriginal
    known.set(sha, id)
    fates.push('new')
    ids.push(id)
    const reference = keeping.kind === 'reference' ? `${keeping.root}\u0000${file.path}` : null
    fresh.push({ id, sha, size: file.size, reference, start: batch.starts[i]!, length })
  }
  await runRows(tx, INSERT_ORIGINALS, fresh, (row, { id, sha, size, reference }) => {
    row.number(id)
    row.text(sha)
    row.number(size)
    if (reference === null) row.none()
    else row.text(reference)
  })
  if (keeping.kind === 'copy') await storePieces(tx, fresh, batch.stored)
  return { fates, ids, entryIds, lastOriginal, lastEntry }
}

type NewOriginal = {
  readonly id: number
  readonly sha: string
  readonly size: number
  readonly reference: string | null
  /** Where its bytes begin among those of the batch, and how many they are. */
  readonly start: number
  readonly length: number
}

const INSERT_ORIGINALS =
  'insert into original (id, sha256, size, reference_path) select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 from jsonb_each(?)'
const INSERT_PIECES =
  'insert into original_piece select value ->> 0, substr(?2, (value ->> 1) + 1, value ->> 2) from jsonb_each(?1)'

/** Small originals that lie side by side go into the case as one value, of which SQLite cuts each one. */
async function storePieces(tx: Transaction, originals: readonly NewOriginal[], stored: Uint8Array): Promise<void> {
  let rows = new JsonbRows(1 << 14)
  let from = 0
  let to = 0
  let count = 0
  const flush = async () => {
    if (count > 0) await tx.later(INSERT_PIECES, [rows.bytes(), stored.subarray(from, to)])
    rows = new JsonbRows(1 << 14)
    count = 0
  }
  for (const { id, start, length } of originals)
    for (let piece = 0; piece * PIECE < length || piece === 0; piece++) {
      const at = start + piece * PIECE
      const end = Math.min(at + PIECE, start + length)
      if (at !== to || end - from > TOGETHER) {
        await flush()
        from = at
      }
      to = end
      count++
      rows.row()
      rows.number(id * 65536 + piece)
      rows.number(at - from)
      rows.number(end - at)
    }
  await flush()
}

async function findOriginals(tx: Transaction, hashes: readonly string[]): Promise<Map<string, number>> {
  const list = hashes.filter((h) => h !== '').map((h) => `x'${h}'`)
  if (list.length === 0) return new Map()
  const rows = await tx.all<{ id: number; sha: string }>(
    `select id, lower(hex(sha256)) as sha from original where sha256 in (${list.join(',')})`,
  )
  return new Map(rows.map((row) => [row.sha, row.id]))
}
