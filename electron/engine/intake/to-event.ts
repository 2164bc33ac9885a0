import { createHash } from 'node:crypto'
import {
  documentFields,
  documentNumber,
  eventFlags,
  identifierFields,
  identifierNumber,
  termFields,
  termNumber,
} from '#shared/domain/fields.ts'
import { parseUtc } from '#shared/base/time.ts'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import { isObject, type EventColumns, type JsonObject } from './types.ts'
import { toResource } from './to-resource.ts'

/**
 * Gives the exact JSON text of the n-th member's value as it stands in the source, or `undefined` when it must be written
 * anew. Exact text keeps what `JSON.parse` changes: large numbers and keys named twice.
 */
export type MemberText = (index: number) => string | undefined

const EVENT_TIME = 300
const OTHER = documentFields.indexOf('otherFields')
const DOCUMENTS = documentNumber(documentFields[0])
const IDENTIFIERS = identifierNumber(identifierFields[0])

/** Where each top-level member goes: a term, document or identifier number, or the time. Other members are kept together. */
const placeOf: ReadonlyMap<string, number> = new Map<string, number>([
  ...termFields.slice(0, termFields.indexOf('userIdentity.type')).map((f) => [f, termNumber(f)] as const),
  ...documentFields.slice(0, OTHER).map((f) => [f, documentNumber(f)] as const),
  ...identifierFields.map((f) => [f, identifierNumber(f)] as const),
  // Aggregated events write eventId; some exports sharedEventId (spec: case variants).
  ['eventId', identifierNumber('eventID')],
  ['requestId', identifierNumber('requestID')],
  ['sharedEventId', identifierNumber('sharedEventID')],
  ['eventTime', EVENT_TIME],
])

const at = {
  eventSource: termNumber('eventSource'),
  eventName: termNumber('eventName'),
  eventType: termNumber('eventType'),
  recipientAccountId: termNumber('recipientAccountId'),
  errorCode: termNumber('errorCode'),
  errorMessage: termNumber('errorMessage'),
  type: termNumber('userIdentity.type'),
  arn: termNumber('userIdentity.arn'),
  principalId: termNumber('userIdentity.principalId'),
  accountId: termNumber('userIdentity.accountId'),
  accessKeyId: termNumber('userIdentity.accessKeyId'),
  userName: termNumber('userIdentity.userName'),
  invokedBy: termNumber('userIdentity.invokedBy'),
  identityProvider: termNumber('userIdentity.identityProvider'),
  onBehalfOf: termNumber('userIdentity.onBehalfOf.userId'),
  issuerArn: termNumber('userIdentity.sessionContext.sessionIssuer.arn'),
  mfa: termNumber('userIdentity.sessionContext.attributes.mfaAuthenticated'),
  sourceIdentity: termNumber('userIdentity.sessionContext.sourceIdentity'),
  account: termNumber('account'),
  principal: termNumber('principal'),
  access: termNumber('access'),
  resource: termNumber('resource'),
} as const

/**
 * Projects one record to its columns. Pure and total: no value of any type makes it fail. What has no column, or not the
 * type its column holds, is kept in `otherFields`. `flags` are facts the caller knows (bits of `eventFlags`).
 * A record without eventID gets `sha256:` and the hash of its canonical content as its first identifier.
 * Rules: CloudTrail record contents reference 1.11; attribution order of the aws-cloudtrail-processing-library.
 */
export function toEvent(record: JsonObject, flags = 0, memberText?: MemberText): EventColumns {
  const terms = new Array<string | undefined>(termFields.length).fill(undefined)
  const documents = new Array<string | undefined>(documentFields.length).fill(undefined)
  const identifiers = new Array<string | undefined>(identifierFields.length).fill(undefined)
  const indexDocuments = (flags & eventFlags.tooDeep) === 0
  let others = ''
  let timeMs: number | undefined
  let index = -1
  let facts = flags
  for (const key in record) {
    index++
    const value = record[key]
    if (value === null) continue
    const place = placeOf.get(key)
    if (place !== undefined) {
      if (place < DOCUMENTS) {
        const text = toTerm(value)
        if (text !== undefined) {
          terms[place] = text
          continue
        }
      } else if (place < IDENTIFIERS) {
        if (indexDocuments) documents[place - DOCUMENTS] = toDocument(value, index, memberText)
        continue
      } else if (place < EVENT_TIME) {
        const text = toTerm(value)
        if (text !== undefined) {
          identifiers[place - IDENTIFIERS] = text
          continue
        }
      } else {
        timeMs = toTime(value)
        if (timeMs !== undefined) {
          if (lacksZone(value)) facts |= eventFlags.timeUncertain
          continue
        }
      }
    }
    if (indexDocuments) others += `,${JSON.stringify(key)}:${toDocument(value, index, memberText)}`
  }
  if (others !== '') documents[OTHER] = `{${others.slice(1)}}`
  const inner = fromSpecialShapes(record, terms)
  timeMs ??= inner
  projectIdentity(record['userIdentity'], terms)
  if (timeMs === undefined) facts |= eventFlags.timeUncertain
  if (identifiers[0] === undefined || identifiers[0] === '') {
    identifiers[0] = `sha256:${createHash('sha256').update(canonicalJson(record)).digest('hex')}`
    facts |= eventFlags.syntheticId
  }
  terms[at.account] = toAccount(record, terms)
  terms[at.principal] = toPrincipal(terms)
  terms[at.access] = toAccess(record, terms)
  terms[at.resource] = toResource(record)
  return { timeMs, terms, documents, identifiers, flags: facts }
}

/** Strings, numbers and booleans as text; anything else has no place in a term. */
export function toTerm(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : undefined
}

function toDocument(value: unknown, index: number, memberText: MemberText | undefined): string {
  if (typeof value === 'string') return stringDocument(value)
  return memberText?.(index) ?? JSON.stringify(value)
}

/** The document of a string. Exports write a whole JSON value as a string: it is searched as the value it holds. */
export const stringDocument = (value: string): string => embeddedJson(value) ?? JSON.stringify(value)

function embeddedJson(text: string): string | undefined {
  const first = text.charCodeAt(0)
  if (first !== 0x7b && first !== 0x5b) return undefined
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Insights carry the call in insightDetails, aggregated events their time in timeWindow. Gives the time found there. */
function fromSpecialShapes(record: JsonObject, terms: (string | undefined)[]): number | undefined {
  if (terms[at.eventName] === undefined) {
    const details = record['insightDetails']
    if (isObject(details)) {
      terms[at.eventSource] ??= toTerm(details['eventSource'])
      terms[at.eventName] = toTerm(details['eventName'])
    }
  }
  const window = record['timeWindow']
  return isObject(window) ? toTime(window['windowStart']) : undefined
}

/** Fills in the terms that are read from `userIdentity`. */
export function projectIdentity(identity: unknown, terms: (string | undefined)[]): void {
  if (!isObject(identity)) return
  terms[at.type] = toTerm(identity['type'])
  terms[at.arn] = toTerm(identity['arn'])
  terms[at.principalId] = toTerm(identity['principalId'])
  terms[at.accountId] = toTerm(identity['accountId'])
  terms[at.accessKeyId] = toTerm(identity['accessKeyId'])
  terms[at.userName] = toTerm(identity['userName'])
  terms[at.invokedBy] = toTerm(identity['invokedBy'])
  terms[at.identityProvider] = toTerm(identity['identityProvider'])
  const behalf = identity['onBehalfOf']
  if (isObject(behalf)) terms[at.onBehalfOf] = toTerm(behalf['userId'])
  const session = identity['sessionContext']
  if (!isObject(session)) return
  terms[at.sourceIdentity] = toTerm(session['sourceIdentity'])
  const issuer = session['sessionIssuer']
  if (isObject(issuer)) terms[at.issuerArn] = toTerm(issuer['arn'])
  const attributes = session['attributes']
  if (isObject(attributes)) terms[at.mfa] = toTerm(attributes['mfaAuthenticated'])
}

/** The account of the session issuer of a `userIdentity`. */
export function issuerAccount(identity: unknown): string | undefined {
  const session = isObject(identity) ? identity['sessionContext'] : undefined
  const issuer = isObject(session) ? session['sessionIssuer'] : undefined
  return isObject(issuer) ? toTerm(issuer['accountId']) : undefined
}

function toAccount(record: JsonObject, terms: (string | undefined)[]): string | undefined {
  const known = terms[at.recipientAccountId] || terms[at.accountId]
  if (known) return known
  // Aggregated events name their account at the top.
  return issuerAccount(record['userIdentity']) || toTerm(record['accountId'])
}

/** Who acted, from the terms of `userIdentity` alone. */
export function toPrincipal(terms: readonly (string | undefined)[]): string | undefined {
  return (
    terms[at.arn] ||
    terms[at.issuerArn] ||
    terms[at.userName] ||
    terms[at.invokedBy] ||
    terms[at.principalId] ||
    terms[at.accountId] ||
    terms[at.type]
  )
}

/** The access-denied class of error codes: EC2's `Client.Unauthorized…`, `AccessDenied…`, `VpceAccessDenied`, `…Forbidden…`. */
const DENIED = ['AccessDenied', 'Unauthorized', 'Forbidden', 'NotAuthorized'] as const

/** What an error code says of a call; `undefined` without one. */
export const accessOfCode = (code: string | undefined): 'denied' | 'failed' | undefined =>
  code === undefined || code === '' ? undefined : DENIED.some((word) => code.includes(word)) ? 'denied' : 'failed'

/** Events that tell of no single call, which could succeed or fail. */
export const isNoCall = (eventType: string | undefined): boolean =>
  eventType === 'AwsCloudTrailInsight' || eventType === 'AwsAggregatedEvent'

function toAccess(record: JsonObject, terms: (string | undefined)[]): string | undefined {
  const coded = accessOfCode(terms[at.errorCode])
  if (coded !== undefined) return coded
  if (isNoCall(terms[at.eventType])) return undefined
  // A failed sign-in has no errorCode: responseElements names the event and its result, {"ConsoleLogin":"Failure"}.
  const response = record['responseElements']
  const name = terms[at.eventName]
  if (name !== undefined && isObject(response) && Object.hasOwn(response, name) && response[name] === 'Failure') {
    return 'denied'
  }
  return terms[at.errorMessage] ? 'failed' : 'ok'
}

/** Epoch numbers beyond this are milliseconds: as seconds they would lie after the year 5000. */
const LATEST_SECONDS = 1e11

function toTime(value: unknown): number | undefined {
  if (typeof value === 'string') return standardTime(value) ?? parseUtc(value)
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return undefined
  return Math.round(value > LATEST_SECONDS ? value : value * 1000)
}

const lacksZone = (value: unknown): boolean =>
  typeof value === 'string' && value.charCodeAt(19) !== 0x5a && !/(?:Z|[+-]\d\d:?\d\d)\s*$/i.test(value.slice(-12))

/** `2023-07-10T12:03:44Z` and nothing else, as UTC milliseconds: what trails write, read without a regular expression. */
export function standardTime(text: string): number | undefined {
  if (text.length !== 20 || text.charCodeAt(19) !== 0x5a || text.charCodeAt(10) !== 0x54) return undefined
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return undefined
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  // NaN fails every comparison.
  if (!(year > 999 && month > 0 && month < 13 && day > 0 && day < 32 && hour < 24 && minute < 60 && second < 60)) {
    return undefined
  }
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 0x30
  const ones = text.charCodeAt(index + 1) - 0x30
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : NaN
}
