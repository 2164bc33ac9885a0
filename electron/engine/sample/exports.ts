import { formatUtc, utcMs } from '#shared/base/time.ts'
import { timeOf } from './deliver.ts'
import type { EventRecord, Json, JsonObject } from './records.ts'

/** What people bring along beside the bucket: the same events in other wrappers. */

/**
 * The output of `aws cloudtrail lookup-events` (version 2 of the command line), newest first: the record as a string inside
 * an envelope, whose own time carries the offset of the person who asked (here one hour east).
 */
export function lookupEventsJson(records: readonly EventRecord[]): string {
  const Events = newestFirst(records).map((record) => ({
    EventId: record.eventID,
    EventName: record['eventName'],
    ReadOnly: textOf(record['readOnly']),
    AccessKeyId: identityOf(record)['accessKeyId'],
    EventTime: `${formatUtc(utcMs(timeOf(record) + 3_600_000)).slice(0, 19)}+01:00`,
    EventSource: record['eventSource'],
    Username: userNameOf(record),
    Resources: resourcesOf(record).map((r) => ({ ResourceType: r.resourceType, ResourceName: r.resourceName })),
    CloudTrailEvent: JSON.stringify(record),
  }))
  return `${JSON.stringify({ Events }, null, 4)}\n`
}

const columns = [
  'User name',
  'AWS access key',
  'Event time',
  'Event source',
  'Event name',
  'AWS region',
  'Source IP address',
  'User agent',
  'Error code',
  'Resources',
  'Request ID',
  'Event ID',
  'Read-only',
  'Event type',
  'Recipient Account Id',
  'Event category',
]

/** The CSV that the console's Event history downloads: thin rows without request and response, newest first. */
export function eventHistoryCsv(records: readonly EventRecord[]): string {
  const rows = newestFirst(records).map((r) => [
    userNameOf(r),
    identityOf(r)['accessKeyId'],
    r.eventTime,
    r['eventSource'],
    r['eventName'],
    r['awsRegion'],
    r['sourceIPAddress'],
    r['userAgent'],
    r['errorCode'],
    JSON.stringify(resourcesOf(r)),
    r['requestID'],
    r.eventID,
    r['readOnly'],
    r['eventType'],
    r['recipientAccountId'],
    r['eventCategory'],
  ])
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('')
}

/** RFC 4180 quoting. The console escapes no formulas, so neither does its copy. */
function cell(value: Json | undefined): string {
  const text = textOf(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Texts as they are, nothing for what is absent, JSON for the rest. */
const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

const newestFirst = (records: readonly EventRecord[]): EventRecord[] =>
  records.toSorted((a, b) => timeOf(b) - timeOf(a))

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const identityOf = (record: EventRecord): JsonObject => (isObject(record['userIdentity']) ? record['userIdentity'] : {})

/** An IAM user's name, or the name of a role's session. */
function userNameOf(record: EventRecord): string {
  const identity = identityOf(record)
  if (typeof identity['userName'] === 'string') return identity['userName']
  return typeof identity['arn'] === 'string' ? identity['arn'].split('/').at(-1)! : ''
}

function resourcesOf(record: EventRecord): { resourceType: string; resourceName: string }[] {
  const listed = Array.isArray(record['resources']) ? record['resources'].filter(isObject) : []
  const request = isObject(record['requestParameters']) ? record['requestParameters'] : {}
  const user =
    typeof request['userName'] === 'string'
      ? [{ resourceType: 'AWS::IAM::User', resourceName: request['userName'] }]
      : []
  return [...listed.map((r) => ({ resourceType: textOf(r['type']), resourceName: textOf(r['ARN']) })), ...user]
}
