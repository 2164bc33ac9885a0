import type { FieldCounts, ValueCount } from '#shared/contract/explore.ts'
import type { TermField } from '#shared/domain/fields.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Vector } from '../vectors/segments.ts'
import { countIds, countValues } from './count-events.ts'
import type { QueryWorld } from './evaluate.ts'
import { withNull } from './facet-vector.ts'
import { firstOf } from './first-of.ts'
import { firstPositions, lastPositions } from './value-edges.ts'

/** The events of the whole case by what came of them. The sets are shared: not to be changed. */
export type Outcomes = {
  readonly denied: Bitmap
  readonly failed: Bitmap
  readonly reads: Bitmap
  readonly writes: Bitmap
}

export async function outcomesOf(index: EventIndex): Promise<Outcomes> {
  const of = async (field: TermField, text: string): Promise<Bitmap> => {
    const id = (await index.terms(field)).indexOf(text, 1)
    return id < 0 ? new Bitmap(index.length) : (await index.termSets(field)).union([id])
  }
  return {
    denied: await of('access', 'denied'),
    failed: await of('access', 'failed'),
    reads: await of('readOnly', 'true'),
    writes: await of('readOnly', 'false'),
  }
}

type Counted = { readonly denied: Uint32Array; readonly failed: Uint32Array; readonly writes: Uint32Array }
/** Positions; -1 where the value does not occur. */
type Edges = { readonly first: Int32Array; readonly last: Int32Array }

type Parts = Counted & Edges
type Makers = { readonly [K in keyof Parts]: () => Parts[K] }

/** What events say about each value of a field, by the id of the value. Beside the counts, each is made when first asked for. */
export class Tally implements Parts {
  readonly texts: readonly (string | null)[]
  readonly count: Uint32Array
  readonly #make: Makers
  readonly #made: { -readonly [K in keyof Parts]?: Parts[K] } = {}

  constructor(texts: readonly (string | null)[], count: Uint32Array, make: Makers) {
    this.texts = texts
    this.count = count
    this.#make = make
  }

  get denied(): Uint32Array {
    return (this.#made.denied ??= this.#make.denied())
  }
  get failed(): Uint32Array {
    return (this.#made.failed ??= this.#make.failed())
  }
  get writes(): Uint32Array {
    return (this.#made.writes ??= this.#make.writes())
  }
  get first(): Int32Array {
    return (this.#made.first ??= this.#make.first())
  }
  get last(): Int32Array {
    return (this.#made.last ??= this.#make.last())
  }
}

/** Values of events: their texts by id (0: the event has none), and the ids by position. */
export type Values = {
  readonly texts: readonly (string | null)[]
  readonly vector: Vector
  /** Where several ids of the column say the same: the id that is meant, by id of the column. */
  readonly groups?: { readonly texts: readonly (string | null)[]; readonly of: Uint32Array }
  /** Where the values of other events say nothing. */
  readonly only?: Bitmap
}

export async function tally(index: EventIndex, outcomes: Outcomes, events: Bitmap, field: TermField): Promise<Tally> {
  const [vector, terms] = await Promise.all([index.term(field), index.terms(field)])
  return tallyOf(index, { vector, texts: withNull(terms) }, outcomes, events)
}

/** Counts what events hold of these values: each outcome is a walk over its own events only. */
export function tallyOf(index: EventIndex, values: Values, outcomes: Outcomes, among: Bitmap): Tally {
  const { texts, vector, groups, only } = values
  const events = only ? among.and(only) : among
  const count = countValues(index, events, values)
  const within = (outcome: Bitmap) => () => countIds(outcome.and(events), vector, texts.length)
  const t = new Tally(texts, count, {
    denied: within(outcomes.denied),
    failed: within(outcomes.failed),
    writes: within(outcomes.writes),
    first: () => firstPositions(events, vector, count),
    last: () => lastPositions(events, vector, count),
  })
  return groups ? folded(t, groups) : t
}

/** Sums up ids that say the same. */
function folded(t: Tally, { texts, of }: NonNullable<Values['groups']>): Tally {
  const summed = (counts: Uint32Array): Uint32Array => {
    const sums = new Uint32Array(texts.length)
    for (let id = 0; id < counts.length; id++) sums[of[id]!]! += counts[id]!
    return sums
  }
  const edge = (positions: Int32Array, isBetter: (p: number, than: number) => boolean): Int32Array => {
    const best = new Int32Array(texts.length).fill(-1)
    for (let id = 0; id < positions.length; id++) {
      const [p, group] = [positions[id]!, of[id]!]
      if (p >= 0 && (best[group] === -1 || isBetter(p, best[group]!))) best[group] = p
    }
    return best
  }
  return new Tally(texts, summed(t.count), {
    denied: () => summed(t.denied),
    failed: () => summed(t.failed),
    writes: () => summed(t.writes),
    first: () => edge(t.first, (p, than) => p < than),
    last: () => edge(t.last, (p, than) => p > than),
  })
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

/** More than so many are sorted as a whole: each that is picked moves those behind it. */
const MOST_PICKED = 2000

export type IdOrder = (a: number, b: number) => number

/** Most frequent first; the same count in the order of the texts. */
export const byCount =
  ({ count, texts }: Tally): IdOrder =>
  (a, b) =>
    count[b]! - count[a]! || (texts[a]! < texts[b]! ? -1 : 1)

/** How many values occur, and the first `most` of them in an order; absent values left out, as are those that do not fit. */
export function firstIds(
  { count }: Tally,
  most: number,
  order: IdOrder,
  fits: (id: number) => boolean = () => true,
): { readonly distinct: number; readonly found: number; readonly ids: readonly number[] } {
  let [distinct, found] = [0, 0]
  const passes = (id: number): boolean => {
    if (id === 0 || count[id] === 0) return false
    distinct++
    if (!fits(id)) return false
    found++
    return true
  }
  const ids =
    most > MOST_PICKED
      ? [...count.keys()].filter(passes).sort(order).slice(0, most)
      : firstOf(count.length, most, order, passes)
  return { distinct, found, ids }
}

export function fieldCountsOf(index: EventIndex, t: Tally, field: string, most: number): FieldCounts {
  const { distinct, ids } = firstIds(t, most, byCount(t))
  return { field, distinct, absent: t.count[0] ?? 0, values: ids.map((id) => valueCountOf(index, t, id)) }
}

/** The id of the most frequent value among the events, or 0 (absent) where there is none. */
export function mostFrequent(events: Bitmap, vector: Vector, size: number): number {
  const counts = countIds(events, vector, size)
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
