import { hash } from 'node:crypto'
import { failed } from '#shared/base/result.ts'
import { utcMs } from '#shared/base/time.ts'
import { termNumber } from '#shared/domain/fields.ts'
import type { EventVerdict } from '#shared/domain/integrity.ts'
import { defaultLimits } from '../intake/limits.ts'
import { inflateFirstMember } from '../intake/inflate.ts'
import { readOriginal } from '../queries/read-original.ts'
import { stopIfCancelled } from '../refusal.ts'
import { insertRows, type CaseFile } from '../storage/case-file.ts'
import type { Connection } from '../storage/sqlite.ts'
import { judge } from './judge.ts'
import type { ControlEvent, DigestFile, Inventory, Judgement, LogFile, LogJudgement } from './judgement.ts'
import { parseLogKey } from './key-path.ts'
import { parseDigest } from './parse-digest.ts'
import { parseKeys, type PublicKey } from './parse-keys.ts'
import { parseSignatures, type CapturedSignature } from './parse-signatures.ts'

type Proofs = { id: number; path: string; original: number; sha: string | null }

/** Gathers what a judgement is made from: digests, log files, keys, signatures, and the events that start or stop trails. */
export async function gatherInventory(reader: Connection, signal: AbortSignal): Promise<Inventory> {
  const digests: DigestFile[] = []
  for (const file of await proofFiles(reader, 'digest')) {
    stopIfCancelled(signal)
    const inflated = inflateFirstMember(await readOriginal(reader, file.original), defaultLimits)
    digests.push({
      path: file.path,
      sha256: hash('sha256', inflated.bytes),
      content:
        inflated.problem === undefined ? parseDigest(inflated.bytes) : failed('DIGEST_NOT_GZIP', inflated.problem),
    })
  }
  const keys: PublicKey[] = []
  for (const file of await proofFiles(reader, 'public-keys'))
    keys.push(...parseKeys(await inflatedOf(reader, file), file.path).keys)
  const signatures: CapturedSignature[] = []
  for (const file of await proofFiles(reader, 'signatures'))
    signatures.push(...parseSignatures(await inflatedOf(reader, file), file.path).signatures)
  return { digests, logs: await logFiles(reader), keys, signatures, controlEvents: await controlEvents(reader) }
}

const inflatedOf = async (reader: Connection, file: Proofs) =>
  inflateFirstMember(await readOriginal(reader, file.original), defaultLimits).bytes

function proofFiles(reader: Connection, kind: 'digest' | 'public-keys' | 'signatures'): Promise<Proofs[]> {
  return reader.all<Proofs>(
    `select id, path, original, lower(hex(inflated_sha256)) as sha from entry where kind = ? and original is not null and outcome <> 'ignored' order by path`,
    [kind],
  )
}

/** Every file that a digest could speak about, judged by its content's kind or, where it cannot be read, by its path. */
async function logFiles(reader: Connection): Promise<LogFile[]> {
  const rows = await reader.all<{
    fileId: number
    path: string
    sha: string | null
    compression: string
    trailing: number
    outcome: string
    brokeAt: number | null
    kind: string
  }>(
    `select id as fileId, path, lower(hex(inflated_sha256)) as sha, coalesce(compression, 'none') as compression,
            coalesce(trailing_bytes, 0) as trailing, outcome, broke_at as brokeAt, kind
     from entry where outcome in ('stored', 'duplicate', 'quarantined') and sha256 is not null
       and (kind in ('cloudtrail-log', 'insight-log', 'network-activity-log', 'aggregated-log') or path like '%\\_CloudTrail%' escape '\\')
       and kind not in ('digest', 'public-keys', 'signatures')`,
  )
  return rows
    .filter((row) => row.kind !== 'other' || parseLogKey(row.path) !== undefined)
    .map((row) => ({
      fileId: row.fileId,
      path: row.path,
      inflatedSha256: row.sha ?? '',
      storedCompressed: row.compression !== 'none',
      trailingBytes: row.trailing,
      readable: row.outcome !== 'quarantined',
    }))
}

const CONTROL = ['StopLogging', 'StartLogging', 'UpdateTrail', 'DeleteTrail', 'CreateTrail', 'PutEventSelectors']

async function controlEvents(reader: Connection): Promise<ControlEvent[]> {
  const name = termNumber('eventName')
  const rows = await reader.all<{
    time: number
    account: string | null
    region: string | null
    name: string
    trail: string | null
  }>(
    `select e.time_ms as time, (select text from term where field = ${termNumber('account')} and id = e.t${termNumber('account')}) as account,
            (select text from term where field = ${termNumber('awsRegion')} and id = e.t${termNumber('awsRegion')}) as region,
            n.text as name, (select coalesce(json ->> 'name', json ->> 'trailName') from document where id = e.d1) as trail
     from event e join term n on n.field = ${name} and n.id = e.t${name}
     where n.text in (${CONTROL.map((c) => `'${c}'`).join(',')}) and e.time_ms is not null
       and (select text from term where field = ${termNumber('eventSource')} and id = e.t${termNumber('eventSource')}) like 'cloudtrail.%'`,
  )
  return rows.map((row) => ({
    time: utcMs(row.time),
    account: row.account ?? '',
    region: row.region ?? '',
    name: row.name,
    ...(row.trail === null ? {} : { trail: row.trail }),
  }))
}

/** The word that the events of a file carry. */
export function eventVerdictOf(log: LogJudgement): EventVerdict {
  switch (log.verdict) {
    case 'LOG_PROVEN':
    case 'LOG_PROVEN_DECOMPRESSED_COPY':
      return 'proven'
    case 'LOG_LISTED_UNPROVEN':
      return 'listed'
    case 'LOG_TRAILING_DATA':
      return 'trailing'
    case 'LOG_MODIFIED':
      return 'modified'
    case 'LOG_UNREADABLE':
      return 'unreadable'
    case 'LOG_UNREFERENCED':
      return log.reason === 'NO_DIGESTS' ? 'none' : 'unreferenced'
    case 'LOG_MISSING':
      return 'none'
  }
}

/** Judges the whole case anew from its originals and stores a verdict per file. Derived: may be repeated at any time. */
export async function judgeCase(caseFile: CaseFile, signal: AbortSignal): Promise<Judgement> {
  const judgement = judge(await gatherInventory(caseFile.reader, signal))
  stopIfCancelled(signal)
  const verdicts = judgement.logs.flatMap((log) =>
    log.kind === 'missing'
      ? []
      : [
          [
            log.fileId,
            log.verdict,
            eventVerdictOf(log),
            log.kind === 'unreferenced' ? log.reason : log.matchedBy,
          ] as const,
        ],
  )
  await caseFile.transaction(async (tx) => {
    await tx.run('delete from entry_verdict')
    await insertRows(tx, 'entry_verdict', verdicts)
  })
  return judgement
}
