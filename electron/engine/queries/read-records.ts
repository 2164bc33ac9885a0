import { ensure } from '#shared/base/assert.ts'
import { groupBy } from '../integrity/collections.ts'
import { inflateFirstMember } from '../intake/inflate.ts'
import { defaultLimits } from '../intake/limits.ts'
import { reusedInflater } from '../intake/reused-inflater.ts'
import type { Connection } from '../storage/sqlite.ts'
import { uuidText } from './event-rows.ts'
import { ONE_PIECE, readInBatches, type KeptOriginal } from './read-batches.ts'

/** The exact bytes of an event's record. */
type StoredRecord = { readonly eventId: string; readonly raw: Buffer }

type Place = { event: number; eventId: string | null; original: number; offset: number; length: number }

/** Events asked for at once. */
const BLOCK = 5000

/**
 * The records of many events by event, each file read and inflated once: asked for one by one, thousands of them take ten times as
 * long. @throws Refusal `not-found`, `unreadable`, `damaged` for a file that cannot be read, `cancelled`.
 */
export async function readRecords(
  reader: Connection,
  events: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, StoredRecord>> {
  const places: Place[] = []
  for (let first = 0; first < events.length; first += BLOCK)
    places.push(
      ...(await reader.all<Place>(
        `select e.id as event, ${uuidText('e.i0')} as eventId, n.original, e.offset, e.length
         from event e join entry n on n.id = e.entry where e.id in (${events.slice(first, first + BLOCK).join(',')})`,
      )),
    )
  const byOriginal = groupBy(places, (place) => place.original)
  const originals = await reader.all<KeptOriginal>(
    `select id as original, size, reference_path is null and size <= ${ONE_PIECE} as whole from original
     where id in (${[...byOriginal.keys()].join(',')}) order by id`,
  )
  const found = new Map<number, StoredRecord>()
  const inflate = reusedInflater()
  for await (const { files, bytesOf } of readInBatches(reader, originals, signal))
    for (const { original } of files) {
      const { bytes } = inflateFirstMember(bytesOf(original), defaultLimits, inflate)
      for (const { event, eventId, offset, length } of ensure(byOriginal.get(original), 'these were asked for'))
        // Copied: what was inflated is valid until the next file only.
        found.set(event, { eventId: eventId ?? '', raw: Buffer.from(bytes.subarray(offset, offset + length)) })
    }
  return found
}
