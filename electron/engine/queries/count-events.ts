import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { FacetVector } from './facet-vector.ts'

export type Group = { key: (string | null)[]; count: number; firstMs: number | null; lastMs: number | null }

/**
 * Counts events by the values of up to four fields. Events stand in time order, so the first hit of a group is its
 * earliest event and the last its latest.
 */
export function countGroups(index: EventIndex, events: Bitmap, fields: readonly FacetVector[]): Group[] {
  if (fields.length === 1) return countOne(index, events, fields[0]!)
  const groups = new Map<string, { ids: number[]; count: number; first: number; last: number }>()
  events.each((p) => {
    const ids = fields.map((f) => f.vector[p]!)
    const key = ids.join(',')
    const group = groups.get(key)
    if (group) {
      group.count++
      group.last = p
    } else groups.set(key, { ids, count: 1, first: p, last: p })
  })
  return [...groups.values()]
    .map((g) =>
      toGroup(
        index,
        g.ids.map((id, n) => fields[n]!.texts[id] ?? null),
        g.count,
        g.first,
        g.last,
      ),
    )
    .sort(byCount)
}

function countOne(index: EventIndex, events: Bitmap, { vector, texts }: FacetVector): Group[] {
  const counts = new Uint32Array(texts.length)
  const first = new Int32Array(texts.length).fill(-1)
  const last = new Int32Array(texts.length)
  events.each((p) => {
    const id = vector[p]!
    counts[id]!++
    if (first[id] === -1) first[id] = p
    last[id] = p
  })
  const groups: Group[] = []
  for (let id = 0; id < counts.length; id++)
    if (counts[id]! > 0) groups.push(toGroup(index, [texts[id] ?? null], counts[id]!, first[id]!, last[id]!))
  return groups.sort(byCount)
}

/** How often each id occurs, without the times: the fast path of facets. */
export function countIds(events: Bitmap, vector: FacetVector['vector'], size: number): Uint32Array {
  const counts = new Uint32Array(size)
  const words = events.words
  for (let i = 0, base = 0; i < words.length; i++, base += 32) {
    let word = words[i]!
    if (word === 0xffffffff) {
      for (let p = base; p < base + 32; p++) counts[vector[p]!]!++
      continue
    }
    while (word !== 0) {
      counts[vector[base + 31 - Math.clz32(word & -word)]!]!++
      word &= word - 1
    }
  }
  return counts
}

const ofAll = new WeakMap<object, Uint32Array>()

/**
 * How often each id occurs among events that count. What is known of all of them is kept, so that at most half of the
 * events are walked: for most of a case, its rest is counted and taken off. The counts are shared: not to be changed.
 */
export function countValues(
  index: EventIndex,
  events: Bitmap,
  { vector, texts }: Pick<FacetVector, 'vector' | 'texts'>,
): Uint32Array {
  const count = events.count()
  if (count * 2 <= index.total) return countIds(events, vector, texts.length)
  const all = ofAll.get(vector) ?? countIds(index.visible, vector, texts.length)
  ofAll.set(vector, all)
  if (count === index.total) return all
  const rest = countIds(index.visible.andNot(events), vector, texts.length)
  return all.map((n, id) => n - rest[id]!)
}

/** Counts by buckets of `everyMs`, aligned to the epoch in UTC; empty buckets are left out. */
export function countEvery(
  index: EventIndex,
  events: Bitmap,
  everyMs: number,
  fields: readonly FacetVector[],
): (Group & { startMs: number })[] {
  const groups = new Map<string, { start: number; ids: number[]; count: number; first: number; last: number }>()
  events.each((p) => {
    const t = index.timeAt(p)
    if (t === undefined) return
    const start = Math.floor(t / everyMs) * everyMs
    const ids = fields.map((f) => f.vector[p]!)
    const key = `${start},${ids.join(',')}`
    const group = groups.get(key)
    if (group) {
      group.count++
      group.last = p
    } else groups.set(key, { start, ids, count: 1, first: p, last: p })
  })
  return [...groups.values()].map((g) => ({
    startMs: g.start,
    ...toGroup(
      index,
      g.ids.map((id, n) => fields[n]!.texts[id] ?? null),
      g.count,
      g.first,
      g.last,
    ),
  }))
}

const toGroup = (index: EventIndex, key: (string | null)[], count: number, first: number, last: number): Group => ({
  key,
  count,
  firstMs: index.timeAt(first) ?? null,
  lastMs: index.timeAt(last) ?? null,
})

/** Most frequent first; the same count in the order of the texts, so that answers are repeatable. */
const byCount = (a: Group, b: Group): number => b.count - a.count || compareKeys(a.key, b.key)

function compareKeys(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  const [x, y] = [a.map((k) => k ?? '').join('\u0000'), b.map((k) => k ?? '').join('\u0000')]
  return x < y ? -1 : x > y ? 1 : 0
}
