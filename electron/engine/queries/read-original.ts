import { readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { inflateFirstMember } from '../intake/inflate.ts'
import { defaultLimits } from '../intake/limits.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'

/**
 * The bytes of an original as they were handed over. One that was only referenced is read from where it lies, and must
 * still have its hash. @throws Refusal `not-found`, `unreadable`, `damaged`.
 */
export async function readOriginal(reader: Connection, original: number): Promise<Buffer> {
  const row = await reader.get<{ reference: string | null; sha: string }>(
    'select reference_path as reference, lower(hex(sha256)) as sha from original where id = ?',
    [original],
  )
  if (!row) throw new Refusal('not-found', 'The original of this file is not in the case.')
  if (row.reference !== null) return readReferenced(row.reference, row.sha)
  const pieces = await reader.all<{ bytes: Buffer }>(
    'select bytes from original_piece where id >= ? and id < ? order by id',
    [original * 65536, (original + 1) * 65536],
  )
  return pieces.length === 1 ? pieces[0]!.bytes : Buffer.concat(pieces.map((p) => p.bytes))
}

async function readReferenced(reference: string, sha: string): Promise<Buffer> {
  const [root = '', path = ''] = reference.split('\u0000')
  if (path.includes('!'))
    throw new Refusal(
      'unreadable',
      'This file lies inside an archive that was only referenced. Import the archive as a copy to read its members.',
    )
  const bytes = await readFile(join(root, path))
    .catch(() => readFile(root))
    .catch(() => undefined)
  if (!bytes)
    throw new Refusal(
      'unreadable',
      `The evidence was only referenced and is not at ${root} any more. Connect the medium it lies on.`,
    )
  if (createHash('sha256').update(bytes).digest('hex') !== sha)
    throw new Refusal(
      'damaged',
      `The referenced file ${path} has changed since it was imported. Its records are not shown.`,
    )
  return bytes
}

/** Inflated files read last, so that looking from record to record in one file inflates it once. */
const RECENT_BYTES = 64_000_000
export class InflatedFiles {
  readonly #reader: Connection
  readonly #recent = new Map<number, Uint8Array>()
  #bytes = 0

  constructor(reader: Connection) {
    this.#reader = reader
  }

  /** Reads originals anew from now on. */
  forget(): void {
    this.#recent.clear()
    this.#bytes = 0
  }

  /** The inflated bytes of the original that an entry points at. */
  async of(entry: number): Promise<Uint8Array> {
    const row = await this.#reader.get<{ original: number | null }>('select original from entry where id = ?', [entry])
    if (row?.original === null || row?.original === undefined)
      throw new Refusal('not-found', 'The original of this file is not in the case.')
    const known = this.#recent.get(row.original)
    if (known) return known
    const inflated = inflateFirstMember(await readOriginal(this.#reader, row.original), defaultLimits).bytes
    this.#recent.set(row.original, inflated)
    this.#bytes += inflated.length
    for (const [key, bytes] of this.#recent) {
      if (this.#bytes <= RECENT_BYTES || this.#recent.size === 1) break
      this.#recent.delete(key)
      this.#bytes -= bytes.length
    }
    return inflated
  }
}
