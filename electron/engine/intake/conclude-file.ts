import type { Findings } from './findings.ts'
import { kindByName } from './recognise.ts'
import type { ContainerKind, ParsedFile } from './types.ts'

/** Said of a file with bytes after its first gzip member. */
export const trailingNote = (trailing: number): string =>
  `${trailing} bytes follow the first gzip member: AWS writes none. They are kept with the file and not read as evidence.`

type Facts = Pick<ParsedFile, 'sha256' | 'size' | 'inflatedSha256' | 'inflatedSize' | 'compression' | 'trailingBytes'>

/** The one place where findings become an outcome. */
export function concludeFile(path: string, findings: Findings, facts: Facts): ParsedFile {
  const base = {
    ...facts,
    records: findings.records,
    recordCount: findings.recordCount,
    rejected: findings.rejected,
    rejectedCount: findings.rejectedCount,
    notes: findings.notes,
  }
  const { refusal, damage } = findings
  const named = kindByName(path)
  if (refusal !== undefined) {
    return {
      ...base,
      records: [],
      recordCount: 0,
      rejected: [],
      rejectedCount: 0,
      outcome: refusal.outcome,
      reason: refusal.reason,
      kind: findings.kind ?? 'other',
    }
  }
  if (damage !== undefined) {
    findings.markSalvaged()
    const kind = findings.kind ?? named ?? 'other'
    const broke = damage.brokeAt === undefined ? {} : { brokeAt: damage.brokeAt }
    return { ...base, ...broke, outcome: 'quarantined', reason: damage.reason, kind }
  }
  if (findings.recordCount > 0 || findings.isProof)
    return { ...base, outcome: 'stored', kind: storedKind(path, findings.kind ?? 'json-records') }
  if (findings.rejectedCount > findings.foreignCount) {
    return { ...base, outcome: 'quarantined', reason: noneReadable(findings), kind: findings.kind ?? named ?? 'other' }
  }
  if (findings.kind !== undefined) return { ...base, outcome: 'stored', kind: findings.kind }
  const nothing = { ...base, rejected: [], rejectedCount: 0, kind: 'other' as const }
  if (named !== undefined) {
    return {
      ...nothing,
      outcome: 'quarantined',
      kind: named,
      reason: 'The file is named like a CloudTrail file and holds no CloudTrail content.',
    }
  }
  return {
    ...nothing,
    outcome: 'ignored',
    reason: 'Not CloudTrail: no record, digest, key or signature was found in it.',
  }
}

/** The console's JSON download looks like a log file; only its name tells them apart. */
const storedKind = (path: string, kind: ContainerKind): ContainerKind =>
  kind === 'cloudtrail-log' && /event_?history/i.test(path) ? 'event-history-json' : kind

function noneReadable(findings: Findings): string {
  const first = findings.rejected[0]
  return `No record in the file can be read. The first at byte ${first?.offset ?? 0}: ${first?.reason ?? ''}`
}
