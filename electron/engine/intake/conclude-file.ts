import type { Findings } from './findings.ts'
import { baseName, kindByName } from './recognise.ts'
import type { ContainerKind, Outcome, ParsedFile } from './types.ts'

/** Said of a file with bytes after its first gzip member. */
export const trailingNote = (trailing: number): string =>
  `${trailing} bytes follow the first gzip member: AWS writes none. They are kept with the file and not read as evidence.`

type Facts = Pick<ParsedFile, 'sha256' | 'size' | 'inflatedSha256' | 'inflatedSize' | 'compression' | 'trailingBytes'>
type Verdict = { outcome: Outcome; kind: ContainerKind; reason?: string; brokeAt?: number | undefined }

/** The one place where findings become an outcome. */
export function concludeFile(path: string, findings: Findings, facts: Facts): ParsedFile {
  const { outcome, kind, reason, brokeAt } = judge(path, findings)
  if (findings.damage !== undefined) findings.markSalvaged()
  // A file that is no CloudTrail evidence has no records; what was rejected in a quarantined one is still told.
  const foreign = outcome === 'ignored' || findings.refusal !== undefined
  // Written out member by member: this runs once for each of hundreds of thousands of files.
  const file: ParsedFile = {
    outcome,
    kind,
    sha256: facts.sha256,
    size: facts.size,
    inflatedSha256: facts.inflatedSha256,
    inflatedSize: facts.inflatedSize,
    compression: facts.compression,
    trailingBytes: facts.trailingBytes,
    records: foreign ? [] : findings.records,
    recordCount: foreign ? 0 : findings.recordCount,
    rejected: foreign ? [] : findings.rejected,
    rejectedCount: foreign ? 0 : findings.rejectedCount,
    notes: findings.notes,
  }
  if (reason === undefined) return file
  return brokeAt === undefined ? { ...file, reason } : { ...file, reason, brokeAt }
}

function judge(path: string, findings: Findings): Verdict {
  const { refusal, damage, kind } = findings
  if (refusal !== undefined) return { outcome: refusal.outcome, kind: kind ?? 'other', reason: refusal.reason }
  if (damage !== undefined) {
    return {
      outcome: 'quarantined',
      kind: kind ?? kindByName(path) ?? 'other',
      reason: damage.reason,
      brokeAt: damage.brokeAt,
    }
  }
  if (findings.recordCount > 0 || findings.isProof)
    return { outcome: 'stored', kind: storedKind(path, kind ?? 'json-records') }
  if (findings.rejectedCount > findings.foreignCount) {
    return { outcome: 'quarantined', kind: kind ?? kindByName(path) ?? 'other', reason: noneReadable(findings) }
  }
  if (kind !== undefined) return { outcome: 'stored', kind }
  const named = kindByName(path)
  if (named === undefined) return { outcome: 'ignored', kind: 'other', reason: NOTHING_FOUND }
  return { outcome: 'quarantined', kind: named, reason: NOT_AS_NAMED }
}

const NOTHING_FOUND = 'Not CloudTrail: no record, digest, key or signature was found in it.'
const NOT_AS_NAMED = 'The file is named like a CloudTrail file and holds no CloudTrail content.'

/** The console's JSON download looks like a log file; only its name tells them apart. */
function storedKind(path: string, kind: ContainerKind): ContainerKind {
  if (kind !== 'cloudtrail-log' || !path.includes('istory')) return kind
  const name = baseName(path).toLowerCase()
  return name.includes('event_history') || name.includes('eventhistory') ? 'event-history-json' : kind
}

function noneReadable(findings: Findings): string {
  const first = findings.rejected[0]
  return `No record in the file can be read. The first at byte ${first?.offset ?? 0}: ${first?.reason ?? ''}`
}
