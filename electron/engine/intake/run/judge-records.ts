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
  const keys = identityKeys(columns)
  const recordHash = Buffer.from(columns.recordHash.buffer, columns.recordHash.byteOffset, columns.recordHash.byteLength).toString('hex')
  const known = await findKnown(tx, state, columns, hashes, kept)
  const fates: RecordFate[] = []
  let event = state.lastEvent
  for (let row = 0; row < columns.count; row++) {
    if (!kept[columns.file[row]!]) {
      fates.push({ kind: 'duplicate', of: 0 })
      continue
    }
    const key = keys[row]!
    const hash = recordHash.slice(row * 32, row * 32 + 32)
    const thin = (columns.flags[row]! & THIN) !== 0
    const versions = known.get(key) ?? []
    const same = await findSame(tx, versions, { hash, thin, content: () => contentOf(row) }, contentOf)
    if (same) {
      fates.push({ kind: 'duplicate', of: same.event })
      continue
    }
    const [first] = versions
    if (!first) fates.push({ kind: 'new', event: ++event })
    else if (first.thin) fates.push({ kind: 'supersedes', event: ++event, thinner: first.event })
    else fates.push({ kind: 'conflict', event: ++event, with: first.event })
    // A thin copy that was replaced is no version any more; of versions in conflict each may be delivered again.
    known.set(key, [...versions.filter((version) => !version.thin), { event, hash, thin, row }])
    state.identities.add(hashes[row * 3]!, event)
  }
  return fates
}

function identityKeys(columns: RecordColumns): string[] {
  const hex = Buffer.from(columns.identifiers.buffer, columns.identifiers.byteOffset, columns.identifiers.byteLength).toString('hex')
  const keys = Array.from({ length: columns.count }, (_, row) => hex.slice(row * 96, row * 96 + 32))
  for (const [slot, text] of columns.identifierTexts) if (slot % 3 === 0) keys[slot / 3] = `text:${text.toLowerCase()}`
  return keys
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
async function findSame(tx: Transaction, versions: readonly Known[], arrival: Arrival, contentOf: ContentOf): Promise<Known | undefined> {
  const equal = versions.find((version) => version.hash === arrival.hash)
  if (equal || arrival.thin) return equal ?? versions[0]
  for (const version of versions) if (!version.thin && (await sameContent(tx, arrival.content(), version, contentOf))) return version
  return undefined
}

const contentColumns = [...termFields.map((_, n) => `t${n}`), ...documentFields.map((_, n) => `d${n}`)].join(',')

/**
 * Whether two records say the same although their bytes differ (another key order, a copy inside a JSON string). All of a
 * record is in its terms and documents, so these are compared; documents as canonical JSON.
 */
async function sameContent(tx: Transaction, content: readonly number[], other: Known, contentOf: ContentOf): Promise<boolean> {
  const theirs = other.row === undefined ? await storedContent(tx, other.event) : contentOf(other.row)
  for (let n = 0; n < idsPerRecord; n++) {
    if (content[n] === theirs[n]) continue
    if (n < termFields.length) return false
    const [a, b] = [await documentText(tx, content[n]!), await documentText(tx, theirs[n]!)]
    if (a === undefined || b === undefined || canonicalJson(JSON.parse(a)) !== canonicalJson(JSON.parse(b))) return false
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
