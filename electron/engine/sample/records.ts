import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import { principalId, uuid } from './ids.ts'

/** Shapes of CloudTrail records and of those who act in them (record contents reference, eventVersion 1.08 to 1.11). */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }
export type EventRecord = JsonObject & { readonly eventTime: string; readonly eventID: string }

/** Who calls, from where and with what program. */
export type Actor = {
  readonly identity: JsonObject
  readonly sourceIPAddress: string
  readonly userAgent: string
  /** Made in a browser: the record then says `sessionCredentialFromConsole`. */
  readonly console?: true
  /** Through an endpoint in a VPC. */
  readonly vpcEndpointId?: string
}

/** One API call, before CloudTrail has written it down. `service` is the first part of the event source: `iam`. */
export type Call = {
  readonly time: UtcMs
  readonly account: string
  readonly region: string
  readonly service: string
  readonly name: string
  readonly actor: Actor
  readonly request?: Json
  readonly response?: Json
  readonly additional?: JsonObject
  readonly error?: { readonly code: string; readonly message?: string }
  readonly resources?: readonly JsonObject[]
  /** S3 objects and the like: `Data`. Everything else is `Management`. */
  readonly category?: 'Management' | 'Data'
  readonly type?: 'AwsApiCall' | 'AwsServiceEvent' | 'AwsConsoleSignIn' | 'AwsConsoleAction'
  /** Default: by the name (`Get…`, `List…`, `Describe…` and the like only read). */
  readonly readOnly?: boolean
  readonly eventID?: string
  readonly sharedEventID?: string
  readonly serviceEventDetails?: JsonObject
  readonly version?: string
  /** Members that are not named above. */
  readonly more?: JsonObject
}

/** Services whose events CloudTrail records with the version that they were built with; the rest write 1.09 or 1.11. */
const versions: Readonly<Record<string, string>> = {
  iam: '1.10',
  sts: '1.08',
  kms: '1.11',
  s3: '1.11',
  ec2: '1.10',
  signin: '1.08',
  logs: '1.08',
}

const READS =
  /^(?:Get|List|Describe|Head|Lookup|Simulate|BatchGet|Scan|Query|Search|AssumeRole|Decrypt|GenerateDataKey)/

/** Whether the name promises that the call changes nothing. AWS counts AssumeRole, Decrypt and GenerateDataKey as reads. */
export const readsOnly = (eventName: string): boolean => READS.test(eventName)

/**
 * The record that CloudTrail would write, members in its order. `seed` makes its ids: the same call with the same
 * seed gives the same record.
 */
export function toRecord(call: Call, seed: string): EventRecord {
  const { actor, service, name, type = 'AwsApiCall' } = call
  const category = call.category ?? 'Management'
  const record: Record<string, Json> & { eventTime: string; eventID: string } = {
    eventVersion: call.version ?? versions[service] ?? '1.09',
    userIdentity: actor.identity,
    eventTime: formatUtc(call.time),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: call.region,
    sourceIPAddress: actor.sourceIPAddress,
    userAgent: actor.userAgent,
    ...(call.error && { errorCode: call.error.code }),
    ...(call.error?.message !== undefined && { errorMessage: call.error.message }),
    requestParameters: call.request ?? null,
    responseElements: call.response ?? null,
    ...(call.additional && { additionalEventData: call.additional }),
    ...(type === 'AwsApiCall' && { requestID: uuid(`request ${seed}`) }),
    eventID: call.eventID ?? uuid(`event ${seed}`),
    readOnly: call.readOnly ?? readsOnly(name),
    ...(call.resources && { resources: call.resources }),
    eventType: type,
    managementEvent: category === 'Management',
    recipientAccountId: call.account,
    ...(call.sharedEventID !== undefined && { sharedEventID: call.sharedEventID }),
    ...(call.serviceEventDetails && { serviceEventDetails: call.serviceEventDetails }),
    ...(actor.vpcEndpointId !== undefined && {
      vpcEndpointId: actor.vpcEndpointId,
      vpcEndpointAccountId: call.account,
    }),
    eventCategory: category,
    ...(hasTls(actor) && { tlsDetails: tlsDetails(call) }),
    ...(actor.console && type === 'AwsApiCall' && { sessionCredentialFromConsole: 'true' }),
    ...call.more,
  }
  return record
}

/** Calls that AWS services make carry no TLS details. */
const hasTls = (actor: Actor): boolean => /^[\d.]+$|:/.test(actor.sourceIPAddress)

function tlsDetails({ service, region, category, request }: Call): JsonObject {
  const host = ['iam', 'sts'].includes(service) ? `${service}.amazonaws.com` : `${service}.${region}.amazonaws.com`
  const bucket =
    category === 'Data' && request !== null && typeof request === 'object' && 'bucketName' in request
      ? request['bucketName']
      : undefined
  return {
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader:
      service === 'signin'
        ? `${region}.signin.aws.amazon.com`
        : typeof bucket === 'string'
          ? `${bucket}.s3.${region}.amazonaws.com`
          : host,
    ...(service === 'kms' && { keyExchange: 'X25519MLKEM768' }),
  }
}

/** `userIdentity` of an IAM user; with `session` for temporary credentials (console, GetSessionToken). */
export function iamUser(
  account: string,
  userName: string,
  accessKeyId: string | undefined,
  session?: { created: UtcMs; mfa: boolean; signIn?: string },
): JsonObject {
  return {
    type: 'IAMUser',
    principalId: principalId('AIDA', `${account} ${userName}`),
    arn: `arn:aws:iam::${account}:user/${userName}`,
    accountId: account,
    ...(accessKeyId !== undefined && { accessKeyId }),
    userName,
    ...(session && {
      sessionContext: {
        sessionIssuer: {},
        webIdFederationData: {},
        attributes: attributesOf(session),
        ...(session.signIn !== undefined && { signInSessionArn: session.signIn }),
      },
    }),
  }
}

/** `userIdentity` of an assumed role. `more` goes into `sessionContext` (`ec2RoleDelivery`, `sourceIdentity`, …). */
export function roleSession(
  account: string,
  role: string,
  session: string,
  options: { accessKeyId: string; created: UtcMs; mfa?: boolean; path?: string; more?: JsonObject; invokedBy?: string },
): JsonObject {
  const id = principalId('AROA', `${account} ${role}`)
  return {
    type: 'AssumedRole',
    principalId: `${id}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: options.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: id,
        arn: `arn:aws:iam::${account}:role/${options.path ?? ''}${role}`,
        accountId: account,
        userName: role,
      },
      webIdFederationData: {},
      attributes: attributesOf({ created: options.created, mfa: options.mfa ?? false }),
      ...options.more,
    },
    ...(options.invokedBy !== undefined && { invokedBy: options.invokedBy }),
  }
}

const attributesOf = (session: { created: UtcMs; mfa: boolean }): JsonObject => ({
  creationDate: formatUtc(session.created),
  mfaAuthenticated: String(session.mfa),
})

/** An AWS service that acts for itself. */
export const awsService = (host: string): Actor => ({
  identity: { type: 'AWSService', invokedBy: host },
  sourceIPAddress: host,
  userAgent: host,
})

/** The actor's ARN, or an empty text for those who have none. */
export const arnOf = ({ identity }: Actor): string => (typeof identity['arn'] === 'string' ? identity['arn'] : '')
