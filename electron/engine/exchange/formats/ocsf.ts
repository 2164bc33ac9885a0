import { isIP } from './is-ip.ts'
import { parseUtc } from '#shared/base/time.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { encodeChunks } from './chunks.ts'
import { commentText, listResources, parsedDocument, recordText, textAt } from './event-facts.ts'
import { prune, rawOrText, topMembers, writeJson, type JsonObject, type JsonValue } from './json-text.ts'
import { apiActivity } from './ocsf-activity.ts'
import { offsetTime } from './timesketch.ts'

const CLASS = 6003

/**
 * OCSF 1.5.0 API Activity (class 6003), one object per line, after the published mapping of CloudTrail (ocsf/examples,
 * AWS v1.5.0, CloudTrail API Activity). Request and response go in as the evidence wrote them, numbers unrounded. What has no
 * place in OCSF is under `unmapped` with CloudTrail's names; where the event lies in the evidence is under
 * `unmapped.trailcase`; the record's text is `raw_data`. Constant memory.
 */
export const writeOcsf = (events: AsyncIterable<ExportEvent>): AsyncIterable<Uint8Array> => encodeChunks(lines(events))

async function* lines(events: AsyncIterable<ExportEvent>): AsyncGenerator<string> {
  for await (const event of events) yield `${writeJson(toApiActivity(event))}\n`
}

/** One event as OCSF API Activity. The members that OCSF requires are always there. */
export function toApiActivity(event: ExportEvent): JsonObject {
  const { terms } = event
  const activity = apiActivity(terms.eventName ?? '', terms.readOnly === 'true')
  const failure = terms.access === 'denied' || terms.access === 'failed' || terms.errorCode !== undefined
  const optional = prune({
    cloud: { provider: 'AWS', region: terms.awsRegion, account: { uid: terms.recipientAccountId ?? terms.account } },
    http_request: { user_agent: terms.userAgent },
    resources: resources(event),
    status_code: terms.errorCode,
    status_detail: terms.errorMessage,
    observables: observables(event),
  })
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: 6,
    category_name: 'Application Activity',
    class_uid: CLASS,
    class_name: 'API Activity',
    type_uid: CLASS * 100 + activity.id,
    type_name: `API Activity: ${activity.name}`,
    severity_id: 1,
    severity: 'Informational',
    status_id: failure ? 2 : 1,
    status: failure ? 'Failure' : 'Success',
    time: event.timeMs,
    time_dt: offsetTime(event.timeMs),
    metadata: metadata(event),
    actor: actor(event),
    api: api(event),
    src_endpoint: sourceEndpoint(event),
    ...optional,
    unmapped: unmapped(event),
    raw_data: recordText(event),
  }
}

function metadata(event: ExportEvent): JsonObject {
  const { terms, identifiers } = event
  return {
    version: '1.5.0',
    profiles: ['cloud', 'datetime'],
    uid: identifiers.eventID,
    event_code: terms.eventType,
    product: {
      name: 'CloudTrail',
      vendor_name: 'AWS',
      version: terms.eventVersion,
      feature: terms.eventCategory === undefined ? undefined : { name: terms.eventCategory },
    },
    labels: event.tags.length === 0 ? undefined : event.tags,
  }
}

/** OCSF requires an actor that names something: an empty identity becomes the user `Unknown`. */
function actor(event: ExportEvent): JsonObject {
  const { terms } = event
  const identity = parsedDocument(event.documents.userIdentity)
  const created = textAt(identity, 'sessionContext', 'attributes', 'creationDate')
  const createdMs = created === undefined ? undefined : parseUtc(created)
  const mfa = terms['userIdentity.sessionContext.attributes.mfaAuthenticated']
  const known = prune({
    user: {
      name: terms['userIdentity.userName'] ?? textAt(parsedDocument(event.documents.additionalEventData), 'UserName'),
      type: terms['userIdentity.type'],
      uid: terms['userIdentity.arn'],
      uid_alt: terms['userIdentity.principalId'] ?? terms['userIdentity.onBehalfOf.userId'],
      credential_uid: terms['userIdentity.accessKeyId'] ?? textAt(identity, 'credentialId'),
      account: { uid: terms['userIdentity.accountId'] },
    },
    session: {
      issuer: terms['userIdentity.sessionContext.sessionIssuer.arn'],
      is_mfa: mfa === undefined ? undefined : mfa === 'true',
      created_time: createdMs,
      created_time_dt: createdMs === undefined ? undefined : offsetTime(createdMs),
    },
    idp: {
      name:
        terms['userIdentity.identityProvider'] ??
        textAt(identity, 'sessionContext', 'webIdFederationData', 'federatedProvider') ??
        textAt(identity, 'webIdFederationData', 'federatedProvider'),
      uid: textAt(identity, 'onBehalfOf', 'identityStoreArn'),
    },
    invoked_by: terms['userIdentity.invokedBy'],
  })
  return known ?? { user: { name: 'Unknown' } }
}

function api(event: ExportEvent): JsonObject {
  const { terms, documents, identifiers } = event
  const optional = prune({
    version: terms.apiVersion,
    service: { name: terms.eventSource },
    request: { uid: identifiers.requestID, data: document(documents.requestParameters) },
    response: { error: terms.errorCode, message: terms.errorMessage, data: document(documents.responseElements) },
  })
  return { operation: terms.eventName ?? 'Unknown', ...optional }
}

const document = (text: string | undefined): JsonValue | undefined => (text === undefined ? undefined : rawOrText(text))

/** An address, or the name of the AWS service that called. OCSF wants at least one of ip, uid, name, svc_name, … */
function sourceEndpoint(event: ExportEvent): JsonObject {
  const { sourceIPAddress: source, vpcEndpointId } = event.terms
  const from: JsonObject =
    source === undefined ? {} : isIP(source) !== 0 ? { ip: source } : { domain: source, svc_name: source }
  return prune({ ...from, uid: vpcEndpointId }) ?? { name: 'Unknown' }
}

function resources(event: ExportEvent): JsonValue | undefined {
  const list = listResources(event).flatMap((resource) => {
    const entry = prune({ uid: resource.arn, type: resource.type, owner: { account: { uid: resource.account } } })
    return entry === undefined ? [] : [entry]
  })
  return list.length === 0 ? undefined : list
}

/** The observables of the published mapping: addresses (2), user names (4), resource ARNs (10, resource UID). */
function observables(event: ExportEvent): JsonValue | undefined {
  const { terms } = event
  const source = terms.sourceIPAddress
  const list: JsonObject[] = []
  if (terms['userIdentity.userName'] !== undefined) {
    list.push({ name: 'actor.user.name', type: 'User Name', type_id: 4, value: terms['userIdentity.userName'] })
  }
  if (source !== undefined && isIP(source) !== 0) {
    list.push({ name: 'src_endpoint.ip', type: 'IP Address', type_id: 2, value: source })
  }
  for (const { arn } of listResources(event)) {
    if (arn !== undefined) list.push({ name: 'resources[].uid', type: 'Resource UID', type_id: 10, value: arn })
  }
  return list.length === 0 ? undefined : list
}

function unmapped(event: ExportEvent): JsonObject {
  const { terms, documents, identifiers } = event
  return {
    ...Object.fromEntries(topMembers(documents.otherFields ?? '').map(([name, text]) => [name, rawOrText(text)])),
    readOnly: terms.readOnly,
    managementEvent: terms.managementEvent,
    sharedEventID: identifiers.sharedEventID,
    vpcEndpointAccountId: terms.vpcEndpointAccountId,
    sessionCredentialFromConsole: terms.sessionCredentialFromConsole,
    sourceIdentity: terms['userIdentity.sessionContext.sourceIdentity'],
    additionalEventData: document(documents.additionalEventData),
    tlsDetails: document(documents.tlsDetails),
    trailcase: {
      evidence_file: event.source.path,
      evidence_sha256: event.source.sha256,
      evidence_record: event.source.ordinal,
      record_sha256: event.recordSha256,
      integrity: event.integrity,
      occurrences: event.occurrences,
      exhibit: event.bookmark?.exhibit,
      comment: commentText(event) === '' ? undefined : commentText(event),
    },
  }
}
