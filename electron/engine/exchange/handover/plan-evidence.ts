import { ensure } from '#shared/base/assert.ts'
import type { Connection } from '../../storage/sqlite.ts'
import type { CaseDocument, IndexLine } from './documents.ts'
import { NOT_PACKED } from './given-originals.ts'

/** A hand-over of evidence. Path, time and person together name it in every copy of a case. */
type SourceName = { readonly path: string; readonly addedMs: number; readonly addedBy: string }
export type LedgerSource = SourceName & { readonly id: number }
/** A line of the ledger. `sha256` is empty where the file was never hashed. */
export type LedgerEntry = {
  readonly id: number
  readonly source: number
  readonly path: string
  readonly size: number
  readonly sha256: string
  /** Its bytes are in the case. */
  readonly held: boolean
  /** It stands for a file of which another copy of the case has the bytes. */
  readonly byHash: boolean
}
export type Ledger = { readonly sources: readonly LedgerSource[]; readonly entries: readonly LedgerEntry[] }

export type PlannedSource = SourceName & {
  /** The source of this case that it is; undefined for one that is new here. */
  readonly into: number | undefined
  /** Lines whose originals are read from the package. */
  readonly packed: readonly IndexLine[]
  /** Lines whose bytes the case holds by then, and lines of which only what was said is known. */
  readonly held: readonly (Pick<IndexLine, 'path' | 'size'> & { readonly sha256: string })[]
  readonly absent: readonly IndexLine[]
}
export type EvidencePlan = {
  /** Only sources to which something is added. */
  readonly sources: readonly PlannedSource[]
  /** Numbers of our lines for files known by hash only, which now come with their bytes. */
  readonly filled: readonly number[]
  /** Bytes of originals that are new. */
  readonly bytes: number
  readonly counts: {
    readonly sources: number
    readonly newFiles: number
    readonly knownFiles: number
    readonly newEntries: number
    readonly byHash: number
    readonly filled: number
    readonly records: number
  }
}

/**
 * What the ledger of a package adds to ours. Both sides' lines are matched by their source, path and hash (the third line
 * of a kind there with the third of its kind here); what has no match is added. The result holds the same lines whichever side is merged
 * into the other; only which of two equal files counts as the duplicate follows from the order.
 */
export function planEvidence(
  ours: Ledger,
  theirs: { readonly sources: CaseDocument['sources']; readonly index: readonly IndexLine[] },
): EvidencePlan {
  const held = new Set(ours.entries.flatMap((entry) => (entry.held ? [entry.sha256] : [])))
  const packed = new Map(theirs.index.flatMap((line) => (line.packed ? [[line.sha256 ?? '', line.size] as const] : [])))
  const willHold = (sha256: string): boolean => held.has(sha256) || packed.has(sha256)
  const targets = matchSources(ours.sources, theirs.sources)
  const known = new Queues(ours.entries, keyOf)
  const filled = new Set<number>()
  let [newEntries, byHash] = [0, 0]
  for (const line of theirs.index) {
    const target = ensure(targets.get(line.source), 'the index was checked')
    const sha256 = line.sha256 ?? ''
    const match = target.into === undefined ? undefined : known.take(keyOf({ ...line, sha256, source: target.into }))
    if (match && (match.held || !line.packed)) continue
    if (match) filled.add(match.id)
    else newEntries++
    if (line.packed && !held.has(sha256)) target.packed.push(line)
    else if (isOfBytes(line) && willHold(sha256)) target.held.push({ path: line.path, size: line.size, sha256 })
    else {
      target.absent.push(line)
      if (isOfBytes(line)) byHash++
    }
  }
  const own = new Map([...targets.values()].map((target) => [target.into, target]))
  for (const entry of ours.entries) {
    if (!entry.byHash || filled.has(entry.id) || !willHold(entry.sha256)) continue
    filled.add(entry.id)
    const target =
      own.get(entry.source) ??
      newTarget(
        ours.sources.find(({ id }) => id === entry.source)!,
        entry.source,
      )
    own.set(entry.source, target)
    target.held.push(entry)
  }
  const sources = [...new Set([...targets.values(), ...own.values()])].filter(
    ({ into, packed, held, absent }) => into === undefined || packed.length + held.length + absent.length > 0,
  )
  const fresh = [...packed].filter(([sha256]) => !held.has(sha256))
  return {
    sources,
    filled: [...filled],
    bytes: fresh.reduce((n, [, size]) => n + size, 0),
    counts: {
      sources: sources.filter((s) => s.into === undefined).length,
      newFiles: fresh.length,
      knownFiles: packed.size - fresh.length,
      newEntries,
      byHash,
      filled: filled.size,
      records: sources.reduce((n, s) => n + s.packed.reduce((sum, line) => sum + line.records.read, 0), 0),
    },
  }
}

type Target = {
  [K in keyof PlannedSource]: PlannedSource[K] extends readonly (infer T)[] ? T[] : PlannedSource[K]
}
const newTarget = ({ path, addedMs, addedBy }: SourceName, into: number | undefined): Target => ({
  path,
  addedMs,
  addedBy,
  into,
  packed: [],
  held: [],
  absent: [],
})

/** Our source for each of theirs, by their number. */
function matchSources(ours: readonly LedgerSource[], theirs: CaseDocument['sources']): Map<number, Target> {
  const known = new Queues(ours, nameOf)
  return new Map(theirs.map((source) => [source.id, newTarget(source, known.take(nameOf(source))?.id)]))
}

const nameOf = ({ path, addedMs, addedBy }: SourceName): string => JSON.stringify([path, addedMs, addedBy])
const keyOf = ({ source, path, sha256 }: Pick<LedgerEntry, 'source' | 'path' | 'sha256'>): string =>
  `${source} ${sha256} ${path}`

/** Whether the line says of a file that some copy of the case has its bytes. */
const isOfBytes = ({ packed, outcome, reason }: IndexLine): boolean =>
  packed || outcome === 'stored' || outcome === 'duplicate' || reason === NOT_PACKED

/** Values in the order they came, by key. */
class Queues<T> {
  readonly #byKey = new Map<string, T[]>()
  constructor(values: readonly T[], keyOf: (value: T) => string) {
    for (const value of [...values].reverse()) {
      const known = this.#byKey.get(keyOf(value))
      if (known) known.push(value)
      else this.#byKey.set(keyOf(value), [value])
    }
  }
  /** The first of a key, once. */
  take(key: string): T | undefined {
    return this.#byKey.get(key)?.pop()
  }
}

/** The ledger of a case, as far as merging asks. */
export async function readLedger(reader: Pick<Connection, 'all'>): Promise<Ledger> {
  const sources = await reader.all<LedgerSource>(
    'select id, path, added_ms as addedMs, added_by as addedBy from source order by id',
  )
  type Row = Omit<LedgerEntry, 'held' | 'byHash'> & { held: number; byHash: number }
  const rows = await reader.all<Row>(
    `select id, source, path, size, coalesce(lower(hex(sha256)), '') as sha256, original is not null as held, original is null and reason is ? as byHash
     from entry order by id`,
    [NOT_PACKED],
  )
  return { sources, entries: rows.map((row) => ({ ...row, held: row.held === 1, byHash: row.byHash === 1 })) }
}
