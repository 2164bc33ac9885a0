import type { FieldCounts, ValueCount } from '#shared/contract/explore.ts'
import type { TermField } from '#shared/domain/fields.ts'
import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Vector } from '../vectors/segments.ts'
import type { QueryWorld } from './evaluate.ts'

/** The outcome of each event by position, as ids of the terms `access` and `readOnly`. */
export type Outcomes = {
  readonly access: Vector
  readonly denied: number
  readonly failed: number
  readonly readOnly: Vector
  readonly read: number
  readonly write: number
}

/** No event carries this id: what is looked for is not in the dictionary. */
const NOWHERE = -1

export async function outcomesOf(index: EventIndex): Promise<Outcomes> {
  const [accessTerms, readOnlyTerms] = await Promise.all([index.terms('access'), index.terms('readOnly')])
  const id = (terms: readonly string[], text: string): number => terms.indexOf(text, 1) // -1 where absent
  return {
    access: await index.term('access'),
    denied: id(accessTerms, 'denied'),
    failed: id(accessTerms, 'failed'),
    readOnly: await index.term('readOnly'),
    read: id(readOnlyTerms, 'true'),
    write: id(readOnlyTerms, 'false'),
  }
}

/** What a walk over events says about each value of a field, by the id of the value; positions for first and last. */
export type Tally = {
  readonly texts: readonly (string | null)[]
  readonly count: Uint32Array
  readonly denied: Uint32Array
  readonly failed: Uint32Array
  readonly writes: Uint32Array
  /** -1 where the value does not occur. */
  readonly first: Int32Array
  readonly last: Int32Array
}

/** Walks the events once. Positions are in time order, so the first hit is the earliest event. */
export async function tally(index: EventIndex, outcomes: Outcomes, events: Bitmap, field: TermField): Promise<Tally> {
  const [vector, terms] = await Promise.all([index.term(field), index.terms(field)])
  const texts = terms.map((text, id) => (id === 0 ? null : text))
  return tallyOf({ texts, idAt: (p) => vector[p]! }, outcomes, events)
}

/** Values of events that need be no column: their texts by id (0: the event has none), and the id at each position. */
export type Values = { readonly texts: readonly (string | null)[]; readonly idAt: (position: number) => number }

/** Walks the events once and counts what they hold of these values. */
export function tallyOf({ texts, idAt }: Values, outcomes: Outcomes, events: Bitmap): Tally {
  const size = texts.length
  const t: Tally = {
    texts,
    count: new Uint32Array(size),
    denied: new Uint32Array(size),
    failed: new Uint32Array(size),
    writes: new Uint32Array(size),
    first: new Int32Array(size).fill(-1),
    last: new Int32Array(size).fill(-1),
  }
  const { access, denied, failed, readOnly, write } = outcomes
  events.each((p) => {
    const id = idAt(p)
    if (t.count[id]!++ === 0) t.first[id] = p
    t.last[id] = p
    const outcome = access[p]
    if (outcome === denied) t.denied[id]!++
    else if (outcome === failed) t.failed[id]!++
    if (readOnly[p] === write) t.writes[id]!++
  })
  return t
}

/** The time at a position; null where there is no position, or the time is unknown. */
export const timeOf = (index: EventIndex, position: number): number | null =>
  position < 0 ? null : (index.timeAt(position) ?? null)

export const valueCountOf = (index: EventIndex, t: Tally, id: number): ValueCount => ({
  value: t.texts[id] ?? '',
  count: t.count[id]!,
  denied: t.denied[id]!,
  firstMs: timeOf(index, t.first[id]!),
  lastMs: timeOf(index, t.last[id]!),
})

/** The ids that occur, absent values left out, most frequent first; the same count in the order of the texts. */
export function idsByCount(t: Tally): number[] {
  const ids: number[] = []
  for (let id = 1; id < t.count.length; id++) if (t.count[id]! > 0) ids.push(id)
  return ids.sort((a, b) => t.count[b]! - t.count[a]! || (t.texts[a]! < t.texts[b]! ? -1 : 1))
}

export function fieldCountsOf(index: EventIndex, t: Tally, field: string, most: number): FieldCounts {
  const ids = idsByCount(t)
  return {
    field,
    distinct: ids.length,
    absent: t.count[0] ?? 0,
    values: ids.slice(0, most).map((id) => valueCountOf(index, t, id)),
  }
}

/** The id of the most frequent value among the events, or 0 (absent) where there is none. */
export function mostFrequent(events: Bitmap, vector: Vector, size: number): number {
  const counts = new Uint32Array(size)
  events.each((p) => {
    counts[vector[p]!]!++
  })
  let best = 0
  for (let id = 1; id < size; id++) if (counts[id]! > (best === 0 ? 0 : counts[best]!)) best = id
  return best
}

/** What the questions here are asked of. */
export type Asked = {
  readonly world: QueryWorld
  readonly events: Bitmap
  readonly outcomes: Outcomes
  readonly signal: AbortSignal
}

export const occurs = (id: number): boolean => id !== NOWHERE
