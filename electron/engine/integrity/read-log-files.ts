import type { Connection } from '../storage/sqlite.ts'
import { compareText, pushTo } from './collections.ts'
import type { LogFile } from './judgement.ts'
import { comparableKey, comparableName, parseLogKey } from './key-path.ts'

/** What a trail delivers. Exports of events are no deliveries, so no digest could list them. */
const DELIVERED = `'cloudtrail-log', 'insight-log', 'network-activity-log', 'aggregated-log'`

export type StoredLog = LogFile & { readonly original: number | null }

/** Every file that a digest could speak about: by its content's kind or, where it cannot be read, by its path. Sorted by path. */
export async function readLogFiles(reader: Connection): Promise<StoredLog[]> {
  const logs: StoredLog[] = []
  for (let after = 0; ;) {
    // As one text: making an object of each of hundreds of thousands of rows takes twice as long.
    const page = await reader.get<{ rows: string; last: number | null }>(
      `select json_group_array(json_array(${LOG_COLUMNS.join(',')})) as rows, max(fileId) as last
       from (${LOG_FILES} and n.id > ? order by n.id limit ${PAGE})`,
      [after],
    )
    for (const row of JSON.parse(page?.rows ?? '[]') as LogRow[]) if (isLog(row)) logs.push(toLog(row))
    if (page?.last === undefined || page.last === null) break
    after = page.last
  }
  return logs.sort((a, b) => compareText(a.path, b.path) || a.fileId - b.fileId)
}

/** One such file by its number in the ledger. */
export async function readLogFile(reader: Connection, entry: number): Promise<StoredLog | undefined> {
  const found = await reader.get<{ row: string }>(
    `select json_array(${LOG_COLUMNS.join(',')}) as row from (${LOG_FILES} and n.id = ?)`,
    [entry],
  )
  const row = found && (JSON.parse(found.row) as LogRow)
  return row && isLog(row) ? toLog(row) : undefined
}

const PAGE = 5000

const LOG_COLUMNS = ['fileId', 'path', 'original', 'sha', 'compressed', 'trailing', 'readable', 'delivered'] as const

type LogRow = readonly [
  fileId: number,
  path: string,
  original: number | null,
  sha: string,
  compressed: 0 | 1,
  trailing: number,
  readable: 0 | 1,
  delivered: 0 | 1,
]

const LOG_FILES = `
  select n.id as fileId, n.path, n.original, lower(hex(coalesce(n.inflated_sha256, k.inflated_sha256))) as sha,
         coalesce(k.compression, n.compression, 'none') <> 'none' as compressed, coalesce(k.trailing_bytes, n.trailing_bytes, 0) as trailing,
         coalesce(k.outcome, n.outcome) <> 'quarantined' as readable, coalesce(k.kind, n.kind) in (${DELIVERED}) as delivered
  from entry n left join entry k on n.outcome = 'duplicate' and k.id = (select min(id) from entry where original = n.original and outcome <> 'duplicate')
  where n.outcome in ('stored', 'duplicate', 'quarantined') and n.sha256 is not null
    and (coalesce(k.kind, n.kind) in (${DELIVERED}) or (n.path like '%\\_CloudTrail%' escape '\\' and coalesce(k.kind, n.kind) not in ('digest', 'public-keys', 'signatures')))`

const isLog = (row: LogRow): boolean => row[7] === 1 || parseLogKey(row[1]) !== undefined

const toLog = (row: LogRow): StoredLog => ({
  fileId: row[0],
  path: row[1],
  original: row[2],
  inflatedSha256: row[3],
  storedCompressed: row[4] === 1,
  trailingBytes: row[5],
  readable: row[6] === 1,
})

/**
 * Evidence that is handed over twice is counted once: files of the same name and content are one, wherever the copies lie.
 * Only a copy in another folder of a bucket stays a file of its own, because digests name folders.
 */
export function withoutCopies(logs: readonly LogFile[]): { first: LogFile[]; copies: Map<number, number[]> } {
  const firstOf = new Map<string, LogFile>()
  const named = new Map<string, LogFile[]>()
  const first: LogFile[] = []
  const copies = new Map<number, number[]>()
  // Files with a folder of the bucket come first, so that a flat copy of one finds it.
  const isFlat = (log: LogFile) => !log.path.includes('AWSLogs')
  for (const log of [...logs.filter((l) => !isFlat(l)), ...logs.filter(isFlat)]) {
    const other = firstOf.get(log.inflatedSha256)
    if (!other) {
      firstOf.set(log.inflatedSha256, log)
      first.push(log)
      continue
    }
    // Names are compared only where the content is the same, which is seldom.
    const name = comparableName(log.path)
    const content = `${log.inflatedSha256} ${name}`
    const same = named.get(content) ?? (comparableName(other.path) === name ? [other] : [])
    named.set(content, same)
    const known = same.find((one) => isSameFile(one, log))
    if (known) {
      pushTo(copies, known.fileId, log.fileId)
      continue
    }
    first.push(log)
    same.push(log)
  }
  return { first, copies }
}

function isSameFile(a: LogFile, b: LogFile): boolean {
  if (a.storedCompressed !== b.storedCompressed || a.trailingBytes !== b.trailingBytes || a.readable !== b.readable)
    return false
  const [keyA, keyB] = [comparableKey(a.path), comparableKey(b.path)]
  return keyA === keyB || (!keyB.includes('/') && comparableName(a.path) === comparableName(b.path))
}
