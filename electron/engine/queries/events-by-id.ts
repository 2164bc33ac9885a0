import { identifierNumber } from '#shared/domain/fields.ts'
import { stopIfCancelled } from '../refusal.ts'
import { hashIdentifier } from '../vectors/identifier-hash.ts'
import { uuidText } from './event-rows.ts'
import type { QueryWorld } from './evaluate.ts'

/** Events per statement. */
const STEP = 5000

/**
 * The events that have each of many eventIDs, by the eventID in small letters; several where records of the case disagree. The column is
 * walked once for all of them.
 */
export async function eventsByID(
  world: QueryWorld,
  eventIDs: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { index, identifierSeed } = world
  const found = new Map<string, number[]>(eventIDs.map((id) => [id.toLowerCase(), []]))
  const hashes = new Set([...found.keys()].map((id) => hashIdentifier(id, identifierSeed)))
  if (hashes.size === 0) return found
  const column = await index.vector(identifierNumber('eventID'))
  const candidates: number[] = []
  for (let p = 0; p < column.length; p++)
    if (hashes.has(column[p]!) && index.visible.has(p)) candidates.push(index.eventAt(p))
  for (const [event, id] of await eventIDsOf(world, candidates, signal)) found.get(id)?.push(event)
  return found
}

/** The eventID of each event, in small letters. */
export async function eventIDsOf(
  { reader }: Pick<QueryWorld, 'reader'>,
  events: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const out = new Map<number, string>()
  for (let first = 0; first < events.length; first += STEP) {
    stopIfCancelled(signal)
    const rows = await reader.all<{ id: number; eventID: string | null }>(
      `select e.id, ${uuidText('e.i0')} as eventID from json_each(?) j join event e on e.id = j.value`,
      [JSON.stringify(events.slice(first, first + STEP))],
    )
    for (const { id, eventID } of rows) if (eventID !== null) out.set(id, eventID.toLowerCase())
  }
  return out
}
