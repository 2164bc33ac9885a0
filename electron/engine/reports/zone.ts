import { utcMs, type UtcMs } from '#shared/base/time.ts'

/** A change of a zone's offset: the first instant with the new offset, offsets in minutes east of UTC. */
export type OffsetChange = { readonly at: UtcMs; readonly before: number; readonly after: number }

/** A time zone with its rules, as far as a report needs them. */
export type Zone = {
  readonly name: string
  /** Minutes east of UTC at that instant. */
  readonly offsetAt: (time: UtcMs) => number
  /** The next change of offset after `from` and not after `to`. Finds every change that lasts a week or more. */
  readonly nextChange: (from: UtcMs, to: UtcMs) => OffsetChange | undefined
}

const WEEK = 7 * 86_400_000

/** Opens an IANA zone. A name that this runtime does not know gives `undefined`. */
export function openZone(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  const offsetAt = (time: UtcMs): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(time)) part[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    const wall = Date.UTC(year, month - 1, day, hour, minute, second)
    return Math.round((wall - Math.floor(time / 1000) * 1000) / 60_000)
  }
  const nextChange = (from: UtcMs, to: UtcMs): OffsetChange | undefined => {
    if (isUtc(name)) return undefined
    for (let start: number = from; start < to; start += WEEK) {
      const end = Math.min(start + WEEK, to)
      if (offsetAt(utcMs(start)) !== offsetAt(utcMs(end))) return locateChange(start, end, offsetAt)
    }
    return undefined
  }
  return { name, offsetAt, nextChange }
}

export const isUtc = (name: string): boolean => name === 'UTC' || name === 'Etc/UTC'

/** Halves the span until the change is known to the second. */
function locateChange(from: number, to: number, offsetAt: (time: UtcMs) => number): OffsetChange {
  const before = offsetAt(utcMs(from))
  let [low, high] = [Math.floor(from / 1000), Math.floor(to / 1000)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(utcMs(middle * 1000)) === before) low = middle
    else high = middle
  }
  return { at: utcMs(high * 1000), before, after: offsetAt(utcMs(high * 1000)) }
}

/** `+02:00`, `-03:30`. */
export function formatOffset(minutes: number): string {
  const size = Math.abs(minutes)
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** The wall-clock reading: `{ day: '2023-07-10', clock: '14:03:44', offset: '+02:00' }`. */
export function localReading(
  time: UtcMs,
  zone: Zone,
): { readonly day: string; readonly clock: string; readonly offset: string } {
  const minutes = zone.offsetAt(time)
  const wall = new Date(time + minutes * 60_000).toISOString()
  return { day: wall.slice(0, 10), clock: wall.slice(11, 19), offset: formatOffset(minutes) }
}

/** The line that stands on every page: `All times UTC; local = Europe/Berlin (UTC+01:00/+02:00)`. */
export function zoneStatement(zone: Zone, period: { readonly from: UtcMs; readonly to: UtcMs } | null): string {
  if (isUtc(zone.name)) return 'All times UTC'
  const year = new Date(period?.from ?? 0).getUTCFullYear()
  const offsets = new Set([0, 3, 6, 9].map((month) => zone.offsetAt(utcMs(Date.UTC(year, month, 1)))))
  if (period) for (const time of [period.from, period.to]) offsets.add(zone.offsetAt(time))
  const list = [...offsets].sort((a, b) => a - b).map(formatOffset)
  return `All times UTC; local = ${zone.name} (UTC${list.join('/')})`
}
