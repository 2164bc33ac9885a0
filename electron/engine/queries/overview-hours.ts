import type { z } from 'zod'
import type { hourMark } from '#shared/contract/explore.ts'
import { ensure } from '#shared/base/assert.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Vector } from '../vectors/segments.ts'
import { mostFrequent, type Asked } from './entity-counts.ts'
import type { PairedColumn } from './value-pairs.ts'

export type HourMark = z.infer<typeof hourMark>
export const HOUR = 3_600_000
/** More pairs of caller and call than this are kept as a set of numbers instead of one bit for each possible pair. */
const MOST_BITS = 2 ** 29

/** The hours that stand out: most events, most calls new to their caller, most refusals. */
export async function markHours({
  world,
  events,
  outcomes,
}: Asked): Promise<{ busiest: HourMark | null; strangest: HourMark | null; deniedSpikes: HourMark[] }> {
  const { index } = world
  const [principals, calls] = await Promise.all([index.term('principal'), index.term('eventName')])
  const [names, callNames] = await Promise.all([index.terms('principal'), index.terms('eventName')])
  const dated = events.and(Bitmap.range(index.length, index.firstDated, index.length))
  const refused = dated.and(outcomes.denied)
  const [all, denied] = [perHour(index, dated, dated), perHour(index, dated, refused)]
  const fresh = freshPerHour(index, dated, { vector: principals, size: names.length }, calls, callNames.length)
  const mark = (hour: readonly [number, number], only: Bitmap): HourMark => {
    const who = names[mostFrequent(only, principals, names.length)]
    return { fromMs: hour[0] * HOUR, count: hour[1], who: who === undefined || who === '' ? null : who }
  }
  const inHour = (hour: number): Bitmap =>
    Bitmap.range(index.length, index.positionAt(hour * HOUR), index.positionAt((hour + 1) * HOUR))
  const most = (hours: ReadonlyMap<number, number>): [number, number] | undefined =>
    [...hours].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]
  const [busy, strange] = [most(all), most(fresh)]
  return {
    busiest: busy ? mark(busy, dated.and(inHour(busy[0]))) : null,
    strangest: strange ? mark(strange, dated.and(inHour(strange[0]))) : null,
    deniedSpikes: spikes(denied, all.size).map((hour) => mark(hour, refused.and(inHour(hour[0])))),
  }
}

const hourAt = (index: EventIndex, position: number): number =>
  Math.floor(ensure(index.timeAt(position), 'only events with a time are counted by hours') / HOUR)

/** How many of the events stand in each hour that has one of `dated`. An hour is a range of positions: two searches and a popcount. */
function perHour(index: EventIndex, dated: Bitmap, events: Bitmap): Map<number, number> {
  const hours = new Map<number, number>()
  for (let p = dated.next(0); p >= 0;) {
    const hour = hourAt(index, p)
    const end = index.positionAt((hour + 1) * HOUR)
    const count = events.count(p, end)
    if (count > 0) hours.set(hour, count)
    p = dated.next(end)
  }
  return hours
}

/** Calls that are new to their caller, per hour; in the first hour every call would be one, so it has none. */
function freshPerHour(
  index: EventIndex,
  dated: Bitmap,
  callers: PairedColumn,
  calls: Vector,
  callCount: number,
): Map<number, number> {
  const hours = new Map<number, number>()
  const begin = dated.next(0)
  if (begin < 0) return hours
  const first = hourAt(index, begin)
  const isNew = pairsSeen(callers.size, callCount)
  const { vector } = callers
  const { words } = dated
  for (let i = begin >>> 5; i < words.length; i++) {
    for (let word = words[i]!; word !== 0; word &= word - 1) {
      const p = (i << 5) + 31 - Math.clz32(word & -word)
      const caller = vector[p]!
      if (caller === 0 || !isNew(caller, calls[p]!)) continue
      const hour = hourAt(index, p)
      if (hour !== first) hours.set(hour, (hours.get(hour) ?? 0) + 1)
    }
  }
  return hours
}

/** Tells whether a caller makes a call for the first time. */
function pairsSeen(callers: number, calls: number): (caller: number, call: number) => boolean {
  if (callers * calls > MOST_BITS) {
    const seen = new Set<number>()
    return (caller, call) => {
      const before = seen.size
      seen.add(caller * calls + call)
      return seen.size > before
    }
  }
  const bits = new Uint32Array(((callers * calls) >>> 5) + 1)
  return (caller, call) => {
    const n = caller * calls + call
    const bit = 1 << (n & 31)
    if ((bits[n >>> 5]! & bit) !== 0) return false
    bits[n >>> 5]! |= bit
    return true
  }
}

/** Hours with at least five refusals and three times as many as an hour has on average: the largest five, in the order of time. */
function spikes(denied: ReadonlyMap<number, number>, hours: number): (readonly [number, number])[] {
  const mean = [...denied.values()].reduce((sum, n) => sum + n, 0) / Math.max(1, hours)
  return [...denied]
    .filter(([, n]) => n >= 5 && n >= 3 * mean)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, 5)
    .sort((a, b) => a[0] - b[0])
}

/** What a caller was refused and later got, by pairs: the moment of more power. */
export type Gained = {
  readonly principal: string
  readonly call: string
  readonly deniedAt: number
  readonly allowedAt: number
}

/** Pairs of caller and call that were refused first and allowed later, in the order of the first success. */
export async function deniedThenAllowed({ world, events, outcomes }: Asked): Promise<Gained[]> {
  const { index } = world
  const [principals, calls] = await Promise.all([index.term('principal'), index.term('eventName')])
  const [names, callNames] = await Promise.all([index.terms('principal'), index.terms('eventName')])
  const pairAt = (p: number): number => principals[p]! * callNames.length + calls[p]!
  // The first refusal of each pair; then, of the callers and calls that were ever refused, the first success after it.
  const refused = new Map<number, number>()
  const suspects = new Uint8Array(names.length)
  const tried = new Set<number>()
  events.and(outcomes.denied).each((p) => {
    if (principals[p] === 0 || refused.has(pairAt(p))) return
    refused.set(pairAt(p), p)
    suspects[principals[p]!] = 1
    tried.add(calls[p]!)
  })
  if (refused.size === 0) return []
  tried.delete(0)
  const allowed = events
    .and((await index.termSets('eventName')).union([...tried]))
    .andNot(outcomes.denied)
    .andNot(outcomes.failed)
  const gained: Gained[] = []
  allowed.each((p) => {
    if (suspects[principals[p]!] === 0) return
    const pair = pairAt(p)
    const before = refused.get(pair)
    if (before === undefined || before > p) return
    refused.delete(pair)
    gained.push({ principal: names[principals[p]!]!, call: callNames[calls[p]!]!, deniedAt: before, allowedAt: p })
  })
  return gained
}
