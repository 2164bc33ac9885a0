import type { Connection } from '../../storage/sqlite.ts'
import { identifierNumber } from '#shared/domain/fields.ts'
import { joinSegments, type SegmentRow } from '../../vectors/segments.ts'
import { Dictionaries } from './dictionaries.ts'
import { IdIndex, MANY } from './id-index.ts'

/** What an import keeps in memory about the case it writes to. Built from the case at the start of each run. */
export type ImportState = {
  readonly dictionaries: Dictionaries
  readonly identities: IdIndex
  /** Seed of identifier hashes, drawn when the case is made. */
  readonly seed: number
  lastEvent: number
  lastEntry: number
  lastOriginal: number
}

export async function loadImportState(reader: Connection): Promise<ImportState> {
  const last = await reader.get<{ event: number; entry: number; original: number }>(
    `select coalesce((select max(id) from event), 0) as event, coalesce((select max(id) from entry), 0) as entry,
            coalesce((select max(id) from original), 0) as original`,
  )
  const seed = await identifierSeed(reader)
  const { event = 0, entry = 0, original = 0 } = last ?? {}
  const rows = await reader.all<SegmentRow>(
    'select first, count, width, bytes from segment where field = ? order by first',
    [identifierNumber('eventID')],
  )
  const hashes = joinSegments(rows, event)
  const identities = new IdIndex(event * 1.3, MANY)
  for (let i = 0; i < hashes.length; i++) if (hashes[i] !== 0) identities.add(hashes[i]!, i + 1)
  return {
    dictionaries: await Dictionaries.load(reader, seed),
    identities,
    seed,
    lastEvent: event,
    lastEntry: entry,
    lastOriginal: original,
  }
}

/** The seed of this case's identifier hashes. */
export async function identifierSeed(reader: Pick<Connection, 'get'>): Promise<number> {
  const row = await reader.get<{ value: string }>(`select value from fact where name = 'identifierSeed'`)
  return Number(row?.value ?? 0)
}
