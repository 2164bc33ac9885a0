import { CommanderError, InvalidArgumentError, type Command } from 'commander'
import { parseUtc, type UtcMs } from '#shared/base/time.ts'

/**
 * `-errorCode:*` is a query, not an option: there are no options with one dash but -h and -V. The dash is hidden from
 * the option parser and put back by `restoreDashes`.
 */
const DASH = '\u0000'
export const protectDashes = (args: readonly string[]): string[] =>
  args.map((arg) => (/^-[^-]/.test(arg) && !['-h', '-V'].includes(arg) ? DASH + arg.slice(1) : arg))
const restore = (text: string): string => (text.startsWith(DASH) ? `-${text.slice(1)}` : text)

/** The same value with every hidden dash back in its place. */
export function restoreDashes<T>(value: T): T {
  if (typeof value === 'string') return restore(value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => restoreDashes(one)) as T
  return value
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  restore(value),
]

/** A time, as ISO 8601. @throws InvalidArgumentError, which becomes exit code 2. */
export function time(text: string): UtcMs {
  const ms = parseUtc(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a time like 2023-07-10T12:00Z or a day like 2023-07-10.')
  return ms
}

/** A whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const n = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(n) || n < least)
      throw new InvalidArgumentError(`Write a whole number from ${least} on.`)
    return n
  }

const spans: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `5m`, `1h`, `1d`: milliseconds. */
export function span(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text)
  const ms = match ? Number(match[1]) * (spans[match[2] ?? ''] ?? 0) : 0
  if (ms === 0) throw new InvalidArgumentError('Write a width such as 1m, 5m, 1h or 1d.')
  return ms
}

/** Ends a command that was written wrongly. */
export function wrongUsage(command: Command, message: string): never {
  throw new CommanderError(2, 'trailcase.usage', `${command.name()}: ${message}`)
}

/** `a,b , c` as field names. @throws InvalidArgumentError when there is none */
export function collectFields(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length === 0) throw new InvalidArgumentError('Write field names, parted by commas.')
  return names
}

/** `--sort`: oldest or newest first. */
export function sortOrder(text: string): 'eventTime' | '-eventTime' {
  const order = restore(text)
  if (order !== 'eventTime' && order !== '-eventTime')
    throw new InvalidArgumentError('Write eventTime (oldest first) or -eventTime (newest first).')
  return order
}
