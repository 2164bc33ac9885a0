import type { AnnotationProposal, DropReason } from '#shared/domain/annotation-import.ts'
import { resolveEach } from '../../annotations/event-places.ts'
import { eventIDsOf, eventsByID } from '../../queries/events-by-id.ts'
import type { QueryWorld } from '../../queries/evaluate.ts'
import type { Connection } from '../../storage/sqlite.ts'

/** The event of the case that a row is about, or why it is none. */
export type Matched =
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'none'; readonly reason: DropReason; readonly detail: string }

const none = (reason: DropReason, detail: string): Matched => ({ kind: 'none', reason, detail })

/**
 * The event that each proposal names: by its place in the evidence, which is exact, else by its eventID. A row whose place and eventID name
 * different events is not used: its cells were moved against each other, as sorting a single column does.
 */
export async function matchEvents(
  world: QueryWorld,
  proposals: readonly AnnotationProposal[],
  signal: AbortSignal,
): Promise<Matched[]> {
  const placed = await eventsAtPlaces(world.reader, proposals)
  const unplaced = proposals.flatMap(({ event }, n) =>
    placed[n] === undefined && event.eventID !== undefined ? [event.eventID] : [],
  )
  const byID = await eventsByID(world, unplaced, signal)
  const ids = await eventIDsOf(
    world,
    placed.filter((event) => event !== undefined),
    signal,
  )
  return proposals.map(({ event: { eventID } }, n) => {
    const event = placed[n]
    if (event === undefined) return matchedByID(eventID, byID)
    const own = ids.get(event)
    return eventID === undefined || own === undefined || own === eventID.toLowerCase()
      ? { kind: 'event', event }
      : none('OTHER_EVENT', 'Place and eventID of the row name different events. Was a column sorted by itself?')
  })
}

function matchedByID(eventID: string | undefined, byID: ReadonlyMap<string, readonly number[]>): Matched {
  const found = eventID === undefined ? [] : (byID.get(eventID.toLowerCase()) ?? [])
  if (found.length > 1)
    return none(
      'SEVERAL_EVENTS',
      `${found.length} records of this case have this eventID and say different things. Mark the one that is meant in the list.`,
    )
  const [event] = found
  return event === undefined ? none('NOT_HERE', 'This case has no such event.') : { kind: 'event', event }
}

/** The event at the place of each proposal; `undefined` where none is given, or the case does not hold that file or record. */
async function eventsAtPlaces(
  reader: Connection,
  proposals: readonly AnnotationProposal[],
): Promise<(number | undefined)[]> {
  const hashes = new Set(proposals.flatMap(({ event }) => (event.kind === 'place' ? [event.sourceSha256] : [])))
  const rows = await reader.all<{ sha256: string }>(
    'select lower(hex(o.sha256)) as sha256 from json_each(?) j join original o on o.sha256 = unhex(j.value)',
    [JSON.stringify([...hashes])],
  )
  const here = new Set(rows.map(({ sha256 }) => sha256))
  const asked = proposals.flatMap(({ event }, n) =>
    event.kind === 'place' && here.has(event.sourceSha256)
      ? [{ n, place: { sha256: event.sourceSha256, ordinal: event.ordinal } }]
      : [],
  )
  const found = await resolveEach(
    reader,
    asked.map(({ place }) => place),
  )
  const out = new Array<number | undefined>(proposals.length).fill(undefined)
  for (const [at, { n }] of asked.entries()) out[n] = found[at]
  return out
}
