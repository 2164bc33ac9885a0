import { isIP } from './is-ip.ts'
import { assertNever } from '#shared/base/assert.ts'
import type { UtcMs } from '#shared/base/time.ts'
import {
  selectionLines,
  indicatorName,
  indicatorWords,
  type ConfirmedIndicator,
  type ExportEvent,
  type SelectionStatement,
  type TlpLevel,
} from '#shared/domain/export.ts'
import { encodeChunks } from './chunks.ts'
import { commentText } from './event-facts.ts'
import { prune, writeJson, type JsonObject } from './json-text.ts'
import { message } from './timesketch.ts'
import { uuidV5 } from './uuid-v5.ts'

/** STIX 2.1 section 2.9: the namespace of identifiers that follow from an observable's content, and of nothing else. */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7'
/** Our own namespace for everything else, so that a second export updates objects instead of doubling them. */
const OURS = '4f1a6c0e-5b1d-5a53-9d0c-6f0f8f2f4c11'

/** TLP 2.0 marking definitions and their extension, with the identifiers that OASIS fixed. */
const TLP_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d'
const TLP_IDS: Readonly<Record<TlpLevel, string>> = {
  CLEAR: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  GREEN: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  AMBER: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'AMBER+STRICT': 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003',
  RED: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
}

type StixObject = JsonObject & { readonly id: string }
type Common = { readonly created: UtcMs; readonly author: string; readonly markings: readonly string[] | undefined }

/**
 * A STIX 2.1 bundle for threat intelligence platforms: an identity for the examiner's organisation (for the examiner where none is known), each bookmarked event of the selection
 * as observed-data with a note, and an indicator for each entry of `indicators`, which an examiner confirmed, with what it was
 * based on: how often the selection has it, first and last. A grouping names them all. Events without a bookmark are left out: STIX is no container for logs. Memory grows with
 * the bookmarks (one identifier each), not with the events.
 */
export const writeStix = (
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  indicators: readonly ConfirmedIndicator[],
): AsyncIterable<Uint8Array> => encodeChunks(bundle(events, statement, indicators))

async function* bundle(
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  indicators: readonly ConfirmedIndicator[],
): AsyncGenerator<string> {
  const key = [statement.case.number, statement.case.title, statement.madeAt].join('\n')
  yield `{"type":"bundle","id":"bundle--${uuidV5(OURS, key)}","objects":[\n`
  let first = true
  for await (const object of objects(events, statement, indicators)) {
    yield `${first ? '' : ',\n'}${writeJson(object)}`
    first = false
  }
  yield '\n]}\n'
}

async function* objects(
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  indicators: readonly ConfirmedIndicator[],
): AsyncGenerator<StixObject> {
  const { examiner, organisation } = statement
  const author = `identity--${uuidV5(OURS, `identity\n${organisation ?? examiner}`)}`
  const tlp = statement.tlp
  const common: Common = { created: statement.madeAt, author, markings: tlp === undefined ? undefined : [TLP_IDS[tlp]] }
  if (tlp !== undefined) yield tlpMarking(tlp)
  yield {
    ...base('identity', author, common),
    created_by_ref: undefined,
    name: organisation ?? examiner,
    identity_class: organisation === undefined ? 'individual' : 'organization',
  }
  const seen = new Set<string>()
  const grouped: string[] = []
  for await (const event of events) {
    if (event.bookmark === undefined) continue
    for (const object of observation(event, common)) {
      const id = object.id
      if (seen.has(id)) continue
      seen.add(id)
      if (id.startsWith('observed-data--') || id.startsWith('note--')) grouped.push(id)
      yield object
    }
  }
  for (const indicator of indicators) {
    for (const object of confirmed(indicator, statement, common)) {
      if (seen.has(object.id)) continue
      seen.add(object.id)
      if (!isObservable(object)) grouped.push(object.id)
      yield object
    }
  }
  // A grouping must name at least one object (STIX 2.1 section 4.4).
  if (grouped.length > 0) yield toGrouping(statement, grouped, common)
}

const timestamp = (time: UtcMs): string => new Date(time).toISOString()

const base = (type: string, id: string, common: Common): StixObject => ({
  type,
  spec_version: '2.1',
  id,
  created_by_ref: common.author,
  created: timestamp(common.created),
  modified: timestamp(common.created),
  object_marking_refs: common.markings,
})

const tlpMarking = (tlp: TlpLevel): StixObject => ({
  type: 'marking-definition',
  spec_version: '2.1',
  id: TLP_IDS[tlp],
  created: '2022-10-01T00:00:00.000Z',
  name: `TLP:${tlp}`,
  extensions: { [TLP_EXTENSION]: { extension_type: 'property-extension', tlp_2_0: tlp.toLowerCase() } },
})

/** A bookmarked event: its address and its user, the observation that refers to them, and the note about it. */
function observation(event: ExportEvent, common: Common): StixObject[] {
  const observed = [address(event), userAccount(event)].filter((object) => object !== undefined)
  const key = `${event.source.sha256}:${event.source.ordinal}`
  const data = `observed-data--${uuidV5(OURS, `observed-data\n${key}`)}`
  const note: StixObject = {
    ...base('note', `note--${uuidV5(OURS, `note\n${key}`)}`, common),
    abstract: `${event.bookmark?.exhibit ?? ''} ${event.bookmark?.title ?? ''}`.trim(),
    content: [
      commentText(event),
      message(event),
      `eventID ${event.identifiers.eventID ?? 'none'}, source SHA-256 ${event.source.sha256}, record ${event.source.ordinal}, integrity ${event.integrity}`,
    ]
      .filter((part) => part !== '')
      .join('\n'),
    authors: event.bookmark?.authors,
    labels: event.tags.length === 0 ? undefined : event.tags,
    // Observed data must refer to something; a note about an event without address and user refers to its author.
    object_refs: [observed.length > 0 ? data : common.author],
  }
  if (observed.length === 0) return [note]
  const time = timestamp(event.timeMs)
  return [
    ...observed,
    {
      ...base('observed-data', data, common),
      first_observed: time,
      last_observed: time,
      number_observed: 1,
      object_refs: observed.map((object) => object.id),
    },
    note,
  ]
}

function address(event: ExportEvent): StixObject | undefined {
  return addressObject(event.terms.sourceIPAddress ?? '')
}

function addressObject(value: string): StixObject | undefined {
  const family = isIP(value)
  if (family === 0) return undefined
  const type = family === 4 ? 'ipv4-addr' : 'ipv6-addr'
  return { type, spec_version: '2.1', id: `${type}--${uuidV5(OBSERVABLES, writeJson({ value }))}`, value }
}

/** An AWS user; the ID follows from account_type, account_login and user_id in canonical JSON (RFC 8785). */
function userAccount(event: ExportEvent): StixObject | undefined {
  const { terms } = event
  const id = terms['userIdentity.arn'] ?? terms['userIdentity.principalId'] ?? terms.principal
  return id === undefined ? undefined : accountObject(terms['userIdentity.userName'], id)
}

function accountObject(login: string | undefined, id: string | undefined): StixObject {
  const content = { account_login: login, account_type: 'aws', user_id: id }
  return {
    type: 'user-account',
    spec_version: '2.1',
    id: `user-account--${uuidV5(OBSERVABLES, writeJson(prune(content) ?? {}))}`,
    ...content,
  }
}

const isObservable = ({ id }: StixObject): boolean => /^(?:ipv[46]-addr|user-account)--/.test(id)

/** An indicator with the observation that it is based on: the value, how often it was seen, first and last. */
function confirmed(indicator: ConfirmedIndicator, statement: SelectionStatement, common: Common): StixObject[] {
  const key = `${statement.case.number}\n${indicator.kind}\n${indicator.value}`
  const made: StixObject = {
    ...base('indicator', `indicator--${uuidV5(OURS, `indicator\n${key}`)}`, common),
    name: indicatorName(indicator),
    description: indicatorWords(indicator),
    indicator_types: ['malicious-activity'],
    pattern: indicatorPattern(indicator),
    pattern_type: 'stix',
    valid_from: timestamp(indicator.firstSeen),
  }
  const value = observableOf(indicator)
  if (value === undefined) return [made]
  const observed: StixObject = {
    ...base('observed-data', `observed-data--${uuidV5(OURS, `observed-data\nindicator\n${key}`)}`, common),
    first_observed: timestamp(indicator.firstSeen),
    last_observed: timestamp(indicator.lastSeen),
    number_observed: Math.min(indicator.events, MOST_OBSERVED),
    object_refs: [value.id],
  }
  const link: StixObject = {
    ...base('relationship', `relationship--${uuidV5(OURS, `based-on\n${key}`)}`, common),
    relationship_type: 'based-on',
    source_ref: made.id,
    target_ref: observed.id,
  }
  return [value, observed, made, link]
}

/** STIX 2.1 section 4.14: `number_observed` is at most this. */
const MOST_OBSERVED = 999_999_999

/** The observable that an indicator matches. A user agent alone is none: STIX has it as a part of network traffic only. */
function observableOf({ kind, value }: ConfirmedIndicator): StixObject | undefined {
  switch (kind) {
    case 'address':
      return addressObject(value)
    case 'accessKey':
      return accountObject(value, undefined)
    case 'principal':
      return accountObject(undefined, value)
    case 'userAgent':
      return undefined
    default:
      return assertNever(kind)
  }
}

/** The STIX pattern of an indicator; quotes and backslashes of the value are escaped (STIX 2.1 section 9.2). */
export function indicatorPattern(indicator: Pick<ConfirmedIndicator, 'kind' | 'value'>): string {
  const value = `'${indicator.value.replace(/[\\']/g, '\\$&')}'`
  switch (indicator.kind) {
    case 'address':
      return `[${indicator.value.includes(':') ? 'ipv6-addr' : 'ipv4-addr'}:value = ${value}]`
    case 'userAgent':
      return `[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = ${value}]`
    case 'accessKey':
      // STIX has no word for a key id. It is what one logs in with; `credential` would be the secret.
      return `[user-account:account_type = 'aws' AND user-account:account_login = ${value}]`
    case 'principal':
      return `[user-account:account_type = 'aws' AND user-account:user_id = ${value}]`
    default:
      return assertNever(indicator.kind)
  }
}

const toGrouping = (statement: SelectionStatement, refs: readonly string[], common: Common): StixObject => ({
  ...base(
    'grouping',
    `grouping--${uuidV5(OURS, `grouping\n${statement.case.number}\n${statement.case.title}`)}`,
    common,
  ),
  name: [statement.case.number, statement.case.title].filter((part) => part !== '').join(' – ') || 'CloudTrail case',
  context: 'suspicious-activity',
  description: selectionLines(statement)
    .map(([label, value]) => `${label}: ${value}`)
    .join('\n'),
  object_refs: refs,
})
