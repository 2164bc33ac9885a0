import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEventTarget } from '#shared/domain/annotation.ts'
import { custodyText } from '../../annotations/custody.ts'
import { parseAnnotation } from '../../annotations/operation-bodies.ts'
import { listOperations } from '../../annotations/operations-log.ts'
import { Refusal } from '../../refusal.ts'
import type { Connection } from '../../storage/sqlite.ts'
import { evidenceName } from '../package/bag-names.ts'
import type { PayloadInput } from '../package/bag-writer.ts'
import type { CaseDocument, IndexLine } from './documents.ts'

/** How far the case had come when packing began: what is written after that waits for the next package. */
export type Extent = {
  readonly entry: number
  readonly original: number
  readonly operation: number
  readonly custody: number
}

export async function extentOf(reader: Connection): Promise<Extent> {
  const row = await reader.get<Extent>(
    `select (select coalesce(max(id), 0) from entry) as entry, (select coalesce(max(id), 0) from original) as original,
            (select coalesce(max(seq), 0) from operation) as operation, (select coalesce(max(seq), 0) from custody) as custody`,
  )
  return row ?? { entry: 0, original: 0, operation: 0, custody: 0 }
}

export async function countOperations(reader: Connection, to: Extent): Promise<number> {
  const row = await reader.get<{ n: number }>('select count(*) as n from operation where seq <= ?', [to.operation])
  return row?.n ?? 0
}

/** Which originals go along: all, or those with these hashes. */
export type Wanted = ReadonlySet<string> | 'all'
const isWanted = (wanted: Wanted, sha256: string): boolean => wanted === 'all' || wanted.has(sha256)

/** Kinds that prove others: they go along with any choice, so that the receiver can judge what came. */
const PROOFS = `('digest', 'public-keys', 'signatures', 'lake-sign-file')`

/** Hashes of the files in which something was ever bookmarked or tagged, and of all digests, keys and signatures. */
export async function annotatedHashes(reader: Connection): Promise<Set<string>> {
  const proofs = await reader.all<{ sha: string }>(
    `select distinct lower(hex(sha256)) as sha from entry where original is not null and kind in ${PROOFS}`,
  )
  const hashes = new Set(proofs.map((row) => row.sha))
  for (const operation of await listOperations(reader, ['bookmark.add', 'tag.add'])) {
    const parsed = parseAnnotation(operation)
    if (parsed?.type === 'tag.add') for (const sha of Object.keys(parsed.body.files)) hashes.add(sha)
    const place = parsed?.type === 'bookmark.add' ? parseEventTarget(parsed.target) : undefined
    if (place) hashes.add(place.sha256)
  }
  return hashes
}

/** Rows read at once, and bytes of originals held at once (a single larger one is read piece by piece). */
const PAGE = 500
const HELD_BYTES = 4_000_000

type Original = { id: number; sha: string; size: number; reference: string | null }

/** Count and bytes of the originals that go along. */
export async function sizeOfOriginals(
  reader: Connection,
  wanted: Wanted,
  to: Extent,
): Promise<{ originals: number; bytes: number }> {
  let [originals, bytes] = [0, 0]
  for await (const page of originalPages(reader, to))
    for (const original of page) {
      if (!isWanted(wanted, original.sha)) continue
      originals++
      bytes += original.size
    }
  return { originals, bytes }
}

async function* originalPages(reader: Connection, to: Extent): AsyncGenerator<Original[]> {
  for (let after = 0; ;) {
    const page = await reader.all<Original>(
      `select id, lower(hex(sha256)) as sha, size, reference_path as reference from original where id > ? and id <= ? order by id limit ${PAGE}`,
      [after, to.original],
    )
    if (page.length > 0) yield page
    if (page.length < PAGE) return
    after = page.at(-1)!.id
  }
}

/** The originals under their hashes. Referenced ones are read where they lie; the writer of the bag compares each hash. */
export async function* originalsOf(reader: Connection, wanted: Wanted, to: Extent): AsyncGenerator<PayloadInput> {
  for await (const page of originalPages(reader, to)) {
    for (const group of grouped(page.filter((original) => isWanted(wanted, original.sha)))) {
      const small = group.length > 1 ? await readGroup(reader, group) : new Map<number, Buffer[]>()
      for (const original of group) {
        const held = small.get(original.id)
        const bytes =
          original.reference !== null ? referenced(original.reference) : held ? each(held) : pieces(reader, original.id)
        yield { name: evidenceName(original.sha), bytes }
      }
    }
  }
}

/** Runs of originals that together are small enough to be read with one question. */
function* grouped(originals: readonly Original[]): Generator<Original[]> {
  let group: Original[] = []
  let bytes = 0
  for (const original of originals) {
    if (group.length > 0 && bytes + original.size > HELD_BYTES) {
      yield group
      group = []
      bytes = 0
    }
    group.push(original)
    bytes += original.size
  }
  if (group.length > 0) yield group
}

/** `cross join` keeps the order of the tables: SQLite would else read all pieces for each group. */
async function readGroup(reader: Connection, group: readonly Original[]): Promise<Map<number, Buffer[]>> {
  const held = new Map<number, Buffer[]>(group.map(({ id }) => [id, []]))
  const rows = await reader.all<{ original: number; bytes: Buffer }>(
    `select p.id / 65536 as original, p.bytes from json_each(?) j cross join original_piece p on p.id >= j.value * 65536 and p.id < (j.value + 1) * 65536 order by p.id`,
    [JSON.stringify(group.map(({ id }) => id))],
  )
  for (const { original, bytes } of rows) held.get(original)?.push(bytes)
  return held
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield* chunks
}

async function* pieces(reader: Connection, original: number): AsyncGenerator<Uint8Array> {
  for (let after = original * 65536 - 1; ;) {
    const piece = await reader.get<{ id: number; bytes: Buffer }>(
      'select id, bytes from original_piece where id > ? and id < ? order by id limit 1',
      [after, (original + 1) * 65536],
    )
    if (!piece) return
    yield piece.bytes
    after = piece.id
  }
}

async function* referenced(reference: string): AsyncGenerator<Uint8Array> {
  const [root = '', path = ''] = reference.split('\u0000')
  if (path.includes('!'))
    throw new Refusal(
      'unreadable',
      'A file inside an archive was only referenced and cannot go along. Import the archive as a copy, then pack.',
    )
  const below = join(root, path)
  const place = await stat(below).then(
    () => below,
    () => root,
  )
  if (!(await stat(place).catch(() => undefined))?.isFile())
    throw new Refusal(
      'unreadable',
      `The evidence was only referenced and is not at ${root} any more. Connect the medium it lies on.`,
    )
  yield* createReadStream(place) as AsyncIterable<Buffer>
}

// ---- documents

/** A document as payload, from its lines. */
export const document = (name: string, lines: AsyncIterable<string>): PayloadInput => ({ name, bytes: encoded(lines) })

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let held = ''
  for await (const line of lines) {
    held += `${line}\n`
    if (held.length < 262_144) continue
    yield Buffer.from(held, 'utf8')
    held = ''
  }
  if (held !== '') yield Buffer.from(held, 'utf8')
}

type IndexRow = Omit<IndexLine, 'records' | 'packed'> & { id: number; original: number | null } & IndexLine['records']

/** Every entry of the ledger, in its order. */
export async function* indexLines(reader: Connection, wanted: Wanted, to: Extent): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const rows = await reader.all<IndexRow>(
      `select n.id, n.source, n.path, n.outcome, n.reason, n.kind, n.size, lower(hex(n.sha256)) as sha256, lower(hex(n.inflated_sha256)) as inflatedSha256, coalesce(n.inflated_size, 0) as inflatedSize, n.original,
              n.records_read as read, n.records_stored as stored, n.records_duplicate as duplicate, n.records_conflict as conflict, n.records_rejected as rejected,
              v.verdict from entry n left join entry_verdict v on v.entry = n.id where n.id > ? and n.id <= ? order by n.id limit ${PAGE}`,
      [after, to.entry],
    )
    for (const {
      id: _,
      original,
      read,
      stored,
      duplicate,
      conflict,
      rejected,
      sha256,
      inflatedSha256,
      ...row
    } of rows) {
      const line: IndexLine = {
        ...row,
        sha256: sha256 === '' ? null : sha256,
        inflatedSha256: inflatedSha256 === '' ? null : inflatedSha256,
        packed: original !== null && sha256 !== null && isWanted(wanted, sha256),
        records: { read, stored, duplicate, conflict, rejected },
      }
      yield JSON.stringify(line)
    }
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

type OperationRow = {
  seq: number
  id: string
  timeMs: number
  examiner: string
  type: string
  target: string
  body: string
}

/** All operations; their bodies are taken as they are stored, because custody entries name hashes of that text. */
export async function* operationLines(reader: Connection, to: Extent): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const rows = await reader.all<OperationRow>(
      `select seq, id, time_ms as timeMs, examiner, type, target, body from operation where seq > ? and seq <= ? and json_valid(body) order by seq limit ${PAGE}`,
      [after, to.operation],
    )
    for (const { seq: _, body, ...head } of rows) yield `${JSON.stringify(head).slice(0, -1)},"body":${body}}`
    if (rows.length < PAGE) return
    after = rows.at(-1)!.seq
  }
}

type CustodyRow = { seq: number; timeMs: number; examiner: string; action: string; body: string; previous: string }

/** The custody log, each entry as the text that is hashed. */
export async function* auditLines(reader: Connection, to: Extent): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const rows = await reader.all<CustodyRow>(
      `select seq, time_ms as timeMs, examiner, action, body, lower(hex(previous)) as previous from custody where seq > ? and seq <= ? order by seq limit ${PAGE}`,
      [after, to.custody],
    )
    for (const row of rows) yield custodyText(row)
    if (rows.length < PAGE) return
    after = rows.at(-1)!.seq
  }
}

export const listSourcesOf = (reader: Connection): Promise<CaseDocument['sources']> =>
  reader.all('select id, path, mode, added_ms as addedMs, added_by as addedBy from source order by id')
