/**
 * What is kept of each event as columns. The exact record stays in the source file; these columns are derived from it
 * and can be rebuilt at any time. Their order is stored in case files: append only, and raise the schema version.
 *
 * - A **term** is a short text that repeats (a service, a region): a dictionary per field, and one small number per event.
 * - A **document** is a JSON value that repeats as a whole (request parameters): a dictionary of distinct texts per field.
 * - An **identifier** hardly ever repeats (eventID): kept in the row, with a 32-bit hash per event for looking it up.
 *
 * Names are CloudTrail's own, with the path inside the record (record contents reference, eventVersion 1.11); names
 * without a dot that CloudTrail does not have (`account`, `principal`, `access`, `resource`) are ours, explained below.
 */
export const termFields = [
  'eventSource',
  'eventName',
  'awsRegion',
  'recipientAccountId',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
  'eventType',
  'eventCategory',
  'eventVersion',
  'apiVersion',
  'readOnly',
  'managementEvent',
  'vpcEndpointId',
  'vpcEndpointAccountId',
  'sessionCredentialFromConsole',
  'userIdentity.type',
  'userIdentity.arn',
  'userIdentity.principalId',
  'userIdentity.accountId',
  'userIdentity.accessKeyId',
  'userIdentity.userName',
  'userIdentity.invokedBy',
  'userIdentity.identityProvider',
  'userIdentity.onBehalfOf.userId',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'userIdentity.sessionContext.sourceIdentity',
  /** The account an event belongs to: recipientAccountId, else userIdentity.accountId, else the session issuer's. */
  'account',
  /** Who acted, in one text: the ARN, else the session issuer's, else user name, service, principal id, account, type. */
  'principal',
  /** `ok`, `denied` (the access-denied class of error codes, and failed console logins) or `failed` (any other error). */
  'access',
  /** The first ARN or name that the call was about. */
  'resource',
] as const

/** Terms that are put together from others: free text need not look into them, as their texts stand in the record anyway. */
export const derivedTerms: ReadonlySet<string> = new Set(['account', 'principal', 'access', 'resource'])

export const documentFields = [
  'userIdentity',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'resources',
  'tlsDetails',
  /** Every other member of the record that has no column of its own, as one object (insightDetails, addendum, …). */
  'otherFields',
] as const

export const identifierFields = ['eventID', 'requestID', 'sharedEventID'] as const

export type TermField = (typeof termFields)[number]
export type DocumentField = (typeof documentFields)[number]
export type IdentifierField = (typeof identifierFields)[number]

/** The number under which a field's dictionary is stored: terms from 0, documents from 100, identifiers from 200. */
export const termNumber = (field: TermField): number => termFields.indexOf(field)
export const documentNumber = (field: DocumentField): number => 100 + documentFields.indexOf(field)
export const identifierNumber = (field: IdentifierField): number => 200 + identifierFields.indexOf(field)

/** Facts about a record that a reader must be told; one bit each. */
export const eventFlags = {
  /** A JSON object in the record names the same key twice: `JSON.parse` takes the last, other readers the first. */
  duplicateKey: 1,
  /** The record's bytes are not valid UTF-8; columns show U+FFFD, the raw bytes are exact. */
  invalidUtf8: 2,
  /** The record comes from a file that broke off or was damaged after it. */
  salvaged: 4,
  /** A thin copy without request and response (Event history CSV). */
  partial: 8,
  /** Rebuilt by another program (Athena, Splunk fields): not the bytes that AWS wrote. */
  derived: 16,
  /** The time had no zone, or could not be read. */
  timeUncertain: 32,
  /** The record had no eventID: its identity is the hash of its canonical content. */
  syntheticId: 64,
  /** Another record with the same eventID says something else. */
  conflict: 128,
  /** Nested deeper than the limit: kept raw, its documents are not indexed. */
  tooDeep: 256,
} as const
export type EventFlag = keyof typeof eventFlags
