import { isExactly } from './query/narrow.ts'
import { printQuery } from './query/print.ts'

/** What has a page of its own because a field names it, and that field. */
export const entityFields = {
  principal: 'principal',
  role: 'userIdentity.sessionContext.sessionIssuer.arn',
  session: 'userIdentity.arn',
  key: 'userIdentity.accessKeyId',
  address: 'sourceIPAddress',
  agent: 'userAgent',
  resource: 'resource',
  account: 'account',
} as const

/** What can have a page of its own, in the order of the lists. */
export const entityKinds = [
  'principal',
  'role',
  'session',
  'key',
  'address',
  'agent',
  'resource',
  'bucket',
  'account',
] as const
export type EntityKind = (typeof entityKinds)[number]

/**
 * Whether an ARN names one stay in a role or a federated session: `arn:aws:sts::111122223333:assumed-role/Admin/alice`
 * (IAM user guide, "IAM identifiers", STS principals). All stays under one session name are one session here, as in the
 * relations of an event; the access keys of a page tell them apart.
 */
export const isSessionArn = (arn: string): boolean =>
  /^arn:[^:]*:sts::[^:]*:(?:assumed-role|federated-user)\//.test(arn)

const S3_ARN = /^arn:aws[^:]*:s3:::([^/]+)/i
/** The service whose resources are buckets and what lies in them. */
export const BUCKET_SOURCE = 's3.amazonaws.com'
/** Names as S3 allows them, the long ones of the first years included (S3 user guide, "Bucket naming rules"). */
const BUCKET_NAME = /^[A-Za-z0-9._-]{3,255}$/

/** The bucket that a resource of an S3 call is or lies in: from its ARN, or the bare name. Undefined for anything else. */
export function bucketOf(resource: string): string | undefined {
  const name = S3_ARN.exec(resource)?.[1] ?? (BUCKET_NAME.test(resource) ? resource : undefined)
  return name?.toLowerCase()
}

/** The condition that asks for the events of an entity: the calls that it made, or that were about it. */
export function entityWhere(kind: EntityKind, value: string): string {
  if (kind !== 'bucket') return isExactly(entityFields[kind], value)
  const resource = { kind: 'term', field: 'resource', view: 'whole' } as const
  const span = { start: 0, end: 0 }
  const within = (...tail: readonly ({ kind: 'any' } | { kind: 'literal'; text: string })[]): string =>
    printQuery({
      kind: 'wildcard',
      field: resource,
      pattern: [
        { kind: 'literal', text: 'arn:aws' },
        { kind: 'any' },
        { kind: 'literal', text: `:s3:::${value}` },
        ...tail,
      ],
      span,
    })
  const objects = within({ kind: 'literal', text: '/' }, { kind: 'any' })
  return `${isExactly('eventSource', BUCKET_SOURCE)} (${isExactly('resource', value)} OR ${within()} OR ${objects})`
}

const kindOfField = new Map<string, EntityKind>(
  entityKinds.flatMap((kind) => (kind === 'bucket' ? [] : [[entityFields[kind], kind] as const])),
)

/** The kind whose page a value of this field has, if any. A principal that is a session has the page of the session. */
export function entityKindOf(field: string, value: string): EntityKind | undefined {
  const kind = kindOfField.get(field)
  if (kind === 'principal' && isSessionArn(value)) return 'session'
  return kind === 'session' && !isSessionArn(value) ? undefined : kind
}
