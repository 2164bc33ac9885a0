import { eventFlags } from '#shared/domain/fields.ts'
import { parseEmbedded } from './embedded-json.ts'
import { isRecord, isRecordInLog, isS3Notification, rootKind, trailKind } from './recognise.ts'
import { rowToRecord } from './row-to-record.ts'
import { isObject, type ContainerKind, type JsonObject, type Outcome } from './types.ts'

/** A record inside a wrapper. `path`: where it stands as an object; without it the whole item is its source. */
export type Wrapped = {
  readonly record: JsonObject
  readonly flags: number
  readonly path?: readonly (string | number)[]
}

/** What one value of a JSON text turned out to be. */
export type Unwrapped =
  | { readonly is: 'records'; readonly kind: ContainerKind; readonly records: readonly Wrapped[] }
  /** A digest, key list or signature. */
  | { readonly is: 'proof'; readonly kind: ContainerKind }
  /** Known, and not read: the whole file gets this outcome. */
  | {
      readonly is: 'refused'
      readonly kind: ContainerKind
      readonly outcome: Exclude<Outcome, 'stored'>
      readonly reason: string
    }
  /** Belongs to the container and holds no record. */
  | { readonly is: 'skipped'; readonly kind: ContainerKind; readonly note: string }
  /** A wrapper whose record cannot be read. */
  | { readonly is: 'unreadable'; readonly kind: ContainerKind; readonly reason: string }
  | { readonly is: 'foreign' }

const FOREIGN: Unwrapped = { is: 'foreign' }
/** Wrappers inside wrappers (an SQS message that holds an SNS message that holds an event). */
const WRAPPER_DEPTH = 4
/** How deep a record may hide in a wrapper that nobody documented. */
const SEARCH_DEPTH = 3
const SEARCH_LIMIT = 10_000

/**
 * Says what a value is that is not a plain record: the wrapper formats of exports, proofs, and neighbours in the same
 * bucket. First match wins. `key` is the array it stood in (see `ScannedItem`).
 */
export function unwrap(value: unknown, key: string, depthLimit: number, depth = 0): Unwrapped {
  if (depth > WRAPPER_DEPTH) return FOREIGN
  if (Array.isArray(value)) return fromRow(value as unknown[], depthLimit)
  if (typeof value === 'string') return fromText(value, 'json-records', depthLimit, depth)
  if (!isObject(value)) return FOREIGN
  if (key === 'Records' && isS3Notification(value)) return S3_NOTIFICATION
  return (
    fromRoot(value) ??
    fromLookup(value, depthLimit, depth) ??
    fromEventBridge(value) ??
    fromCloudWatch(value, key, depthLimit, depth) ??
    fromSplunk(value, depthLimit, depth) ??
    fromElastic(value, depthLimit, depth) ??
    fromQueue(value, depthLimit, depth) ??
    search(value)
  )
}

const S3_NOTIFICATION: Unwrapped = {
  is: 'refused',
  kind: 's3-notification',
  outcome: 'ignored',
  reason: 'S3 event notifications: they tell of objects in a bucket and are not CloudTrail records.',
}

/** Whether the file's root says what it is. */
function fromRoot(value: JsonObject): Unwrapped | undefined {
  const kind = rootKind(value)
  return kind === undefined ? undefined : knownRoot(kind)
}

/** What to do with a file that is known by its root. */
export function knownRoot(kind: ContainerKind): Unwrapped {
  if (kind === 'config') {
    return { is: 'refused', kind, outcome: 'ignored', reason: 'AWS Config history or snapshot: not CloudTrail.' }
  }
  if (kind === 'ocsf') {
    const reason = 'OCSF events (Security Lake) are not read: import the log files of the original trail.'
    return { is: 'refused', kind, outcome: 'quarantined', reason }
  }
  return { is: 'proof', kind }
}

/** `aws cloudtrail lookup-events`: the whole record as a string. */
function fromLookup(value: JsonObject, depthLimit: number, depth: number): Unwrapped | undefined {
  const text = value['CloudTrailEvent']
  return typeof text === 'string' ? fromText(text, 'lookup-events', depthLimit, depth) : undefined
}

function fromEventBridge(value: JsonObject): Unwrapped | undefined {
  const detail = value['detail']
  if (!isRecord(detail)) return undefined
  return { is: 'records', kind: 'eventbridge', records: [{ record: detail, flags: 0, path: ['detail'] }] }
}

/** Members of `events` (filter-log-events) and `logEvents` (subscriptions): the record is the message. */
function fromCloudWatch(value: JsonObject, key: string, depthLimit: number, depth: number): Unwrapped | undefined {
  if (value['messageType'] === 'CONTROL_MESSAGE') {
    return { is: 'skipped', kind: 'cloudwatch-logs', note: 'CloudWatch Logs control messages hold no record.' }
  }
  const message = value['message'] ?? value['@message']
  if (typeof message !== 'string') return undefined
  if (key !== 'events' && key !== 'logEvents' && !('timestamp' in value) && !('@message' in value)) return undefined
  return fromText(message, 'cloudwatch-logs', depthLimit, depth)
}

function fromSplunk(value: JsonObject, depthLimit: number, depth: number): Unwrapped | undefined {
  const kind = 'splunk'
  const result = isObject(value['result']) ? value['result'] : value
  if (value['preview'] === true) {
    return { is: 'skipped', kind, note: 'Splunk preview lines are intermediate results and are left out.' }
  }
  const raw = result['_raw']
  if (typeof raw === 'string') return derived(fromText(raw, kind, depthLimit, depth))
  if (result !== value) {
    const record = rowToRecord(Object.keys(result), Object.values(result))
    if (isRecord(record)) return { is: 'records', kind, records: [{ record, flags: eventFlags.derived }] }
  }
  if (value['preview'] === false && value['lastrow'] === true)
    return { is: 'skipped', kind, note: 'Splunk end marker.' }
  return undefined
}

function fromElastic(value: JsonObject, depthLimit: number, depth: number): Unwrapped | undefined {
  const source = value['_source']
  if (!isObject(source)) return undefined
  const kind = 'elastic'
  const isPlain: boolean = isRecord(source)
  if (isPlain)
    return { is: 'records', kind, records: [{ record: source, flags: eventFlags.derived, path: ['_source'] }] }
  const event = source['event']
  const original = isObject(event) ? event['original'] : source['event.original']
  const text = original ?? source['message']
  if (typeof text === 'string') return derived(fromText(text, kind, depthLimit, depth))
  const reason = 'The Elasticsearch document has no event.original. Export again with that field.'
  return { is: 'unreadable', kind, reason }
}

/** SNS notifications and SQS messages: the message is JSON again. */
function fromQueue(value: JsonObject, depthLimit: number, depth: number): Unwrapped | undefined {
  const isNotification = value['Type'] === 'Notification' && typeof value['Message'] === 'string'
  const body = isNotification ? value['Message'] : value['Body']
  if (typeof body !== 'string') return undefined
  if (!isNotification && !('MessageId' in value) && !('ReceiptHandle' in value)) return undefined
  const parsed = parseEmbedded(body, depthLimit)
  if (parsed === undefined) return { is: 'unreadable', kind: 'sns-sqs', reason: 'The message is not valid JSON.' }
  if (isObject(parsed.value) && 's3Bucket' in parsed.value && 's3ObjectKey' in parsed.value) {
    return { is: 'skipped', kind: 'sns-sqs', note: 'CloudTrail delivery notices name log files and hold no record.' }
  }
  const inner = inside(parsed.value, parsed.flags, depthLimit, depth)
  return inner.is === 'records' ? { ...inner, kind: 'sns-sqs' } : inner
}

/** The records of a value that came out of a string: it has no place of its own in the file. */
function inside(value: unknown, flags: number, depthLimit: number, depth: number): Unwrapped {
  const kind = 'json-records'
  if (isObject(value) && Array.isArray(value['Records'])) {
    const elements = (value['Records'] as unknown[]).filter(isObject)
    if (elements.some(isS3Notification)) return S3_NOTIFICATION
    const records = elements.filter(isRecordInLog).map((record) => ({ record, flags }))
    return records.length > 0 ? { is: 'records', kind, records } : FOREIGN
  }
  if (isRecord(value)) return { is: 'records', kind, records: [{ record: value, flags }] }
  const found = unwrap(value, '', depthLimit, depth + 1)
  if (found.is !== 'records') return found
  return { ...found, records: found.records.map(({ record, flags: own }) => ({ record, flags: own | flags })) }
}

function fromText(text: string, kind: ContainerKind, depthLimit: number, depth: number): Unwrapped {
  const parsed = parseEmbedded(text, depthLimit)
  if (parsed === undefined)
    return { is: 'unreadable', kind, reason: 'The record inside the wrapper is not valid JSON.' }
  const found = inside(parsed.value, parsed.flags, depthLimit, depth)
  if (found.is === 'foreign')
    return kind === 'json-records' ? FOREIGN : { is: 'unreadable', kind, reason: FOREIGN_MESSAGE }
  return found.is === 'records' ? { ...found, kind } : found
}

const FOREIGN_MESSAGE = 'The wrapper holds no CloudTrail record.'

const derived = (found: Unwrapped): Unwrapped =>
  found.is === 'records'
    ? { ...found, records: found.records.map((r) => ({ ...r, flags: r.flags | eventFlags.derived })) }
    : found

/** A row of CloudTrail Lake (one-member objects) or of CloudWatch Logs Insights (`field` and `value`). */
function fromRow(row: readonly unknown[], depthLimit: number): Unwrapped {
  const names: string[] = []
  const values: unknown[] = []
  let insights = false
  for (const cell of row) {
    if (!isObject(cell)) return FOREIGN
    if (typeof cell['field'] === 'string' && 'value' in cell) {
      insights = true
      names.push(cell['field'])
      values.push(cell['value'])
    } else {
      for (const name of Object.keys(cell)) {
        names.push(name)
        values.push(cell[name])
      }
    }
  }
  const message = values[names.indexOf('@message')]
  if (typeof message === 'string') return fromText(message, 'cloudwatch-logs', depthLimit, 0)
  const kind: ContainerKind = insights ? 'cloudwatch-logs' : 'lake-results'
  const full = values[names.findIndex((name) => name.toLowerCase() === 'eventjson')]
  if (typeof full === 'string') return derived(fromText(full, kind, depthLimit, 0))
  const record = rowToRecord(names, values)
  if (!isRecordInLog(record)) return FOREIGN
  return { is: 'records', kind, records: [{ record, flags: eventFlags.derived }] }
}

/** Looks into an unknown wrapper: records as objects, three levels down, in the order of the text. */
function search(value: JsonObject): Unwrapped {
  const records: Wrapped[] = []
  const budget = { left: SEARCH_LIMIT }
  collect(value, [], records, budget)
  const first = records[0]
  if (first === undefined) return FOREIGN
  const text = (field: string) => (typeof first.record[field] === 'string' ? first.record[field] : undefined)
  const inLog = first.path?.includes('Records') ?? false
  return { is: 'records', kind: inLog ? trailKind(text('eventCategory'), text('eventType')) : 'json-records', records }
}

function collect(value: unknown, path: readonly (string | number)[], into: Wrapped[], budget: { left: number }): void {
  if (budget.left-- <= 0 || path.length > SEARCH_DEPTH) return
  if (isRecord(value)) {
    into.push({ record: value, flags: 0, path })
  } else if (Array.isArray(value)) {
    value.forEach((element: unknown, index) => collect(element, [...path, index], into, budget))
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) collect(value[key], [...path, key], into, budget)
  }
}
