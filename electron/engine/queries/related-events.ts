import { utcMs } from '#shared/base/time.ts'
import { quote } from '#shared/domain/query/quote.ts'
import type { RelationKind } from '#shared/contract/events.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import type { EventRow } from './event-rows.ts'

/** The fields that relations are made of; `relationsOf` takes their values in this order. */
export const relatedFields = [
  'userIdentity.accessKeyId',
  'userIdentity.type',
  'userIdentity.arn',
  'principal',
  'sourceIPAddress',
  'userAgent',
  'resource',
  'requestID',
  'sharedEventID',
] as const

export type Relation = { readonly kind: RelationKind; readonly value: string; readonly query: EventQuery }

const AROUND_MS = 5 * 60_000
/** Identity types whose ARN names one session: `arn:aws:sts::1234:assumed-role/Admin/alice`. */
const SESSION_TYPES = new Set(['AssumedRole', 'FederatedUser'])

/** The questions that lead from an event to those that have something in common with it. What the event lacks gives no relation. */
export function relationsOf(row: Pick<EventRow, 'values' | 'timeMs'>): Relation[] {
  const [key, type, arn, principal, address, agent, resource, request, shared] = row.values
  const isSession = type != null && SESSION_TYPES.has(type)
  return [
    ...same('credential', 'userIdentity.accessKeyId', key),
    ...same('session', 'userIdentity.arn', isSession ? arn : null),
    ...same('principal', 'principal', isSession && principal === arn ? null : principal),
    ...same('address', 'sourceIPAddress', address),
    ...same('agent', 'userAgent', agent),
    ...same('resource', 'resource', resource),
    ...named('request', 'requestID', request),
    ...named('shared', 'sharedEventID', shared),
    ...around(row.timeMs),
  ]
}

function same(kind: RelationKind, field: string, value: string | null | undefined): Relation[] {
  if (value == null || value === '') return []
  return [{ kind, value, query: { text: '', facets: [{ field, values: [value], exclude: false }], sort: 'eventTime' } }]
}

/** Identifiers hardly ever repeat and are asked for by query. */
function named(kind: RelationKind, field: string, value: string | null | undefined): Relation[] {
  if (value == null || value === '') return []
  return [{ kind, value, query: { text: `${field}:${quote(value)}`, facets: [], sort: 'eventTime' } }]
}

function around(timeMs: number | null): Relation[] {
  if (timeMs === null) return []
  const query: EventQuery = {
    text: '',
    from: utcMs(timeMs - AROUND_MS),
    to: utcMs(timeMs + AROUND_MS),
    facets: [],
    sort: 'eventTime',
  }
  return [{ kind: 'minutes', value: '', query }]
}
