import { hash } from 'node:crypto'
import { failed } from '#shared/base/result.ts'
import { utcMs } from '#shared/base/time.ts'
import { documentFields, termNumber } from '#shared/domain/fields.ts'
import { inflateFirstMember, type Inflate } from '../intake/inflate.ts'
import { defaultLimits } from '../intake/limits.ts'
import { reusedInflater } from '../intake/reused-inflater.ts'
import { ONE_PIECE, readInBatches, type KeptOriginal } from '../queries/read-batches.ts'
import { readPages } from '../storage/read-pages.ts'
import type { Connection } from '../storage/sqlite.ts'
import { compareText, pushTo } from './collections.ts'
import type { ControlEvent, DigestFile, Inventory, LogFile } from './judgement.ts'
import { comparableKey, comparableName, parseLogKey } from './key-path.ts'
import type { LakeFile, LakeSign } from './lake-results.ts'
import { parseLakeSignFile } from './lake-sign-file.ts'
import { parseDigest } from './parse-digest.ts'
import { parseKeys, type PublicKey } from './parse-keys.ts'
import { parseSignatures, type CapturedSignature } from './parse-signatures.ts'

/** What a judgement of a case is made from, and where in the case each piece of it lies. */
export type Gathered = {
  readonly inventory: Inventory
  /** The original whose inflated bytes have this SHA-256. */
  readonly digestOriginals: ReadonlyMap<string, number>
  /** The entry of each digest file, by its path. */
  readonly digestEntries: ReadonlyMap<string, number>
  /** Files that are the same copy of the same delivery as a log file in the inventory, by the number of that one. */
  readonly logCopies: ReadonlyMap<number, readonly number[]>
  /** The original of each log file: files of the same bytes share one, and their events are stored once. */
  readonly logOriginals: ReadonlyMap<number, number>
  readonly keyFiles: readonly KeyFile[]
  readonly lake: { readonly signs: readonly LakeSign[]; readonly files: readonly LakeFile[] }
}

/** A file of public keys, and how it came into the case. */
export type KeyFile = {
  readonly path: string
  readonly sha256: string
  readonly addedMs: number
  readonly addedBy: string
  readonly keys: readonly PublicKey[]
}

/** Told how many digests are read, of how many. */
export type Told = (done: number, total: number) => void

/** Gathers digests, log files, keys, signatures, and the events that start or stop trails, from the originals of a case. */
export async function gatherInventory(
  reader: Connection,
  signal: AbortSignal,
  told: Told = () => undefined,
): Promise<Gathered> {
  const digestFiles = await proofFiles(reader, 'digest')
  const digests: DigestFile[] = []
  const digestOriginals = new Map<string, number>()
  const read = new Map<number, Omit<DigestFile, 'path'>>()
  const inflate = reusedInflater()
  for await (const { files, bytesOf } of readInBatches(reader, digestFiles, signal)) {
    for (const file of files) {
      const digest = read.get(file.original) ?? toDigest(bytesOf(file.original), inflate)
      read.set(file.original, digest)
      digestOriginals.set(digest.sha256, file.original)
      digests.push({ path: file.path, ...digest })
    }
    told(digests.length, digestFiles.length)
  }
  const keyFiles: KeyFile[] = []
  for await (const { files, bytesOf } of readInBatches(reader, await proofFiles(reader, 'public-keys'), signal))
    for (const { path, sha256, addedMs, addedBy, original } of files)
      keyFiles.push({ path, sha256, addedMs, addedBy, keys: parseKeys(inflated(bytesOf(original)), path).keys })
  const signatures: CapturedSignature[] = []
  for await (const { files, bytesOf } of readInBatches(reader, await proofFiles(reader, 'signatures'), signal))
    for (const { path, original } of files)
      signatures.push(...parseSignatures(inflated(bytesOf(original)), path).signatures)
  const all = await logFiles(reader)
  const logs = withoutCopies(all)
  return {
    inventory: {
      digests,
      logs: logs.first,
      keys: keyFiles.flatMap((file) => file.keys),
      signatures,
      controlEvents: await controlEvents(reader),
    },
    digestOriginals,
    digestEntries: new Map(digestFiles.map((file) => [file.path, file.entry])),
    logCopies: logs.copies,
    logOriginals: new Map(all.flatMap(({ fileId, original }) => (original === null ? [] : [[fileId, original]]))),
    keyFiles,
    lake: await lakeFiles(reader, signal),
  }
}

/** Sign files of saved Lake queries, and the files that they could name: whatever lies in the evidence as `.csv` or `.csv.gz`. */
async function lakeFiles(reader: Connection, signal: AbortSignal): Promise<Gathered['lake']> {
  const signs: LakeSign[] = []
  for await (const { files, bytesOf } of readInBatches(reader, await proofFiles(reader, 'lake-sign-file'), signal))
    for (const { path, original } of files)
      signs.push({ path, content: parseLakeSignFile(inflated(bytesOf(original))) })
  if (signs.length === 0) return { signs, files: [] }
  const files = await reader.all<LakeFile>(
    `select id as entry, path, lower(hex(sha256)) as sha256 from entry where sha256 is not null and (path like '%.csv.gz' or path like '%.csv') order by id`,
  )
  return { signs, files }
}

function toDigest(stored: Buffer, inflate: Inflate | undefined): Omit<DigestFile, 'path'> {
  const { bytes, problem } = inflateFirstMember(stored, defaultLimits, inflate)
  const content = problem === undefined ? parseDigest(bytes) : failed('DIGEST_NOT_GZIP' as const, problem)
  return { sha256: hash('sha256', bytes), content }
}

const inflated = (stored: Buffer): Buffer => inflateFirstMember(stored, defaultLimits).bytes

export type ProofFile = KeptOriginal & {
  readonly entry: number
  readonly path: string
  readonly sha256: string
  readonly addedMs: number
  readonly addedBy: string
}

/** Files of one kind whose originals are known, also where the same bytes came under several paths. */
export function proofFiles(
  reader: Connection,
  kind: 'digest' | 'public-keys' | 'signatures' | 'lake-sign-file',
): Promise<ProofFile[]> {
  return reader.all<ProofFile>(
    `select n.id as entry, n.path, n.original, n.size, o.reference_path is null and o.size <= ${ONE_PIECE} as whole, lower(hex(o.sha256)) as sha256,
            s.added_ms as addedMs, s.added_by as addedBy
     from entry n join original o on o.id = n.original join source s on s.id = n.source
     where n.original in (select original from entry where kind = ? and original is not null and outcome <> 'ignored') and n.outcome <> 'ignored'
     order by n.path, n.id`,
    [kind],
  )
}

/** What a trail delivers. Exports of events are no deliveries, so no digest could list them. */
const DELIVERED = `'cloudtrail-log', 'insight-log', 'network-activity-log', 'aggregated-log'`

type StoredLog = LogFile & { readonly original: number | null }

/** Every file that a digest could speak about: by its content's kind or, where it cannot be read, by its path. */
async function logFiles(reader: Connection): Promise<StoredLog[]> {
  const logs: StoredLog[] = []
  const pages = readPages<LogRow>(
    reader,
    `select n.id as fileId, n.path, n.original, lower(hex(coalesce(n.inflated_sha256, k.inflated_sha256))) as sha, coalesce(k.compression, n.compression, 'none') as compression,
            coalesce(k.trailing_bytes, n.trailing_bytes, 0) as trailing, coalesce(k.outcome, n.outcome) as outcome, coalesce(k.kind, n.kind) in (${DELIVERED}) as delivered
     from entry n left join entry k on n.outcome = 'duplicate' and k.id = (select min(id) from entry where original = n.original and outcome <> 'duplicate')
     where n.outcome in ('stored', 'duplicate', 'quarantined') and n.sha256 is not null
       and (coalesce(k.kind, n.kind) in (${DELIVERED}) or (n.path like '%\\_CloudTrail%' escape '\\' and coalesce(k.kind, n.kind) not in ('digest', 'public-keys', 'signatures')))
       and n.id > ? order by n.id limit ?`,
    [],
    (row) => row.fileId,
  )
  for await (const rows of pages)
    for (const row of rows)
      if (row.delivered === 1 || parseLogKey(row.path) !== undefined)
        logs.push({
          fileId: row.fileId,
          path: row.path,
          original: row.original,
          inflatedSha256: row.sha,
          storedCompressed: row.compression !== 'none',
          trailingBytes: row.trailing,
          readable: row.outcome !== 'quarantined',
        })
  return logs.sort((a, b) => compareText(a.path, b.path) || a.fileId - b.fileId)
}

type LogRow = {
  readonly fileId: number
  readonly path: string
  readonly original: number | null
  readonly sha: string
  readonly compression: string
  readonly trailing: number
  readonly outcome: string
  readonly delivered: 0 | 1
}

/**
 * Evidence that is handed over twice is counted once: files of the same name and content are one, wherever the copies lie.
 * Only a copy in another folder of a bucket stays a file of its own, because digests name folders.
 */
function withoutCopies(logs: readonly LogFile[]): { first: LogFile[]; copies: Map<number, number[]> } {
  const seen = new Map<string, LogFile[]>()
  const first: LogFile[] = []
  const copies = new Map<number, number[]>()
  // Files with a folder of the bucket come first, so that a flat copy of one finds it.
  const isFlat = (log: LogFile) => !log.path.includes('AWSLogs')
  for (const log of [...logs.filter((l) => !isFlat(l)), ...logs.filter(isFlat)]) {
    // Names are compared only where the content is the same, which is seldom.
    const same = seen.get(log.inflatedSha256)
    const known = same?.find((other) => isSameFile(other, log))
    if (known) {
      pushTo(copies, known.fileId, log.fileId)
      continue
    }
    first.push(log)
    if (same) same.push(log)
    else seen.set(log.inflatedSha256, [log])
  }
  return { first, copies }
}

function isSameFile(a: LogFile, b: LogFile): boolean {
  if (a.storedCompressed !== b.storedCompressed || a.trailingBytes !== b.trailingBytes || a.readable !== b.readable)
    return false
  const [keyA, keyB] = [comparableKey(a.path), comparableKey(b.path)]
  return keyA === keyB || (!keyB.includes('/') && comparableName(a.path) === comparableName(b.path))
}

const CONTROL = ['StopLogging', 'StartLogging', 'UpdateTrail', 'DeleteTrail', 'CreateTrail', 'PutEventSelectors']

async function controlEvents(reader: Connection): Promise<ControlEvent[]> {
  const termText = (field: Parameters<typeof termNumber>[0]) =>
    `(select text from term where field = ${termNumber(field)} and id = e.t${termNumber(field)})`
  const name = termNumber('eventName')
  const rows = await reader.all<{
    time: number
    account: string | null
    region: string | null
    name: string
    trail: string | null
  }>(
    `select e.time_ms as time, ${termText('account')} as account, ${termText('awsRegion')} as region, n.text as name,
            (select case when json_valid(json) then coalesce(json ->> 'name', json ->> 'trailName') end from document where id = e.d${documentFields.indexOf('requestParameters')}) as trail
     from event e join term n on n.field = ${name} and n.id = e.t${name}
     where n.text in (${CONTROL.map((c) => `'${c}'`).join(',')}) and e.time_ms is not null and ${termText('eventSource')} like 'cloudtrail.%'`,
  )
  return rows.map((row) => ({
    time: utcMs(row.time),
    account: row.account ?? '',
    region: row.region ?? '',
    name: row.name,
    ...(row.trail === null ? {} : { trail: row.trail }),
  }))
}
