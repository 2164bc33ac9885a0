import type { z } from 'zod'
import type { hourMark } from '#shared/contract/explore.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { Vector } from '../vectors/segments.ts'
import { mostFrequent, occurs, type Asked } from './entity-counts.ts'

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
  const all = new Map<number, number>()
  const fresh = new Map<number, number>()
  const denied = new Map<number, number>()
  const isNew = pairsSeen(names.length, callNames.length)
  let first: number | undefined
  const add = (hours: Map<number, number>, hour: number): void => void hours.set(hour, (hours.get(hour) ?? 0) + 1)
  events.each((p) => {
    const time = index.timeAt(p)
    if (time === undefined) return
    const hour = Math.floor(time / HOUR)
    first ??= hour
    add(all, hour)
    if (occurs(outcomes.denied) && outcomes.access[p] === outcomes.denied) add(denied, hour)
    if (principals[p] !== 0 && isNew(principals[p]!, calls[p]!)) add(fresh, hour)
  })
  // In the first hour every call is a first one.
  if (first !== undefined) fresh.delete(first)
  const mark = (hour: readonly [number, number], only: Bitmap, counts: Vector): HourMark => {
    const who = names[mostFrequent(only, counts, names.length)]
    return { fromMs: hour[0] * HOUR, count: hour[1], who: who === undefined || who === '' ? null : who }
  }
  const inHour = (hour: number): Bitmap =>
    events.and(Bitmap.range(index.length, index.positionAt(hour * HOUR), index.positionAt((hour + 1) * HOUR)))
  const most = (hours: ReadonlyMap<number, number>): [number, number] | undefined =>
    [...hours].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]
  const [busy, strange] = [most(all), most(fresh)]
  return {
    busiest: busy ? mark(busy, inHour(busy[0]), principals) : null,
    strangest: strange ? mark(strange, inHour(strange[0]), principals) : null,
    deniedSpikes: spikes(denied, all.size).map((hour) =>
      mark(hour, deniedIn(inHour(hour[0]), outcomes.access, outcomes.denied), principals),
    ),
  }
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

function deniedIn(events: Bitmap, access: Vector, denied: number): Bitmap {
  const out = new Bitmap(events.length)
  events.each((p) => {
    if (access[p] === denied) out.add(p)
  })
  return out
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
  if (!occurs(outcomes.denied)) return []
  const [principals, calls] = await Promise.all([index.term('principal'), index.term('eventName')])
  const [names, callNames] = await Promise.all([index.terms('principal'), index.terms('eventName')])
  const refused = new Map<number, number>()
  const gained: Gained[] = []
  const suspects = new Uint8Array(names.length)
  events.each((p) => {
    const principal = principals[p]!
    const isDenied = outcomes.access[p] === outcomes.denied
    if (principal === 0 || (!isDenied && suspects[principal] === 0)) return
    const pair = principal * callNames.length + calls[p]!
    if (isDenied) {
      suspects[principal] = 1
      if (!refused.has(pair)) refused.set(pair, p)
      return
    }
    const before = refused.get(pair)
    if (before === undefined || before < 0 || outcomes.access[p] === outcomes.failed) return
    refused.set(pair, -1)
    gained.push({ principal: names[principal]!, call: callNames[calls[p]!]!, deniedAt: before, allowedAt: p })
  })
  return gained
}
