import { gapReasonWords, logVerdictWords } from '#shared/domain/integrity.ts'
import type { ReportEvidence } from '#shared/domain/report.ts'
import { utcMs } from '#shared/base/time.ts'
import type { OpenCase } from '../../open-case.ts'
import { listSources } from '../../queries/list-files.ts'
import type { ReportChecks } from './report-wish.ts'

/** All files are listed up to this many; beyond it, those that the report cites. */
const ALL_FILES = 500
const MOST_QUARANTINED = 1000

type FileRow = {
  entry: number
  source: number
  path: string
  size: number
  sha: string
  records: number
  first: number | null
  last: number | null
  verdict: string | null
  original: number | null
}

/** The evidence list, and the number of each file in it by its line in the ledger. */
export async function listEvidence(
  open: OpenCase,
  cited: ReadonlySet<number>,
  checks: ReportChecks,
): Promise<{ readonly evidence: ReportEvidence; readonly numberOf: ReadonlyMap<number, number> }> {
  const { reader } = open.file
  const sources = await listSources(reader)
  const exhibitOf = new Map(sources.map((source, n) => [source.id, `EV-${String(n + 1).padStart(3, '0')}`]))
  const sizes = new Map(
    (
      await reader.all<{ source: number; size: number }>('select source, sum(size) as size from entry group by source')
    ).map((row) => [row.source, row.size]),
  )
  const files = await listFiles(open, cited)
  const numberOf = new Map(files.listed.map((file, n) => [file.entry, n + 1]))
  const quarantine = await reader.all<{ path: string; reason: string | null }>(
    `select path, reason from entry where outcome = 'quarantined' order by path limit ?`,
    [MOST_QUARANTINED + 1],
  )
  const { entries, records } = totals(sources)
  const evidence: ReportEvidence = {
    storage: sources.some((s) => s.mode === 'reference') ? 'referenced with hash and path' : 'copied into the case',
    sources: sources.map((source) => ({
      exhibit: exhibitOf.get(source.id) ?? '',
      description:
        source.mode === 'copy' ? 'Evidence, copied into the case' : 'Evidence, referenced with hash and path',
      path: source.path,
      bytes: sizes.get(source.id) ?? 0,
      sha256: null,
      acquiredBy: source.addedBy,
      acquiredAt: utcMs(source.addedMs),
      acquiredHow: 'import into the case',
    })),
    files: files.listed.map((file, n) => ({
      number: n + 1,
      source: exhibitOf.get(file.source) ?? '',
      path: file.path,
      bytes: file.size,
      sha256: file.sha,
      records: file.records,
      first: file.first === null ? null : utcMs(file.first),
      last: file.last === null ? null : utcMs(file.last),
      verdict: file.verdict === null ? 'no digest speaks about it' : saysOf(file.verdict),
      recheck:
        file.original === null
          ? null
          : { at: checks.integrity.checkedAt, result: checks.byOriginal.get(file.original) ?? 'unreadable' },
    })),
    filesTotal: files.total,
    entries,
    records,
    quarantine: [
      ...quarantine.slice(0, MOST_QUARANTINED).map(({ path, reason }) => ({ path, reason: reason ?? '' })),
      ...(quarantine.length > MOST_QUARANTINED
        ? [
            {
              path: 'and more',
              reason: `${entries.quarantined - MOST_QUARANTINED} further files are listed in the case`,
            },
          ]
        : []),
    ],
    gaps: checks.gaps.map((gap) => ({
      account: gap.account,
      region: gap.region,
      from: utcMs(gap.fromMs),
      to: utcMs(gap.toMs),
      reason: gapReasonWords[gap.reason].says,
    })),
  }
  return { evidence, numberOf }
}

async function listFiles(open: OpenCase, cited: ReadonlySet<number>): Promise<{ listed: FileRow[]; total: number }> {
  const { reader } = open.file
  const total = (await reader.get<{ n: number }>('select count(*) as n from entry where sha256 is not null'))?.n ?? 0
  const which = total <= ALL_FILES ? 'n.sha256 is not null' : 'n.id in (select value from json_each(?))'
  const listed = await reader.all<FileRow>(
    `select n.id as entry, n.source, n.path, n.size, lower(hex(n.sha256)) as sha, n.records_read as records, n.first_event_ms as first,
            n.last_event_ms as last, v.verdict, n.original
     from entry n left join entry_verdict v on v.entry = n.id where ${which} order by n.path, n.id`,
    total <= ALL_FILES ? [] : [JSON.stringify([...cited])],
  )
  return { listed, total }
}

function totals(sources: Awaited<ReturnType<typeof listSources>>): Pick<ReportEvidence, 'entries' | 'records'> {
  const entries = { seen: 0, stored: 0, duplicate: 0, quarantined: 0, ignored: 0 }
  const records = { read: 0, stored: 0, duplicate: 0, conflict: 0, rejected: 0 }
  for (const source of sources) {
    for (const key of ['seen', 'stored', 'duplicate', 'quarantined', 'ignored'] as const)
      entries[key] += source.entries[key]
    for (const key of ['read', 'stored', 'duplicate', 'conflict', 'rejected'] as const)
      records[key] += source.records[key]
  }
  return { entries, records }
}

const words: ReadonlyMap<string, { readonly says: string }> = new Map(Object.entries(logVerdictWords))
/** The verdict in words. */
const saysOf = (verdict: string): string => words.get(verdict)?.says ?? verdict
