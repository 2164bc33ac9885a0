import type { Zone } from '#shared/base/zone.ts'

/** A span of time in ms since 1970 UTC; `to` is not part of it. */
export type TimeRange = { readonly from: number; readonly to: number }

/** A tick: where it stands (ms UTC), what is written under it, and whether it starts a larger unit (a day, a year). */
export type TimeTick = { readonly at: number; readonly label: string; readonly major: boolean }

const S = 1000
const M = 60 * S
const H = 60 * M
const D = 24 * H
const STEPS = [
  S,
  2 * S,
  5 * S,
  10 * S,
  15 * S,
  30 * S,
  M,
  2 * M,
  5 * M,
  10 * M,
  15 * M,
  30 * M,
  H,
  2 * H,
  3 * H,
  6 * H,
  12 * H,
  D,
  2 * D,
  7 * D,
]
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 600, 1200]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Ticks for a time axis of `width` pixels, at round moments of the given zone, at most one per `spacing` pixels:
 *
 *     22:00    23:00    Jul 11    01:00
 */
export function timeTicks(range: TimeRange, width: number, zone: Zone, spacing = 84): readonly TimeTick[] {
  const span = range.to - range.from
  if (!(span > 0) || !(width > 0)) return []
  const least = (span / width) * spacing
  const step = STEPS.find((candidate) => candidate >= least)
  return step === undefined ? monthTicks(range, least, zone) : stepTicks(range, step, zone)
}

function stepTicks(range: TimeRange, step: number, zone: Zone): TimeTick[] {
  const ticks: TimeTick[] = []
  const offset = zone.offsetMinutes(range.from) * M
  for (let local = Math.ceil((range.from + offset) / step) * step; ; local += step) {
    // The offset may change inside the range: a tick stands where the wall clock shows a round time.
    const guess = local - offset
    const at = local - zone.offsetMinutes(guess) * M
    if (at >= range.to) return ticks
    const day = local % D === 0
    if (at >= range.from)
      ticks.push({ at, label: day ? dayLabel(local) : clockLabel(local, step), major: day && step < D })
  }
}

function monthTicks(range: TimeRange, least: number, zone: Zone): TimeTick[] {
  const months = MONTH_STEPS.find((n) => n * 30.4 * D >= least) ?? 1200
  const start = new Date(range.from + zone.offsetMinutes(range.from) * M)
  const first = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months
  const ticks: TimeTick[] = []
  for (let n = first; ; n += months) {
    const local = Date.UTC(Math.floor(n / 12), n % 12, 1)
    const at = local - zone.offsetMinutes(local) * M
    if (at >= range.to || Number.isNaN(at)) return ticks
    const january = n % 12 === 0
    if (at >= range.from)
      ticks.push({ at, label: january ? String(Math.floor(n / 12)) : MONTHS[n % 12]!, major: january && months < 12 })
  }
}

function dayLabel(local: number): string {
  const date = new Date(local)
  return `${MONTHS[date.getUTCMonth()]!} ${date.getUTCDate()}`
}

const clockLabel = (local: number, step: number): string => new Date(local).toISOString().slice(11, step < M ? 19 : 16)
