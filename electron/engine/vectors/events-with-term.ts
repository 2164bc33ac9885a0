import { termNumber, type TermField } from '#shared/domain/fields.ts'
import { readPages } from '../storage/read-pages.ts'
import type { Connection } from '../storage/sqlite.ts'
import { segmentValues, type SegmentRow } from './segments.ts'

/**
 * The numbers of all events in which a term field has one of these values (ids of its dictionary), in ascending order. Reads the
 * column piece by piece and keeps none of it: for questions that are asked once, without the index of the case.
 */
export async function eventsWithTerm(
  reader: Connection,
  field: TermField,
  ids: ReadonlySet<number>,
): Promise<number[]> {
  const events: number[] = []
  if (ids.size === 0) return events
  const pages = readPages<SegmentRow>(
    reader,
    `select first, count, width, bytes from segment where field = ${termNumber(field)} and first > ? order by first limit ?`,
    [],
    (row) => row.first,
  )
  for await (const rows of pages)
    for (const row of rows) {
      const values = segmentValues(row)
      if (values) for (let n = 0; n < values.length; n++) if (ids.has(values[n]!)) events.push(row.first + n)
    }
  return events
}
