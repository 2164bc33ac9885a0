import { visible } from '#shared/base/visible.ts'
import type { UtcMs } from '#shared/base/time.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { encodeChunks } from './chunks.ts'
import { csvBatches, safeRow } from './csv-text.ts'
import { commentText, recordText, resourcesText } from './event-facts.ts'
import { compactJson, writeJson, type JsonObject } from './json-text.ts'

/**
 * Timesketch's columns: the three it demands (`message`, `datetime`, `timestamp_desc`), plaso's names for CloudTrail
 * (`data_type` aws:cloudtrail:entry), so that its analyzers and taggers fire unchanged, then where the event lies in
 * the evidence and what was said about it.
 */
export const timesketchColumns = [
  'message',
  'datetime',
  'timestamp',
  'timestamp_desc',
  'data_type',
  'event_name',
  'event_source',
  'username',
  'user_name',
  'user_identity_arn',
  'access_key',
  'account_identifier',
  'source_ip',
  'resources',
  'cloud_trail_event',
  'aws_region',
  'user_agent',
  'error_code',
  'event_id',
  'request_id',
  'evidence_sha256',
  'evidence_record',
  'record_sha256',
  'exhibit',
  'tag',
  'comment',
] as const
type TimesketchColumn = (typeof timesketchColumns)[number]
type TimesketchRow = { readonly [Name in Exclude<TimesketchColumn, 'tag'>]: string | number } & {
  readonly tag: readonly string[]
}

/**
 * One event as Timesketch takes it. `timestamp` is microseconds. The record's text is compact, because the taggers look
 * for `"errorCode":"AccessDenied"` without blanks; values above 32,766 bytes lose exact match and sort in Timesketch.
 */
export function timesketchRow(event: ExportEvent): TimesketchRow {
  const { terms, identifiers } = event
  const user = terms['userIdentity.userName'] ?? terms.principal ?? ''
  return {
    message: message(event),
    datetime: offsetTime(event.timeMs),
    timestamp: event.timeMs * 1000,
    timestamp_desc: 'Recorded Time',
    data_type: 'aws:cloudtrail:entry',
    event_name: terms.eventName ?? '',
    event_source: terms.eventSource ?? '',
    username: user,
    user_name: user,
    user_identity_arn: terms['userIdentity.arn'] ?? '',
    access_key: terms['userIdentity.accessKeyId'] ?? '',
    account_identifier: terms.account ?? '',
    source_ip: terms.sourceIPAddress ?? '',
    resources: resourcesText(event),
    cloud_trail_event: compactJson(recordText(event)),
    aws_region: terms.awsRegion ?? '',
    user_agent: terms.userAgent ?? '',
    error_code: terms.errorCode ?? '',
    event_id: identifiers.eventID ?? '',
    request_id: identifiers.requestID ?? '',
    evidence_sha256: event.source.sha256,
    evidence_record: event.source.ordinal,
    record_sha256: event.recordSha256,
    exhibit: event.bookmark?.exhibit ?? '',
    tag: event.tags,
    comment: commentText(event),
  }
}

/** plaso's sentence for a CloudTrail event. */
export function message(event: ExportEvent): string {
  const { terms } = event
  const user = terms['userIdentity.userName'] ?? terms.principal ?? 'N/A'
  const key = terms['userIdentity.accessKeyId'] ?? 'N/A'
  return visible(
    `User ${user} performed ${terms.eventName ?? 'N/A'} on [${resourcesText(event)}] using access key ${key} from IP address ${terms.sourceIPAddress ?? 'N/A'}`,
  )
}

/** `2026-01-02T03:04:05+00:00`: Timesketch wants an offset, with a fraction only when there is one. */
export function offsetTime(time: UtcMs): string {
  const iso = new Date(time).toISOString().slice(0, -1)
  return `${iso.endsWith('.000') ? iso.slice(0, -4) : iso}+00:00`
}

/** Timesketch JSON lines, the form to prefer: values as they are, empty ones left out. Constant memory. */
export const writeTimesketchJsonLines = (events: AsyncIterable<ExportEvent>): AsyncIterable<Uint8Array> =>
  encodeChunks(jsonLines(events))

async function* jsonLines(events: AsyncIterable<ExportEvent>): AsyncGenerator<string> {
  for await (const event of events) yield `${writeJson(withoutEmpty(timesketchRow(event)))}\n`
}

const withoutEmpty = (row: TimesketchRow): JsonObject =>
  Object.fromEntries(
    Object.entries(row).filter(([name, value]) => name === 'message' || (value !== '' && !isEmptyList(value))),
  )

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

/**
 * Timesketch CSV: the same columns, made safe for spreadsheets, because a file named .csv gets opened in one; a last
 * column `neutralised` says `1` where a cell had to change. Tags are joined with commas; a comma inside a tag becomes a blank.
 */
export const writeTimesketchCsv = (events: AsyncIterable<ExportEvent>): AsyncIterable<Uint8Array> =>
  encodeChunks(csvBatches(csvLines(events)))

async function* csvLines(events: AsyncIterable<ExportEvent>): AsyncGenerator<readonly string[]> {
  yield [...timesketchColumns, 'neutralised']
  const comment = timesketchColumns.indexOf('comment')
  for await (const event of events) yield safeRow(csvCells(event), (index) => index === comment)
}

function csvCells(event: ExportEvent): string[] {
  const row = timesketchRow(event)
  return timesketchColumns.map((name) => {
    if (name === 'tag') return row.tag.length === 0 ? '' : row.tag.map((tag) => tag.replaceAll(',', ' ')).join(',')
    return String(row[name])
  })
}
