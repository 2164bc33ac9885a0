import { displayUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { counted } from '#shared/base/count.ts'
import type { ReportTimeline, TimelineRow } from '#shared/domain/report.ts'
import { formatOffset, type Zone } from './zone.ts'

/** What the timeline table shows, from top to bottom. */
export type TimelineItem =
  | { readonly kind: 'day'; readonly text: string }
  | { readonly kind: 'gap'; readonly text: string }
  | { readonly kind: 'clock-change'; readonly text: string }
  | { readonly kind: 'event'; readonly number: number; readonly row: TimelineRow; readonly sameSecond: boolean }

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const dayOf = (time: UtcMs): string => new Date(time).toISOString().slice(0, 10)
const secondOf = (time: UtcMs): number => Math.floor(time / 1000)

/**
 * Rows with the day headings, pauses and clock changes between them.
 *
 *     2023-07-10 Monday, 2 events
 *       1  12:03:44Z  ConsoleLogin
 *       2  12:03:44Z= AssumeRole         same second
 *     no events in selected data 12:03 to 18:20 (6 h 17 min)
 *     2023-07-11 Tuesday, 1 event …
 *
 * Works for both sort directions. Every row comes out once, in the order given.
 */
export function timelineItems(timeline: ReportTimeline, zone: Zone): TimelineItem[] {
  const { rows, gapMs } = timeline
  const perDay = new Map<string, number>()
  for (const row of rows) perDay.set(dayOf(row.time), (perDay.get(dayOf(row.time)) ?? 0) + 1)
  const items: TimelineItem[] = []
  rows.forEach((row, index) => {
    const previous = rows[index - 1]
    if (previous) items.push(...between(previous.time, row.time, gapMs, zone))
    const day = dayOf(row.time)
    if (!previous || dayOf(previous.time) !== day) {
      const weekday = WEEKDAYS[new Date(row.time).getUTCDay()] ?? ''
      items.push({ kind: 'day', text: `${day} ${weekday}, ${counted(perDay.get(day) ?? 0, 'event')}` })
    }
    const next = rows[index + 1]
    const same = (other: TimelineRow | undefined) => other !== undefined && secondOf(other.time) === secondOf(row.time)
    items.push({ kind: 'event', number: index + 1, row, sameSecond: same(previous) || same(next) })
  })
  return items
}

function between(before: UtcMs, after: UtcMs, gapMs: number, zone: Zone): TimelineItem[] {
  const items: TimelineItem[] = []
  const [from, to] = before <= after ? [before, after] : [after, before]
  if (to - from >= gapMs) {
    items.push({ kind: 'gap', text: `no events in selected data ${span(from, to)} (${duration(to - from)})` })
  }
  for (let change = zone.nextChange(from, to); change; change = zone.nextChange(change.at, to)) {
    const offsets = `from UTC${formatOffset(change.before)} to UTC${formatOffset(change.after)}`
    items.push({ kind: 'clock-change', text: `${zone.name} changes ${offsets} at ${displayUtc(change.at)}` })
  }
  return before <= after ? items : items.reverse()
}

/** `03:10 to 09:42` within a day, with the days otherwise. UTC. */
function span(from: UtcMs, to: UtcMs): string {
  const minute = (time: UtcMs) => new Date(time).toISOString().slice(11, 16)
  if (dayOf(from) === dayOf(to)) return `${minute(from)} to ${minute(to)}`
  return `${dayOf(from)} ${minute(from)} to ${dayOf(to)} ${minute(to)}`
}

/** `45 min`, `6 h 17 min`, `3 d 4 h`. */
function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`
  const hours = Math.floor(minutes / 60)
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`
}

/** The long texts of a timeline, each once, numbered in order of appearance: `P1` full ARN, `U1` user agent. */
export type TimelineNotes = {
  readonly principals: ReadonlyMap<string, string>
  readonly userAgents: ReadonlyMap<string, string>
}

export function timelineNotes(rows: readonly TimelineRow[]): TimelineNotes {
  const principals = new Map<string, string>()
  const userAgents = new Map<string, string>()
  for (const row of rows) {
    if (row.whoFull !== '' && row.whoFull !== row.who && !principals.has(row.whoFull)) {
      principals.set(row.whoFull, `P${principals.size + 1}`)
    }
    if (row.userAgent !== '' && !userAgents.has(row.userAgent)) userAgents.set(row.userAgent, `U${userAgents.size + 1}`)
  }
  return { principals, userAgents }
}

/** The period that the rows span; null without rows. */
export function rowPeriod(rows: readonly TimelineRow[]): { readonly from: UtcMs; readonly to: UtcMs } | null {
  if (rows.length === 0) return null
  let [from, to] = [Infinity, -Infinity]
  for (const { time } of rows) {
    from = Math.min(from, time)
    to = Math.max(to, time)
  }
  return { from: utcMs(from), to: utcMs(to) }
}
