import { parseUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { keyPrefix, keyFromAwsLogs, parseDigestKey, parseLogKey } from '../integrity/key-path.ts'

/**
 * What the key of an object tells before anything is read (user guide, "Finding your CloudTrail log files"):
 *
 *     [P/]AWSLogs/[o-id/]ACCOUNT/KIND/REGION/YYYY/MM/DD/NAME
 *     [P/]AWSLogs/ACCOUNT/CloudTrail-Lake/Query/YYYY/MM/DD/QUERY-ID/NAME
 */
export type KeyLayout = {
  readonly prefix: string
  readonly organization: string
  readonly account: string
  readonly kind: string
  /** Empty for saved results of CloudTrail Lake. */
  readonly region: string
  /** Midnight of the day folder, if there is one. */
  readonly day: UtcMs | null
  /** When it was delivered, to the minute, if the name is one of CloudTrail's. */
  readonly delivered: UtcMs | null
}

export const LAKE = 'CloudTrail-Lake'
export const DIGEST = 'CloudTrail-Digest'
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/

export const isOrganization = (folder: string): boolean => ORGANIZATION.test(folder)
export const isTrailKind = (folder: string): boolean => folder === 'CloudTrail' || folder.startsWith('CloudTrail-')

/** `undefined` for a key that does not lie in a folder of CloudTrail. */
export function layoutOf(key: string): KeyLayout | undefined {
  const [aws, ...folders] = keyFromAwsLogs(key).split('/')
  if (aws !== 'AWSLogs') return undefined
  const organization = isOrganization(folders[0] ?? '') ? folders.shift()! : ''
  const [account, kind, region, year, month, day] = folders
  if (account === undefined || account === '' || kind === undefined || !isTrailKind(kind)) return undefined
  if (region === undefined || region === '') return undefined
  return {
    prefix: keyPrefix(key),
    organization,
    account,
    kind,
    region: kind === LAKE ? '' : region,
    day: parseUtc(`${year ?? ''}-${month ?? ''}-${day ?? ''}`) ?? null,
    delivered: parseLogKey(key)?.delivered ?? parseDigestKey(key)?.end ?? null,
  }
}

/** `2024-05-01`. */
export const dayText = (day: UtcMs): string => new Date(day).toISOString().slice(0, 10)
/** `2024/05/01`, as in keys. */
export const dayFolder = (time: UtcMs): string => dayText(time).replaceAll('-', '/')

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
/** Log files may be delivered a day after their last event in practice, and are looked for that long after the range. */
const LATE_LOG_MS = DAY_MS
/** A digest comes up to two hours after the files it lists (documentation of `aws cloudtrail list-public-keys`). */
const LATE_DIGEST_MS = LATE_LOG_MS + 2 * HOUR_MS

export type Selection = {
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
  readonly kinds: readonly string[]
  readonly from?: UtcMs | undefined
  readonly to?: UtcMs | undefined
}

export const wantsAccount = (s: Selection, account: string): boolean =>
  s.accounts.length === 0 || s.accounts.includes(account)
export const wantsRegion = (s: Selection, region: string): boolean =>
  s.regions.length === 0 || region === '' || s.regions.includes(region)
export const wantsKind = (s: Selection, kind: string): boolean =>
  isTrailKind(kind) && (s.kinds.length === 0 || s.kinds.includes(kind))

/** The last delivery that is looked for, or nothing when the range is open. */
export const lastDelivery = (s: Selection, kind: string): UtcMs | undefined =>
  s.to === undefined ? undefined : utcMs(s.to + (kind === DIGEST ? LATE_DIGEST_MS : LATE_LOG_MS))

/** Whether an object fits, by its key alone. What has no time of its own counts with the day of its folder. */
export function wantsKey(s: Selection, at: KeyLayout): boolean {
  if (!wantsAccount(s, at.account) || !wantsRegion(s, at.region) || !wantsKind(s, at.kind)) return false
  const first = at.delivered ?? at.day
  if (first === null) return true
  const last = at.delivered ?? utcMs(first + DAY_MS - 1)
  const end = lastDelivery(s, at.kind)
  return (s.from === undefined || last >= s.from) && (end === undefined || first <= end)
}
