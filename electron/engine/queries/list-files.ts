import type { EvidenceFile } from '#shared/contract/sources.ts'
import type { Connection } from '../storage/sqlite.ts'

const COUNTS = `count(n.id) as seen, coalesce(sum(n.outcome = 'stored'), 0) as stored, coalesce(sum(n.outcome = 'duplicate'), 0) as duplicate,
  coalesce(sum(n.outcome = 'quarantined'), 0) as quarantined, coalesce(sum(n.outcome = 'ignored'), 0) as ignored,
  coalesce(sum(n.records_read), 0) as read, coalesce(sum(n.records_stored), 0) as recordsStored, coalesce(sum(n.records_duplicate), 0) as recordsDuplicate,
  coalesce(sum(n.records_conflict), 0) as conflict, coalesce(sum(n.records_rejected), 0) as rejected`

type SourceRow = {
  id: number
  path: string
  mode: 'copy' | 'reference'
  addedMs: number
  addedBy: string
  finishedMs: number | null
} & Record<
  | 'seen'
  | 'stored'
  | 'duplicate'
  | 'quarantined'
  | 'ignored'
  | 'read'
  | 'recordsStored'
  | 'recordsDuplicate'
  | 'conflict'
  | 'rejected',
  number
>

/** What was handed over, with what became of it. */
export async function listSources(reader: Connection) {
  const rows = await reader.all<SourceRow>(
    `select s.id, s.path, s.mode, s.added_ms as addedMs, s.added_by as addedBy, s.finished_ms as finishedMs, ${COUNTS}
     from source s left join entry n on n.source = s.id group by s.id order by s.id`,
  )
  return rows.map((r) => ({
    id: r.id,
    path: r.path,
    mode: r.mode,
    addedMs: r.addedMs,
    addedBy: r.addedBy,
    finishedMs: r.finishedMs,
    entries: { seen: r.seen, stored: r.stored, duplicate: r.duplicate, quarantined: r.quarantined, ignored: r.ignored },
    records: {
      read: r.read,
      stored: r.recordsStored,
      duplicate: r.recordsDuplicate,
      conflict: r.conflict,
      rejected: r.rejected,
    },
  }))
}

export type FileWish = {
  readonly outcome?: EvidenceFile['outcome'] | undefined
  readonly text: string
  readonly kind?: string | undefined
  readonly offset: number
  readonly limit: number
}

/** Files of all sources in the order they came, filtered by outcome, kind and a part of their path. */
export async function listFiles(
  reader: Connection,
  wish: FileWish,
): Promise<{ total: number; all: number; files: EvidenceFile[] }> {
  const where = `(?1 is null or n.outcome = ?1) and (?2 = '' or instr(lower(n.path), lower(?2)) > 0) and (?3 is null or n.kind = ?3)`
  const params = [wish.outcome ?? null, wish.text, wish.kind ?? null]
  const total = await reader.get<{ n: number }>(`select count(*) as n from entry n where ${where}`, params)
  const all = await reader.get<{ n: number }>('select count(*) as n from entry')
  const rows = await reader.all<Record<string, string | number | null>>(
    `select n.id, s.path as source, n.path, n.outcome, n.reason, n.kind, n.size, lower(hex(n.sha256)) as sha256, lower(hex(n.inflated_sha256)) as inflatedSha256,
            n.inflated_size as inflatedSize, n.records_read as read, n.records_stored as stored, n.records_duplicate as duplicate,
            n.records_conflict as conflict, n.records_rejected as rejected, n.first_event_ms as firstEventMs, n.last_event_ms as lastEventMs,
            v.verdict, n.notes
     from entry n join source s on s.id = n.source left join entry_verdict v on v.entry = n.id
     where ${where} order by n.id limit ?4 offset ?5`,
    [...params, wish.limit, wish.offset],
  )
  return { total: total?.n ?? 0, all: all?.n ?? 0, files: rows.map(toFile) }
}

function toFile(row: Record<string, string | number | null>): EvidenceFile {
  const number = (name: string) => row[name] as number
  const text = (name: string) => row[name] as string | null
  return {
    id: number('id'),
    source: text('source') ?? '',
    path: text('path') ?? '',
    outcome: row['outcome'] as EvidenceFile['outcome'],
    reason: text('reason'),
    kind: text('kind') ?? 'other',
    size: number('size'),
    sha256: text('sha256') === '' ? null : text('sha256'),
    inflatedSha256: text('inflatedSha256') === '' ? null : text('inflatedSha256'),
    inflatedSize: row['inflatedSize'] as number | null,
    records: {
      read: number('read'),
      stored: number('stored'),
      duplicate: number('duplicate'),
      conflict: number('conflict'),
      rejected: number('rejected'),
    },
    firstEventMs: row['firstEventMs'] as number | null,
    lastEventMs: row['lastEventMs'] as number | null,
    verdict: text('verdict'),
    notes: JSON.parse(text('notes') ?? '[]') as string[],
  }
}
