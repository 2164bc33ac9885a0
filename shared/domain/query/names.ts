import { documentFields, identifierFields, termFields } from '../fields.ts'
import type { DocumentField, IdentifierField, TermField } from '../fields.ts'
import { ensure } from '../../base/assert.ts'
import type { FieldRef, TextField } from './ast.ts'
import { quote } from './quote.ts'
import { fold } from './words.ts'

/** A name that may stand before `:` in a query, with one line of help. Used by completion and by the docs. */
export type FieldName = {
  readonly name: string
  readonly ref: FieldRef
  readonly help: string
  /** For a short name: the CloudTrail name it stands for. */
  readonly shortFor?: string
}

const term = (field: TermField, help: string): FieldName => ({
  name: field,
  ref: { kind: 'term', field, view: field === 'principal' || field === 'resource' ? 'name' : 'whole' },
  help,
})
const document = (field: DocumentField, help: string): FieldName => ({
  name: field,
  ref: { kind: 'document', field, path: [] },
  help,
})
const identifier = (field: IdentifierField, help: string): FieldName => ({
  name: field,
  ref: { kind: 'identifier', field },
  help,
})
const other = (name: string, help: string): FieldName => ({
  name,
  ref: { kind: 'document', field: 'otherFields', path: [name] },
  help,
})

const termHelp: Record<TermField, string> = {
  eventSource: 'the service that was called, as in s3.amazonaws.com',
  eventName: 'the call, as in ConsoleLogin or Delete*',
  awsRegion: 'the region that was called',
  recipientAccountId: 'the account that received the event',
  sourceIPAddress: 'address of the caller, or the AWS service that called; takes networks such as 203.0.113.0/24',
  userAgent: 'the program that called',
  errorCode: 'error of a failed call; -errorCode:* finds calls without error',
  errorMessage: 'message of a failed call',
  eventType: 'AwsApiCall, AwsConsoleSignIn, AwsServiceEvent, …',
  eventCategory: 'Management, Data, NetworkActivity or Insight',
  eventVersion: 'version of the record format',
  apiVersion: 'version of the service API',
  readOnly: 'true for calls that only read, false for calls that write',
  managementEvent: 'true for management events',
  vpcEndpointId: 'the VPC endpoint that the call went through',
  vpcEndpointAccountId: 'the account that owns the VPC endpoint',
  sessionCredentialFromConsole: 'true when the session came from the console',
  'userIdentity.type': 'Root, IAMUser, AssumedRole, AWSService, …',
  'userIdentity.arn': 'ARN of the caller',
  'userIdentity.principalId': 'unique id of the caller, with the session name after a colon',
  'userIdentity.accountId': 'the account of the caller',
  'userIdentity.accessKeyId': 'the access key that signed the call',
  'userIdentity.userName': 'name of the IAM user',
  'userIdentity.invokedBy': 'the AWS service that called on behalf of someone',
  'userIdentity.identityProvider': 'the identity provider of a federated caller',
  'userIdentity.onBehalfOf.userId': 'the IAM Identity Center user behind the call',
  'userIdentity.sessionContext.sessionIssuer.arn': 'ARN of the role behind the session',
  'userIdentity.sessionContext.attributes.mfaAuthenticated': 'true when the session was made with MFA',
  'userIdentity.sessionContext.sourceIdentity': 'the source identity that a role session carries',
  account: 'the account an event belongs to',
  principal: 'who acted: an ARN, or a name in it, as in alice',
  access: 'ok, denied or failed',
  resource: 'what the call was about: an ARN, or a name in it',
}

const documentHelp: Record<DocumentField, string> = {
  userIdentity: 'everything about the caller; add a path, as in userIdentity.sessionContext.sessionIssuer.userName',
  requestParameters: 'what was asked; add a path, as in requestParameters.bucketName',
  responseElements: 'what was answered; add a path, as in responseElements.accessKey.accessKeyId',
  additionalEventData: 'extra data of the service; add a path, as in additionalEventData.MFAUsed',
  resources: 'the resources of the call; add a path, as in resources.ARN',
  tlsDetails: 'the TLS connection; add a path, as in tlsDetails.tlsVersion',
  otherFields: 'every other member of the record; add a path',
}

const identifierHelp: Record<IdentifierField, string> = {
  eventID: 'id of the event',
  requestID: 'id of the request; retries share it',
  sharedEventID: 'id shared by the copies that several accounts received',
}

/** Members of a record without a column of their own (record contents reference, eventVersion 1.11; Lake for the last two). */
const otherNames: readonly FieldName[] = [
  other('serviceEventDetails', 'what a service event was about'),
  other('insightDetails', 'what an Insights event says'),
  other('addendum', 'why the record was delivered late or again'),
  other('edgeDeviceDetails', 'the edge device that was called'),
  other('eventContext', 'tags and condition keys added by CloudTrail Lake'),
  other('annotation', 'annotation added by CloudTrail Lake'),
]

/** The names in full: CloudTrail's own, and ours. */
const fullNames: readonly FieldName[] = [
  {
    name: 'eventTime',
    ref: { kind: 'time' },
    help: 'when: eventTime>=2023-07-10T12:00Z, eventTime:2023-07-10 for the whole day',
  },
  ...termFields.map((field) => term(field, termHelp[field])),
  ...documentFields.map((field) => document(field, documentHelp[field])),
  ...otherNames,
  ...identifierFields.map((field) => identifier(field, identifierHelp[field])),
  {
    name: 'service',
    ref: { kind: 'term', field: 'eventSource', view: 'service' },
    help: 'the service by its short name, as in s3 for s3.amazonaws.com',
  },
  { name: 'tag', ref: { kind: 'tag' }, help: 'a tag that an examiner gave' },
  { name: 'bookmark', ref: { kind: 'bookmark' }, help: 'yes or no' },
  { name: 'integrity', ref: { kind: 'integrity' }, help: 'verdict of the digest chain: proven, listed, modified, …' },
]

const roleIssuer = 'userIdentity.sessionContext.sessionIssuer.arn'

/** Short names that responders type, and what they stand for. */
const shorts: Readonly<Record<string, string>> = {
  time: 'eventTime',
  event: 'eventName',
  call: 'eventName',
  source: 'eventSource',
  type: 'eventType',
  category: 'eventCategory',
  region: 'awsRegion',
  ip: 'sourceIPAddress',
  agent: 'userAgent',
  error: 'errorCode',
  message: 'errorMessage',
  user: 'userIdentity.userName',
  identity: 'userIdentity.type',
  arn: 'userIdentity.arn',
  key: 'userIdentity.accessKeyId',
  mfa: 'userIdentity.sessionContext.attributes.mfaAuthenticated',
  bucket: 'requestParameters.bucketName',
  id: 'eventID',
}

/** The parts of a name as one key; JSON keeps a part that holds a dot apart from two parts. */
const keyOf = (parts: readonly string[]): string => JSON.stringify(parts.map(fold))

const fullByKey = new Map(fullNames.map((entry) => [keyOf(entry.name.split('.')), entry]))

const shortNames: readonly FieldName[] = [
  ...Object.entries(shorts).map(([name, full]) => ({
    name,
    ref: ensure(resolve(full.split('.')), `the short name ${name} stands for a field`),
    help: fullByKey.get(keyOf(full.split('.')))?.help ?? full,
    shortFor: full,
  })),
  {
    name: 'role',
    ref: { kind: 'term', field: roleIssuer, view: 'name' },
    help: 'the role behind the session: its ARN, or a name in it',
    shortFor: roleIssuer,
  },
]

const shortByKey = new Map(shortNames.map((entry) => [keyOf([entry.name]), entry]))

/** Every name with its help: full names first, then short names. */
export const queryFieldNames: readonly FieldName[] = [...fullNames, ...shortNames]

function resolve(parts: readonly string[]): FieldRef | undefined {
  const exact = fullByKey.get(keyOf(parts))
  if (exact !== undefined) return exact.ref
  const [head, ...path] = parts
  const root = head === undefined ? undefined : fullByKey.get(keyOf([head]))?.ref
  if (root?.kind !== 'document') return undefined
  return { kind: 'document', field: root.field, path: [...root.path, ...path] }
}

/** What the parts of a name (`['userIdentity', 'arn']`) stand for, without regard to case; `undefined` if nothing. */
export const resolveField = (parts: readonly string[]): FieldRef | undefined =>
  (parts.length === 1 ? shortByKey.get(keyOf(parts))?.ref : undefined) ?? resolve(parts)

const PLAIN_PART = /^[\p{L}\p{N}_$@#%+-]+$/u
const partText = (part: string): string => (PLAIN_PART.test(part) && !/\p{M}/u.test(part) ? part : quote(part))

/**
 * The name of a place in a document as it is written in a query: parts with other characters than letters, digits and `-` are quoted,
 * as in `requestParameters."aws:SourceArn"`. Array indices are left out of `path`: arrays are walked.
 */
export const documentFieldText = (field: DocumentField, path: readonly string[]): string =>
  [field, ...path.map(partText)].join('.')

/** The full name of a field in a query. */
export function fieldText(ref: FieldRef): string {
  switch (ref.kind) {
    case 'term':
      if (ref.view === 'service') return 'service'
      return ref.view === 'name' && ref.field === roleIssuer ? 'role' : ref.field
    case 'document':
      return documentText(ref)
    case 'identifier':
      return ref.field
    case 'tag':
    case 'integrity':
    case 'bookmark':
      return ref.kind
    case 'time':
      return 'eventTime'
  }
}

function documentText(ref: TextField & { kind: 'document' }): string {
  const [first, ...rest] = ref.path
  const known = ref.field === 'otherFields' && first !== undefined && otherNames.some((entry) => entry.name === first)
  return known ? [first, ...rest.map(partText)].join('.') : documentFieldText(ref.field, ref.path)
}

/** The known name that was probably meant, or `undefined`. */
export function closestName(wanted: string): string | undefined {
  const folded = fold(wanted)
  const inside = queryFieldNames.find((entry) => fold(entry.name).endsWith(`.${folded}`))
  return (
    inside?.name ??
    closest(
      wanted,
      queryFieldNames.map((entry) => entry.name),
    )
  )
}

/** The candidate that begins with what is wanted, or the one with the fewest edits if it is near enough to be a slip. */
export function closest(wanted: string, candidates: readonly string[]): string | undefined {
  const folded = fold(wanted).slice(0, 60)
  let best = folded.length < 3 ? undefined : candidates.find((candidate) => fold(candidate).startsWith(folded))
  if (best !== undefined) return best
  let least = (folded.length < 4 ? 1 : Math.floor(folded.length / 3) + 1) + 1
  for (const candidate of candidates) {
    const distance = editDistance(folded, fold(candidate))
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** Levenshtein distance; both texts are short. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
