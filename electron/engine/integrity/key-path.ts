import { parseUtc, type UtcMs } from '#shared/base/time.ts'

/**
 * Names of log and digest files as CloudTrail gives them in S3 (user guide, "CloudTrail log file name format" and
 * "digest file name format"). Read from both ends, because a trail name may contain `_` and `.`:
 *
 *     [P/]AWSLogs/[o-id/]ACCOUNT/CloudTrail/REGION/Y/M/D/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_UNIQUE.json.gz
 *     [P/]AWSLogs/[o-id/]ACCOUNT/CloudTrail-Digest/REGION/Y/M/D/ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_YYYYMMDDTHHMMSSZ[_backfill].json.gz
 *
 * A flat folder with only the last part is understood too.
 */
export type LogKind = 'CloudTrail' | 'CloudTrail-Insight' | 'CloudTrail-NetworkActivity' | 'CloudTrail-Aggregated'

export type LogKey = {
  readonly kind: LogKind
  readonly account: string
  /** The organization of an organization trail's folder; empty otherwise. */
  readonly org: string
  readonly region: string
  /** The minute of delivery. */
  readonly delivered: UtcMs
}

export type DigestKey = {
  readonly account: string
  readonly org: string
  /** The region whose events are digested. */
  readonly region: string
  readonly trail: string
  readonly homeRegion: string
  readonly end: UtcMs
  readonly backfill: boolean
}

const KINDS: readonly string[] = [
  'CloudTrail',
  'CloudTrail-Insight',
  'CloudTrail-NetworkActivity',
  'CloudTrail-Aggregated',
]
const ACCOUNT = /^[A-Za-z0-9-]{1,64}$/
const REGION = /^[a-z0-9-]{1,40}$/
const ORG = /^o-[a-z0-9]{10,32}$/
/** S3 keys have at most 1024 bytes; a name that is much longer is not one. */
const LONGEST_NAME = 1024

/** What the name of a log file tells, or `undefined` when it is not CloudTrail's. `\` is taken for `/`. */
export function parseLogKey(path: string): LogKey | undefined {
  const { folders, name } = splitPath(path)
  const [account, kind, region, ...rest] = name.split('_')
  if (account === undefined || kind === undefined || region === undefined) return undefined
  if (!ACCOUNT.test(account) || !KINDS.includes(kind) || !REGION.test(region)) return undefined
  // Names of before 2015 have no `_` between the minute and the unique part.
  const tail = /^(\d{8}T\d{4}Z)_?([A-Za-z0-9]{1,64})\.json(?:\.gz)?$/.exec(rest.join('_'))
  const delivered = tail && parseUtc(tail[1]!)
  if (delivered === undefined || delivered === null) return undefined
  return { kind: kind as LogKind, account, org: organization(folders, account), region, delivered }
}

/** What the name of a digest tells, or `undefined` when it is not CloudTrail's. */
export function parseDigestKey(path: string): DigestKey | undefined {
  const { folders, name } = splitPath(path)
  const [account, kind, region, ...rest] = name.split('_')
  if (account === undefined || region === undefined || kind !== 'CloudTrail-Digest') return undefined
  if (!ACCOUNT.test(account) || !REGION.test(region)) return undefined
  const tail = /^(\d{8}T\d{6}Z)(_backfill)?\.json(?:\.gz)?$/
  const last = rest.at(-1)?.startsWith('backfill.') === true ? rest.splice(-2).join('_') : rest.pop()
  const homeRegion = rest.pop()
  const end = last === undefined ? null : tail.exec(last)
  const time = end && parseUtc(end[1]!)
  if (time === undefined || time === null || !end || homeRegion === undefined || !REGION.test(homeRegion))
    return undefined
  const trail = rest.join('_')
  if (trail === '') return undefined
  return {
    account,
    org: organization(folders, account),
    region,
    trail,
    homeRegion,
    end: time,
    backfill: end[2] !== undefined,
  }
}

/**
 * The part of a path that is the same in the bucket and in every copy: from the last folder `AWSLogs` on, else the bare
 * name, without `.gz` (browsers and tools decompress on download).
 */
export function comparableKey(path: string): string {
  const plain = withoutGz(slashes(path))
  const at = awsLogsAt(plain)
  return at < 0 ? plain.slice(plain.lastIndexOf('/') + 1) : plain.slice(at)
}

/** The object key from `AWSLogs/` on, as written; the whole path when there is no such folder. */
export function keyFromAwsLogs(path: string): string {
  const plain = slashes(path)
  const at = awsLogsAt(plain)
  return at < 0 ? plain : plain.slice(at)
}

/** The prefix before `AWSLogs/` of an object key, with its slash; empty when there is none. */
export function keyPrefix(key: string): string {
  const at = awsLogsAt(key)
  return at <= 0 ? '' : key.slice(0, at)
}

/** The last part of a path, without `.gz`. */
export const comparableName = (path: string): string => {
  const plain = withoutGz(slashes(path))
  return plain.slice(plain.lastIndexOf('/') + 1)
}

/** Whether a path is the given object key, or ends with it below some folder. */
export function pathHasKey(path: string, key: string): boolean {
  const [p, k] = [withoutGz(slashes(path)), withoutGz(key)]
  return p === k || (p.endsWith(k) && p[p.length - k.length - 1] === '/')
}

const slashes = (path: string): string => (path.includes('\\') ? path.replaceAll('\\', '/') : path)
const withoutGz = (path: string): string => (path.endsWith('.gz') ? path.slice(0, -3) : path)

/** Where the last folder `AWSLogs/` begins, or -1. Searched forwards, which is several times as fast as backwards. */
function awsLogsAt(path: string): number {
  let last = -1
  for (let at = path.indexOf(AWS_LOGS); at >= 0; at = path.indexOf(AWS_LOGS, at + 1))
    if (at === 0 || path[at - 1] === '/') last = at
  return last
}
const AWS_LOGS = 'AWSLogs/'

function splitPath(path: string): { folders: string; name: string } {
  const key = keyFromAwsLogs(path)
  const at = key.lastIndexOf('/') + 1
  const name = key.slice(at)
  return name.length > LONGEST_NAME ? { folders: '', name: '' } : { folders: key.slice(0, at), name }
}

/** `AWSLogs/o-id/ACCOUNT/…`: the organization id stands between `AWSLogs` and the account. */
function organization(folders: string, account: string): string {
  const [top, organization = '', of] = folders.split('/', 3)
  return top === 'AWSLogs' && of === account && ORG.test(organization) ? organization : ''
}
