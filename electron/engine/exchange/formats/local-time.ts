import type { UtcMs } from '#shared/base/time.ts'

const QUARTER = 900_000
const formatters = new Map<string, Intl.DateTimeFormat>()
let last = { zone: '', quarter: Number.NaN, offset: '' }

/**
 * The wall clock of a zone with its offset at that moment: `2023-07-10T14:03:44+02:00`. `zone` is an IANA name; an
 * unknown one is a bug of the caller and throws.
 */
export function localTime(time: UtcMs, zone: string): string {
  const offset = offsetAt(time, zone)
  const sign = offset.startsWith('-') ? -1 : 1
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)))
  return `${new Date(time + minutes * 60_000).toISOString().slice(0, 19)}${offset}`
}

/** `+02:00`. Clocks change on quarters of an hour, and events come in time order: the last answer mostly holds. */
function offsetAt(time: UtcMs, zone: string): string {
  const quarter = Math.floor(time / QUARTER)
  if (last.zone !== zone || last.quarter !== quarter) last = { zone, quarter, offset: computedOffset(time, zone) }
  return last.offset
}

function computedOffset(time: UtcMs, zone: string): string {
  const name = formatterFor(zone)
    .formatToParts(time)
    .find((part) => part.type === 'timeZoneName')?.value
  // `GMT+02:00`, and plain `GMT` for none. Zones before 1900 had seconds, which no event has.
  return name?.slice(3, 9) || '+00:00'
}

function formatterFor(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' })
  formatters.set(zone, made)
  return made
}
