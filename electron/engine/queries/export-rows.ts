import { createHash } from 'node:crypto'
import { utcMs } from '#shared/base/time.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { ensure } from '#shared/base/assert.ts'
import type { OpenCase } from '../open-case.ts'
import { readRows } from './event-rows.ts'
import type { QueryWorld } from './evaluate.ts'

type Place = {
  event: number
  entry: number
  ordinal: number
  offset: number
  length: number
  path: string
  sha256: string
}
/** An event as exports take it; its time may be missing, which only some formats can say. */
export type ExportRow = Omit<ExportEvent, 'timeMs'> & { readonly timeMs: ExportEvent['timeMs'] | null }

const fields: readonly string[] = [...termFields, ...documentFields, ...identifierFields]

/**
 * The events at the given positions with columns, exact record and place in the evidence, in that order. `firstRow` is the
 * number of the first one in the exported selection, from 1. Without `columns` terms, documents and identifiers stay empty,
 * which is several times faster.
 */
export async function readExportRows(
  open: OpenCase,
  world: QueryWorld,
  positions: readonly number[],
  firstRow: number,
  columns: 'all' | 'none' = 'all',
): Promise<ExportRow[]> {
  const rows = await readRows(world, positions, columns === 'all' ? fields : [], open.annotated)
  const places = await readPlaces(
    open,
    rows.map((row) => row.id),
  )
  // Neighbours in time often stand in the same file: each is looked up once.
  const files = new Map<number, Uint8Array>()
  const out: ExportRow[] = []
  for (const [n, row] of rows.entries()) {
    const place = ensure(places.get(row.id), 'every event stands in a file of the case')
    const inflated = files.get(place.entry) ?? (await open.inflated.of(place.entry))
    files.set(place.entry, inflated)
    const rawRecord = inflated.subarray(place.offset, place.offset + place.length)
    out.push({
      row: firstRow + n,
      id: row.id,
      timeMs: row.timeMs === null ? null : utcMs(row.timeMs),
      ...columnsOf(row.values),
      rawRecord,
      source: { path: place.path, sha256: place.sha256, ordinal: place.ordinal },
      recordSha256: createHash('sha256').update(rawRecord).digest('hex'),
      integrity: row.integrity,
      tags: row.tags,
      ...(row.exhibit !== null && { bookmark: { exhibit: row.exhibit, ...open.annotated.wordsOf(row.id) } }),
      occurrences: row.occurrences,
    })
  }
  return out
}

async function readPlaces(open: OpenCase, events: readonly number[]): Promise<ReadonlyMap<number, Place>> {
  const rows = await open.file.reader.all<Place>(
    `select e.id as event, e.entry, e.ordinal, e.offset, e.length, n.path, lower(hex(n.sha256)) as sha256
     from event e join entry n on n.id = e.entry where e.id in (${events.join(',')})`,
  )
  return new Map(rows.map((row) => [row.event, row]))
}

function columnsOf(values: readonly (string | null)[]): Pick<ExportRow, 'terms' | 'documents' | 'identifiers'> {
  const groups = [termFields, documentFields, identifierFields].map((names, g, all) => {
    const first = all.slice(0, g).reduce((n, group) => n + group.length, 0)
    const present = names.flatMap((name, n) => {
      const value = values[first + n] ?? null
      return value === null ? [] : [[name, value] as const]
    })
    return Object.fromEntries(present)
  })
  return { terms: groups[0] ?? {}, documents: groups[1] ?? {}, identifiers: groups[2] ?? {} }
}
