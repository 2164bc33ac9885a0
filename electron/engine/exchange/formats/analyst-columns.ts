import { formatUtc } from '#shared/base/time.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { commentText, errorText, joinTags, resourcesText } from './event-facts.ts'
import { localTime } from './local-time.ts'

/**
 * The columns of the analyst's table, in their order. `neutralised` says `1` when a cell of the row differs from the
 * evidence (a formula disarmed, a hidden character made visible, a long text cut), else `0`. The exact text is in the
 * JSON lines beside the table.
 */
export const analystColumns = [
  'row',
  'exhibit',
  'time_utc',
  'time_local',
  'zone',
  'event_source',
  'event_name',
  'actor',
  'actor_type',
  'access_key',
  'account',
  'region',
  'source_ip',
  'user_agent',
  'error',
  'resources',
  'tags',
  'comment',
  'event_id',
  'evidence_file',
  'evidence_sha256',
  'record_no',
  'record_sha256',
  'neutralised',
] as const
export type AnalystColumn = (typeof analystColumns)[number]

/** The cells of one event, before they are made safe for a program; without the last column. `zone`: IANA name. */
export function analystCells(event: ExportEvent, zone: string): string[] {
  const { terms, source } = event
  const cells: Record<Exclude<AnalystColumn, 'neutralised'>, string> = {
    row: String(event.row),
    exhibit: event.bookmark?.exhibit ?? '',
    time_utc: formatUtc(event.timeMs),
    time_local: localTime(event.timeMs, zone),
    zone,
    event_source: terms.eventSource ?? '',
    event_name: terms.eventName ?? '',
    actor: terms.principal ?? '',
    actor_type: terms['userIdentity.type'] ?? '',
    access_key: terms['userIdentity.accessKeyId'] ?? '',
    account: terms.account ?? '',
    region: terms.awsRegion ?? '',
    source_ip: terms.sourceIPAddress ?? '',
    user_agent: terms.userAgent ?? '',
    error: errorText(event),
    resources: resourcesText(event),
    tags: joinTags(event.tags),
    comment: commentText(event),
    event_id: event.identifiers.eventID ?? '',
    evidence_file: source.path,
    evidence_sha256: source.sha256,
    record_no: String(source.ordinal),
    record_sha256: event.recordSha256,
  }
  return Object.values(cells)
}
