import { eventFlags } from '#shared/domain/fields.ts'
import { isRecordInLog } from './recognise.ts'
import { rowToRecord } from './row-to-record.ts'
import type { ContainerKind, JsonObject } from './types.ts'

/** How the rows of one kind of CSV become records. */
export type CsvFormat = {
  readonly kind: ContainerKind
  /** Bits of `eventFlags` that hold for every row. */
  readonly flags: number
  /** The column whose cell holds the whole record as JSON, if there is one. */
  readonly jsonColumn: number | undefined
  readonly toRecord: (cells: readonly string[]) => JsonObject
}

/** Decides by the header row what a CSV holds; `comment`: it began with the `# Execution Time` line of CloudTrail Lake. */
export function csvFormat(header: readonly string[], comment: boolean): CsvFormat | undefined {
  const has = (name: string): boolean => header.includes(name)
  const lower = header.map((name) => name.toLowerCase())
  const json = (name: string, kind: ContainerKind): CsvFormat => ({
    kind,
    flags: kind === 'cloudwatch-logs' ? 0 : eventFlags.derived,
    jsonColumn: lower.indexOf(name),
    toRecord: (cells) => rowToRecord(header, cells),
  })
  if (has('Event ID') && has('Event name') && has('AWS region')) return eventHistory(header)
  if (has('AwsEventId')) return sentinel(header)
  if (lower.includes('@message')) return json('@message', 'cloudwatch-logs')
  if (lower.includes('_raw')) return json('_raw', 'splunk')
  if (lower.includes('eventjson')) return json('eventjson', 'lake-results')
  const calls = lower.includes('eventname') && lower.includes('eventsource')
  if (!calls && !(comment && lower.some((name) => name.startsWith('event')))) return undefined
  const dotted = header.some((name) => name.startsWith('userIdentity.'))
  return {
    kind: comment ? 'lake-results' : dotted ? 'splunk' : 'athena-csv',
    flags: eventFlags.derived,
    jsonColumn: undefined,
    toRecord: (cells) => rowToRecord(header, cells),
  }
}

/** Whether a row gave enough to be a record. */
export const isUsable = (record: JsonObject): boolean => isRecordInLog(record)

/** The console's Event history download, both generations: thin rows without request and response. */
const HISTORY: Readonly<Record<string, string | undefined>> = {
  'User name': 'userIdentity.userName',
  'AWS access key': 'userIdentity.accessKeyId',
  'Event time': 'eventTime',
  'Event source': 'eventSource',
  'Event name': 'eventName',
  'AWS region': 'awsRegion',
  'Source IP address': 'sourceIPAddress',
  'User agent': 'userAgent',
  'Error code': 'errorCode',
  Resources: 'resources',
  'Request ID': 'requestID',
  'Event ID': 'eventID',
  'Read-only': 'readOnly',
  'Event type': 'eventType',
  'Recipient Account Id': 'recipientAccountId',
  'Event category': 'eventCategory',
}

function eventHistory(header: readonly string[]): CsvFormat {
  const names = header.map((name) => HISTORY[name] ?? name)
  const time = names.indexOf('eventTime')
  const resources = names.indexOf('resources')
  const type = header.indexOf('Resource type')
  return {
    kind: 'event-history-csv',
    flags: eventFlags.partial,
    jsonColumn: undefined,
    toRecord: (cells) => {
      const fixed: unknown[] = [...cells]
      if (time >= 0) fixed[time] = localTime(cells[time] ?? '')
      const named = cells[resources]
      if (named !== undefined && named !== '' && !named.startsWith('[')) {
        fixed[resources] = [{ ...(cells[type] ? { resourceType: cells[type] } : {}), resourceName: named }]
      }
      return rowToRecord(names, fixed)
    },
  }
}

/** Microsoft Sentinel's AWSCloudTrail table. Other columns keep their names. */
const SENTINEL: Readonly<Record<string, string | undefined>> = {
  TimeGenerated: 'eventTime',
  AwsEventId: 'eventID',
  AwsRequestId: 'requestID',
  AwsRequestId_: 'requestID',
  EventTypeName: 'eventType',
  AWSRegion: 'awsRegion',
  Category: 'eventCategory',
  SourceIpAddress: 'sourceIPAddress',
  UserIdentityType: 'userIdentity.type',
  UserIdentityArn: 'userIdentity.arn',
  UserIdentityPrincipalid: 'userIdentity.principalId',
  UserIdentityAccountId: 'userIdentity.accountId',
  UserIdentityAccessKeyId: 'userIdentity.accessKeyId',
  UserIdentityUserName: 'userIdentity.userName',
  UserIdentityInvokedBy: 'userIdentity.invokedBy',
  SessionMfaAuthenticated: 'userIdentity.sessionContext.attributes.mfaAuthenticated',
  SessionCreationDate: 'userIdentity.sessionContext.attributes.creationDate',
  SessionIssuerArn: 'userIdentity.sessionContext.sessionIssuer.arn',
  SessionIssuerType: 'userIdentity.sessionContext.sessionIssuer.type',
  SessionIssuerUserName: 'userIdentity.sessionContext.sessionIssuer.userName',
  SessionIssuerAccountId: 'userIdentity.sessionContext.sessionIssuer.accountId',
  SessionIssuerPrincipalId: 'userIdentity.sessionContext.sessionIssuer.principalId',
}

function sentinel(header: readonly string[]): CsvFormat {
  const names = header.map((name) => SENTINEL[name] ?? name)
  const time = names.indexOf('eventTime')
  return {
    kind: 'sentinel-csv',
    flags: eventFlags.derived,
    jsonColumn: undefined,
    toRecord: (cells) => {
      const fixed = [...cells]
      if (time >= 0) fixed[time] = localTime(cells[time] ?? '')
      return rowToRecord(names, fixed)
    },
  }
}

const YEAR_FIRST = /^(\d{4})-(\d\d)-(\d\d), (\d\d?):(\d\d):(\d\d) ([AP])M$/
const MONTH_FIRST = /^(\d\d?)\/(\d\d?)\/(\d{4}), (\d\d?):(\d\d):(\d\d)(?:\.\d{1,7})? ([AP])M$/

/**
 * `2020-05-13, 04:52:01 PM` and `5/13/2020, 4:52:01.000 PM` as ISO time without zone: these texts do not say whose clock
 * it was, so the event is marked as uncertain in time. Other texts stay.
 */
function localTime(text: string): string {
  const year = YEAR_FIRST.exec(text)
  if (year) return isoLocal(year[1]!, year[2]!, year[3]!, year[4]!, year[5]!, year[6]!, year[7]!)
  const month = MONTH_FIRST.exec(text)
  if (month) return isoLocal(month[3]!, month[1]!, month[2]!, month[4]!, month[5]!, month[6]!, month[7]!)
  return text
}

function isoLocal(y: string, mo: string, d: string, h: string, mi: string, s: string, half: string): string {
  const hour = (Number(h) % 12) + (half === 'P' ? 12 : 0)
  return `${y}-${mo.padStart(2, '0')}-${d.padStart(2, '0')}T${String(hour).padStart(2, '0')}:${mi}:${s}`
}

/** Account ids that a spreadsheet turned to `5.28758E+11`: the digits are lost for good. */
export const isSpreadsheetNumber = (cell: string): boolean => /^\d\.\d+E\+\d\d$/.test(cell)
