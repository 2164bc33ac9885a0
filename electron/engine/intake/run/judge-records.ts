import { canonicalJson } from '#shared/base/canonical-json.ts'
import { documentFields, eventFlags, termFields } from '#shared/domain/fields.ts'
import type { Transaction } from '../../storage/case-file.ts'
import type { RecordColumns } from './batch.ts'
import { idsPerRecord } from './dictionaries.ts'
import type { ImportState } from './import-state.ts'

/**
 * What becomes of a record. `eventID` is the key (spec: the same event may be delivered several times, by several trails):
 * same id and same content is one event with several occurrences; same id and other content is kept as a conflict; a
 * full record takes the place of a thin copy (Event history CSV) of the same event.
 */
export type RecordFate =
  | { readonly kind: 'new'; readonly event: number }
  | { readonly kind: 'duplicate'; readonly of: number }
  | { readonly kind: 'conflict'; readonly event: number; readonly with: number }
  | { readonly kind: 'supersedes'; readonly event: number; readonly thinner: number }

const THIN = eventFlags.partial | eventFlags.derived

/** An event that a record may be a copy of. `row` is set while it is still in this batch, not yet in the table. */
type Known = { readonly event: number; readonly hash: string; readonly thin: boolean; readonly row?: number }

/** The case's numbers of a record's terms and documents: its whole content, in one comparable list. */
type ContentOf = (row: number) => readonly number[]

/** Decides the fate of each record of a batch, in order, and gives new events their numbers. */
export async function judgeRecords(
  tx: Transaction,
  state: ImportState,
  columns: RecordColumns,
  hashes: Uint32Array,
  kept: readonly boolean[],
  contentOf: ContentOf,
): Promise<RecordFate[]> {
  const keyOf = identityKeys(columns)
  const versionAt = (event: number, row: number): Known => ({
    event,
    hash: hexOf(columns.recordHash, row * 16),
    thin: isThin(columns, row),
    row,
  })
  const known = await findKnown(tx, state, columns, hashes, kept)
  /** Rows of new events of this batch that `known` does not list yet, by event number less `before`; -1 for the others. */
  const unlisted: number[] = []
  const before = state.lastEvent + 1
  const listThoseLike = (identity: number) =>
    state.identities.each(identity, (candidate) => {
      const row = unlisted[candidate - before] ?? -1
      if (row < 0) return
      unlisted[candidate - before] = -1
      known.set(keyOf(row), [versionAt(candidate, row)])
    })
  const fates: RecordFate[] = []
  let event = state.lastEvent
  for (let row = 0; row < columns.count; row++) {
    if (!kept[columns.file[row]!]) {
      fates.push(NOT_KEPT)
      continue
    }
    const identity = hashes[row * 3]!
    if (!state.identities.has(identity)) {
      // Nearly every record is new, and this is known from its hash alone.
      fates.push({ kind: 'new', event: ++event })
      unlisted.push(row)
      state.identities.add(identity, event)
      continue
    }
    listThoseLike(identity)
    const key = keyOf(row)
    const versions = known.get(key) ?? []
    const arrival = versionAt(0, row)
    const same = await findSame(tx, versions, { ...arrival, content: () => contentOf(row) }, contentOf)
    if (same) {
      fates.push({ kind: 'duplicate', of: same.event })
      continue
    }
    const [first] = versions
    if (!first) fates.push({ kind: 'new', event: ++event })
    else if (first.thin) fates.push({ kind: 'supersedes', event: ++event, thinner: first.event })
    else fates.push({ kind: 'conflict', event: ++event, with: first.event })
    // A thin copy that was replaced is no version any more; of versions in conflict each may be delivered again.
    known.set(key, [...versions.filter((version) => !version.thin), { ...arrival, event }])
    unlisted.push(-1)
    state.identities.add(identity, event)
  }
  return fates
}

const NOT_KEPT: RecordFate = { kind: 'duplicate', of: 0 }

const isThin = (columns: RecordColumns, row: number): boolean => (columns.flags[row]! & THIN) !== 0

const hexOf = (bytes: Uint8Array, at: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, 16).toString('hex')

/** Gives the eventID of a row in the form in which two are compared. */
function identityKeys(columns: RecordColumns): (row: number) => string {
  const texts = new Map(columns.identifierTexts)
  return (row) => {
    const text = texts.get(row * 3)
    return text === undefined ? hexOf(columns.identifiers, row * 48) : `text:${text.toLowerCase()}`
  }
}

async function findKnown(
  tx: Transaction,
  state: ImportState,
  columns: RecordColumns,
  hashes: Uint32Array,
  kept: readonly boolean[],
): Promise<Map<string, readonly Known[]>> {
  const candidates = new Set<number>()
  for (let row = 0; row < columns.count; row++)
    if (kept[columns.file[row]!]) state.identities.each(hashes[row * 3]!, (event) => candidates.add(event))
  const known = new Map<string, readonly Known[]>()
  if (candidates.size === 0) return known
  const rows = await tx.all<{ id: number; key: string; hash: string; flags: number }>(
    `select id, case typeof(i0) when 'blob' then lower(hex(i0)) else 'text:' || lower(i0) end as key, lower(hex(record_hash)) as hash, flags
     from event e where id in (${[...candidates].join(',')}) and not exists (select 1 from hidden_event h where h.event = e.id) order by id`,
  )
  for (const row of rows) {
    const version: Known = { event: row.id, hash: row.hash, thin: (row.flags & THIN) !== 0 }
    known.set(row.key, [...(known.get(row.key) ?? []), version])
  }
  return known
}

type Arrival = { readonly hash: string; readonly thin: boolean; readonly content: () => readonly number[] }

/** The version of an event that an arriving record repeats: same bytes, same content, or (for a thin copy) any version. */
async function findSame(
  tx: Transaction,
  versions: readonly Known[],
  arrival: Arrival,
  contentOf: ContentOf,
): Promise<Known | undefined> {
  const equal = versions.find((version) => version.hash === arrival.hash)
  if (equal || arrival.thin) return equal ?? versions[0]
  for (const version of versions)
    if (!version.thin && (await sameContent(tx, arrival.content(), version, contentOf))) return version
  return undefined
}

const contentColumns = [...termFields.map((_, n) => `t${n}`), ...documentFields.map((_, n) => `d${n}`)].join(',')

/**
 * Whether two records say the same although their bytes differ (another key order, a copy inside a JSON string). All of a
 * record is in its terms and documents, so these are compared; documents as canonical JSON.
 */
async function sameContent(
  tx: Transaction,
  content: readonly number[],
  other: Known,
  contentOf: ContentOf,
): Promise<boolean> {
  const theirs = other.row === undefined ? await storedContent(tx, other.event) : contentOf(other.row)
  for (let n = 0; n < idsPerRecord; n++) {
    if (content[n] === theirs[n]) continue
    if (n < termFields.length) return false
    const [a, b] = [await documentText(tx, content[n]!), await documentText(tx, theirs[n]!)]
    if (a === undefined || b === undefined || canonicalJson(JSON.parse(a)) !== canonicalJson(JSON.parse(b)))
      return false
  }
  return true
}

async function storedContent(tx: Transaction, event: number): Promise<readonly number[]> {
  const row = await tx.get<Record<string, number>>(`select ${contentColumns} from event where id = ?`, [event])
  return row ? Object.values(row) : []
}

async function documentText(tx: Transaction, id: number): Promise<string | undefined> {
  return (await tx.get<{ json: string }>('select json from document where id = ?', [id]))?.json
}
