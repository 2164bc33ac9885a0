import type { Brand } from './brand.ts'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMs = Brand<number, 'UtcMs'>
/** Takes a number on trust: the caller knows that it is UTC milliseconds. */
export const utcMs = (raw: number): UtcMs => raw as UtcMs

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z$/
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/

/**
 * Parses an ISO 8601 time as AWS and its tools write it: `2023-07-10T12:03:44Z`, with fraction, with offset, with a blank
 * for the `T`, in the basic form `20230710T120344Z`, or a bare day. A time without zone is read as UTC.
 * A leap second `:60` becomes the next second. Anything else gives `undefined`.
 */
export function parseUtc(text: string): UtcMs | undefined {
  const t = text.trim()
  const day = DAY.exec(t)
  if (day) return fromParts(day[1]!, day[2]!, day[3]!, '0', '0', '0', undefined, undefined)
  const iso = ISO.exec(t)
  if (iso) return fromParts(iso[1]!, iso[2]!, iso[3]!, iso[4]!, iso[5]!, iso[6] ?? '0', iso[7], iso[8])
  const basic = BASIC.exec(t)
  if (basic)
    return fromParts(basic[1]!, basic[2]!, basic[3]!, basic[4]!, basic[5]!, basic[6] ?? '0', undefined, undefined)
  return undefined
}

function fromParts(
  y: string,
  mo: string,
  d: string,
  h: string,
  mi: string,
  s: string,
  fraction: string | undefined,
  zone: string | undefined,
): UtcMs | undefined {
  const [month, dayOfMonth, hour, minute, second] = [Number(mo), Number(d), Number(h), Number(mi), Number(s)]
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31 || hour > 24 || minute > 59 || second > 60)
    return undefined
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000)
  const utc = Date.UTC(Number(y), month - 1, dayOfMonth, hour, minute, second, ms)
  if (new Date(Date.UTC(Number(y), month - 1, dayOfMonth)).getUTCDate() !== dayOfMonth) return undefined
  if (zone === undefined || zone === 'Z' || zone === 'z') return utcMs(utc)
  const sign = zone.startsWith('-') ? -1 : 1
  const offset = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
  return utcMs(utc - offset * 60_000)
}

/** `2023-07-10T12:03:44Z`, with milliseconds only when there are any. */
export function formatUtc(time: UtcMs): string {
  const iso = new Date(time).toISOString()
  return iso.endsWith('.000Z') ? `${iso.slice(0, 19)}Z` : iso
}

/** As on screen and in print: `2023-07-10 12:03:44Z`. */
export const displayUtc = (time: UtcMs): string => formatUtc(time).replace('T', ' ')
