import { failed, ok, type Result } from './result.ts'

/** A display zone: what it is called and how far it stands from UTC, in minutes, at a given moment (ms since 1970 UTC). */
export type Zone = { readonly name: string; readonly offsetMinutes: (utc: number) => number }

export const UTC: Zone = { name: 'UTC', offsetMinutes: () => 0 }

const HOUR = 3_600_000

/** The zone of an IANA name such as `Europe/Berlin`, daylight saving included. Fails with `unknown-zone`. */
export function ianaZone(name: string): Result<Zone, 'unknown-zone'> {
  if (name === 'UTC') return ok(UTC)
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return failed('unknown-zone', `There is no time zone called ${name}. Use a name such as Europe/Berlin.`)
  }
  // No zone changes its offset inside a quarter of an hour; asking Intl for every row would cost 10 microseconds each.
  const known = new Map<number, number>()
  const offsetMinutes = (utc: number): number => {
    const quarter = Math.floor(utc / (HOUR / 4))
    let offset = known.get(quarter)
    if (offset === undefined) {
      if (known.size > 4096) known.clear()
      offset = parseOffset(format.formatToParts(quarter * (HOUR / 4)))
      known.set(quarter, offset)
    }
    return offset
  }
  return ok({ name, offsetMinutes })
}

function parseOffset(parts: readonly Intl.DateTimeFormatPart[]): number {
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /([+-])(\d\d):(\d\d)/.exec(text)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

/** `Z` for zero, else `+05:30`. */
export function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z'
  const whole = Math.abs(minutes)
  const pad = (n: number): string => String(n).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`
}

/**
 * A moment as on screen: `2023-07-10 12:03:44Z`, or `2023-07-10 14:03:44+02:00` in another zone: never without its offset.
 * Milliseconds are shown only when there are any.
 */
export function timeText(utc: number, zone: Zone = UTC): string {
  const offset = zone.offsetMinutes(utc)
  const shifted = new Date(utc + offset * 60_000)
  if (Number.isNaN(shifted.getTime())) return 'no time'
  const iso = shifted.toISOString().slice(0, -1).replace('T', ' ')
  return `${iso.endsWith('.000') ? iso.slice(0, -4) : iso}${offsetText(offset)}`
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: two units at most. Input in ms; below a second is `0 s`. */
export function durationText(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  const pair = (a: number, unitA: string, b: number, unitB: string): string =>
    b === 0 ? `${a} ${unitA}` : `${a} ${unitA} ${b} ${unitB}`
  if (s < 60) return `${s} s`
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's')
  if (s < 86_400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min')
  return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h')
}
