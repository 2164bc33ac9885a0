import { isObject, type ContainerKind, type JsonObject } from './types.ts'

/** Whether an object is a CloudTrail record wherever it stands: it names a call, a service, and a version or a time. */
export function isRecord(value: unknown): value is JsonObject {
  if (!isObject(value)) return false
  const type = value['eventType']
  if (type === 'AwsCloudTrailInsight' || type === 'AwsAggregatedEvent') return true
  const source = value['eventSource']
  return (
    typeof source === 'string' &&
    source.includes('.') &&
    typeof value['eventName'] === 'string' &&
    (typeof value['eventVersion'] === 'string' || typeof value['eventTime'] === 'string')
  )
}

const RECORD_FIELDS = [
  'eventVersion',
  'eventTime',
  'eventSource',
  'eventName',
  'eventType',
  'eventID',
  'eventId',
  'userIdentity',
] as const

/** Whether an element of a `Records` array is one: there a record of any shape is kept, if it has two of its fields. */
export function isRecordInLog(value: JsonObject): boolean {
  let found = 0
  for (const field of RECORD_FIELDS) if (Object.hasOwn(value, field) && ++found === 2) return true
  return false
}

/** S3 event notifications also come as `{"Records":[…]}` with an eventSource and an eventName. */
export const isS3Notification = (value: JsonObject): boolean =>
  value['eventSource'] === 'aws:s3' || (isObject(value['s3']) && typeof value['eventName'] === 'string')

/** Which log of a trail a record of this category and type comes from. */
export function trailKind(category: string | undefined, type: string | undefined): ContainerKind {
  if (category === 'Insight' || type === 'AwsCloudTrailInsight') return 'insight-log'
  if (category === 'NetworkActivity') return 'network-activity-log'
  if (category === 'Aggregated' || type === 'AwsAggregatedEvent') return 'aggregated-log'
  return 'cloudtrail-log'
}

/** Files that are known by what stands at their root. */
export function rootKind(root: JsonObject): ContainerKind | undefined {
  if (isObject(root['Metadata']) && typeof root['Metadata']['signature'] === 'string') return 'signatures'
  if ('digestS3Object' in root && 'logFiles' in root) return 'digest'
  if (Array.isArray(root['PublicKeyList']) || Array.isArray(root['publicKeyList'])) return 'public-keys'
  if (typeof root['hashSignature'] === 'string' && Array.isArray(root['files'])) return 'lake-sign-file'
  if ('configurationItems' in root && 'fileVersion' in root) return 'config'
  if ('class_uid' in root && isObject(root['metadata'])) return 'ocsf'
  return undefined
}

/** The last part of a path of a folder, an archive or Windows. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), path.lastIndexOf('!')) + 1)
}

/** What the name of a file claims, used only where its content cannot say. */
export function kindByName(path: string): ContainerKind | undefined {
  const claim = /_CloudTrail(-Digest|-Insight|-NetworkActivity|-Aggregated)?_[a-z0-9-]+_/.exec(baseName(path))
  if (!claim) return undefined
  switch (claim[1]) {
    case '-Digest':
      return 'digest'
    case '-Insight':
      return 'insight-log'
    case '-NetworkActivity':
      return 'network-activity-log'
    case '-Aggregated':
      return 'aggregated-log'
    case undefined:
    default:
      return 'cloudtrail-log'
  }
}
