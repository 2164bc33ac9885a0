import { hash } from 'node:crypto'
import { ensure } from '#shared/base/assert.ts'
import { failed } from '#shared/base/result.ts'
import { inflateFirstMember, type Inflate } from '../intake/inflate.ts'
import { defaultLimits } from '../intake/limits.ts'
import { reusedInflater } from '../intake/reused-inflater.ts'
import { ONE_PIECE, readInBatches, type KeptOriginal } from '../queries/read-batches.ts'
import type { Connection } from '../storage/sqlite.ts'
import type { HeldDigests } from './held-digests.ts'
import type { DigestFile } from './judgement.ts'
import type { LakeSign } from './lake-results.ts'
import { parseLakeSignFile } from './lake-sign-file.ts'
import { parseDigest } from './parse-digest.ts'
import { parseKeys, type PublicKey } from './parse-keys.ts'
import { parseSignatures, type CapturedSignature } from './parse-signatures.ts'

/** A file of public keys, and how it came into the case. */
export type KeyFile = {
  readonly path: string
  readonly sha256: string
  readonly addedMs: number
  readonly addedBy: string
  readonly keys: readonly PublicKey[]
}

/** Told how many digests are read, of how many. */
export type Told = (done: number, total: number) => void

/** A digest in the evidence: its number in the ledger, its path and its original. */
export type DigestRow = KeptOriginal & {
  readonly entry: number
  readonly path: string
  /** Of its inflated bytes, as the ledger has it; empty where it does not say. */
  readonly sha256: string
}

/** Reads digests out of their originals, or out of what an import holds of them, in the order of the rows. @throws Refusal `cancelled`, or that an original cannot be read */
export async function readDigests(
  reader: Connection,
  rows: readonly DigestRow[],
  signal: AbortSignal,
  told: Told,
  held?: HeldDigests,
): Promise<DigestFile[]> {
  const read = new Map<number, DigestFile>()
  if (held)
    for (const { original, path, sha256 } of rows) {
      const bytes = held.get(sha256)
      if (bytes) read.set(original, { path, sha256, content: parseDigest(bytes) })
    }
  const inflate = reusedInflater()
  const rest = rows.filter((row) => !read.has(row.original))
  for await (const { files, bytesOf } of readInBatches(reader, rest, signal)) {
    for (const { path, original } of files)
      if (!read.has(original)) read.set(original, toDigest(path, bytesOf(original), inflate))
    told(read.size, rows.length)
  }
  return rows.map(({ original, path }) => {
    const digest = ensure(read.get(original), 'every original was read')
    return digest.path === path ? digest : { ...digest, path }
  })
}

function toDigest(path: string, stored: Buffer, inflate: Inflate | undefined): DigestFile {
  const { bytes, problem } = inflateFirstMember(stored, defaultLimits, inflate)
  const content = problem === undefined ? parseDigest(bytes) : failed('DIGEST_NOT_GZIP' as const, problem)
  return { path, sha256: hash('sha256', bytes), content }
}

export async function readKeyFiles(reader: Connection, signal: AbortSignal): Promise<KeyFile[]> {
  const found: KeyFile[] = []
  for await (const { files, bytesOf } of readInBatches(reader, await proofFiles(reader, 'public-keys'), signal))
    for (const { path, sha256, addedMs, addedBy, original } of files)
      found.push({ path, sha256, addedMs, addedBy, keys: parseKeys(inflated(bytesOf(original)), path).keys })
  return found
}

export async function readSignatures(reader: Connection, signal: AbortSignal): Promise<CapturedSignature[]> {
  const signatures: CapturedSignature[] = []
  for await (const { files, bytesOf } of readInBatches(reader, await proofFiles(reader, 'signatures'), signal))
    for (const { path, original } of files)
      for (const signature of parseSignatures(inflated(bytesOf(original)), path).signatures) signatures.push(signature)
  return signatures
}

export async function readLakeSigns(reader: Connection, signal: AbortSignal): Promise<LakeSign[]> {
  const signs: LakeSign[] = []
  for await (const { files, bytesOf } of readInBatches(reader, await proofFiles(reader, 'lake-sign-file'), signal))
    for (const { path, original } of files)
      signs.push({ path, content: parseLakeSignFile(inflated(bytesOf(original))) })
  return signs
}

const inflated = (stored: Buffer): Buffer => inflateFirstMember(stored, defaultLimits).bytes

/** The digests of a case. `namePart` takes those whose path holds this text. */
export async function digestRows(reader: Connection, namePart = ''): Promise<DigestRow[]> {
  // As one text: making an object of each of tens of thousands of rows takes twice as long.
  const [row] = await reader.all<{ all: string }>(
    `select json_group_array(json_array(original, size, whole, entry, path, sha256)) as "all" from (${filesOfKind(`n.id as entry, n.path, lower(hex(coalesce(n.inflated_sha256, ''))) as sha256`)})`,
    ['digest', namePart],
  )
  const rows = JSON.parse(row?.all ?? '[]') as [number, number, 0 | 1, number, string, string][]
  return rows.map(([original, size, whole, entry, path, sha256]) => ({ original, size, whole, entry, path, sha256 }))
}

type ProofFile = Omit<DigestRow, 'sha256'> & {
  /** Of its bytes as they were handed over. */
  readonly sha256: string
  readonly addedMs: number
  readonly addedBy: string
}

const proofFiles = (reader: Connection, kind: 'public-keys' | 'signatures' | 'lake-sign-file'): Promise<ProofFile[]> =>
  reader.all<ProofFile>(
    filesOfKind('n.id as entry, n.path, lower(hex(o.sha256)) as sha256, s.added_ms as addedMs, s.added_by as addedBy'),
    [kind, ''],
  )

/** Files of one kind whose originals are known, also where the same bytes came under several paths. Asked with kind and a part of the path. */
const filesOfKind = (columns: string): string =>
  `select n.original, n.size, o.reference_path is null and o.size <= ${ONE_PIECE} as whole, ${columns}
   from entry n join original o on o.id = n.original join source s on s.id = n.source
   where n.original in (select original from entry where kind = ? and original is not null and outcome <> 'ignored')
     and n.outcome <> 'ignored' and instr(n.path, ?) > 0
   order by n.path, n.id`
