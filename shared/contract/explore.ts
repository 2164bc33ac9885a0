import { entityKinds } from '../domain/entity.ts'
import { z } from 'zod'
import { caseId, eventQuery, grant, ofAll } from './common.ts'
import { operationTable } from './operation.ts'

const ms = z.number().nullable()

/** A value with its events; `denied` of them were refused. */
export const valueCount = z.object({ value: z.string(), count: z.int(), denied: z.int(), firstMs: ms, lastMs: ms })
export type ValueCount = z.infer<typeof valueCount>

/** Values of one field, most frequent first; `distinct` says how many there are, `absent` how many events have none. */
export const fieldCounts = z.object({
  field: z.string(),
  distinct: z.int(),
  absent: z.int(),
  values: z.array(valueCount),
})
export type FieldCounts = z.infer<typeof fieldCounts>

/** A number that leads to its events: `where` is a condition in the query language, to be added to the present query. */
export const linkedCount = z.object({ count: z.int(), where: z.string() })

/** One of the things to look at first. */
export const lookAt = z.object({
  id: z.string(),
  title: z.string(),
  /** Why it matters, in one sentence. */
  reason: z.string(),
  count: z.int(),
  /** Of these, refused by AWS. */
  denied: z.int(),
  where: z.string(),
  firstMs: ms,
  lastMs: ms,
  /** The most frequent principal among the events. */
  who: z.string().nullable(),
  /** What a zero does not say, when it is one. */
  caveat: z.string().nullable(),
})
export type LookAt = z.infer<typeof lookAt>

/** An hour that stands out. `fromMs` is its start; it lasts 3,600,000 ms. */
export const hourMark = z.object({ fromMs: z.number(), count: z.int(), who: z.string().nullable() })

/** The two records of an Insights event: AWS noticed an unusual rate of calls or errors. */
export const insight = z.object({
  sharedEventID: z.string(),
  /** Numbers of the two records in the case; one may be missing. */
  startEvent: z.int().nullable(),
  endEvent: z.int().nullable(),
  startMs: ms,
  endMs: ms,
  eventSource: z.string(),
  eventName: z.string(),
  insightType: z.string(),
  errorCode: z.string().nullable(),
  account: z.string(),
  region: z.string(),
  /** Calls (or errors) per minute before and during. */
  baselineAverage: z.number().nullable(),
  insightAverage: z.number().nullable(),
  /** Who, what agent or what error stood out most. */
  attributions: z.array(z.object({ attribute: z.string(), value: z.string(), average: z.number().nullable() })),
})
export type Insight = z.infer<typeof insight>

/** The digest check of the whole case in numbers, or null where it was never made. */
export const coverage = z.object({
  clean: z.boolean(),
  logs: z.object({
    total: z.int(),
    proven: z.int(),
    listedUnproven: z.int(),
    modified: z.int(),
    trailingData: z.int(),
    unreadable: z.int(),
    missing: z.int(),
    unreferenced: z.int(),
  }),
  gaps: z.array(
    z.object({ account: z.string(), region: z.string(), from: z.string(), to: z.string(), reason: z.string() }),
  ),
})

export const overview = z.object({
  ...ofAll,
  firstMs: ms,
  lastMs: ms,
  undated: z.int(),
  coverage: coverage.nullable(),
  /** Every category that CloudTrail has, the missing ones with zero. */
  categories: z.array(z.object({ category: z.string(), ...linkedCount.shape, caveat: z.string().nullable() })),
  access: z.object({ denied: linkedCount, failed: linkedCount, reads: linkedCount, writes: linkedCount }),
  logins: z.object({ withMfa: linkedCount, withoutMfa: linkedCount, failed: linkedCount, root: linkedCount }),
  tops: z.array(fieldCounts),
  regions: z.array(valueCount),
  /** Principals by their first event, newest first. */
  newcomers: z.array(valueCount),
  changed: fieldCounts,
  busiest: hourMark.nullable(),
  /** The hour with the most calls that their caller had never made before; `count` is how many. */
  strangest: hourMark.nullable(),
  deniedSpikes: z.array(hourMark),
  lookAt: z.array(lookAt),
  insights: z.array(insight),
  milliseconds: z.number(),
})
export type Overview = z.infer<typeof overview>

export const entityKind = z.enum(entityKinds)

export const entityRow = z.object({ ...valueCount.shape, failed: z.int(), writes: z.int() })
export type EntityRow = z.infer<typeof entityRow>

export const entityCall = z.object({
  service: z.string(),
  name: z.string(),
  readOnly: z.boolean().nullable(),
  ok: z.int(),
  denied: z.int(),
  failed: z.int(),
  firstMs: ms,
  lastMs: ms,
})

export const entityTouch = z.object({
  verb: z.enum(['created', 'changed', 'deleted', 'read']),
  name: z.string(),
  resource: z.string(),
  count: z.int(),
  denied: z.int(),
  firstMs: ms,
  lastMs: ms,
})

/** The first time it did or came with something; `inCase`: nobody in the case had before. */
export const entityNews = z.object({
  what: z.enum(['call', 'region', 'address', 'agent', 'principal']),
  value: z.string(),
  atMs: ms,
  event: z.int(),
  inCase: z.boolean(),
})

/** A credential and where it came from. The list is in the order of a tree drawn from the top; `depth` 0 has no known origin. */
export const lineageNode = z.object({
  depth: z.int(),
  /** The access key, or the principal for an actor without one (a service, a federated sign-in). */
  key: z.string().nullable(),
  who: z.string(),
  /** The call that made it, when and in which event. */
  call: z.string().nullable(),
  atMs: ms,
  event: z.int().nullable(),
  events: z.int(),
  denied: z.int(),
  /** It belongs to the entity of the page. */
  isSubject: z.boolean(),
})
export type LineageNode = z.infer<typeof lineageNode>

export const entityPage = z.object({
  ...ofAll,
  where: z.string(),
  denied: z.int(),
  failed: z.int(),
  writes: z.int(),
  reads: z.int(),
  firstMs: ms,
  lastMs: ms,
  calls: z.array(entityCall),
  distinctCalls: z.int(),
  related: z.array(fieldCounts),
  touched: z.array(entityTouch),
  distinctTouched: z.int(),
  news: z.array(entityNews),
  newsTotal: z.int(),
  lineage: z.array(lineageNode),
  /** Why the tree may not be whole, or null. */
  lineageCut: z.string().nullable(),
  milliseconds: z.number(),
})
export type EntityPage = z.infer<typeof entityPage>

export const exploreOperations = operationTable({
  'cases.overview': {
    summary: 'What stands out among the events of a query, and where to begin',
    input: z.object({ caseId, query: eventQuery }),
    output: overview,
    changes: false,
    cli: { none: 'a screen of counts; `info`, `integrity` and `count --by` give each of them' },
  },
  'entities.list': {
    summary:
      'Principals, roles, sessions, keys, addresses, agents, resources, buckets or accounts, first and last seen',
    input: z.object({
      caseId,
      query: eventQuery,
      kind: entityKind,
      /** Only values that contain this text. */
      search: z.string().max(500).default(''),
      sort: z.enum(['events', 'first', 'last', 'denied']).default('events'),
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(10_000).default(200),
    }),
    output: z.object({ ...ofAll, distinct: z.int(), found: z.int(), rows: z.array(entityRow) }),
    changes: false,
    cli: { command: 'count --by' },
  },
  'entities.get': {
    summary:
      'One principal, session, key, address, bucket and so on: what it did, from where, with what, and what came of it',
    input: z.object({ caseId, query: eventQuery, kind: entityKind, value: z.string().max(100_000) }),
    output: entityPage,
    changes: false,
    cli: { none: 'a page of counts; `count "principal:X" --by eventName` and the like give each of them' },
  },
  'sql.export': {
    summary: 'Run one read-only SELECT and write its rows as CSV, with the statement beside it',
    input: z.object({
      caseId,
      sql: z.string().max(100_000),
      limit: z.int().min(1).max(1_000_000).default(1_000_000),
      timeoutMs: z.int().min(1).max(3_600_000).default(600_000),
      grant,
    }),
    output: z.object({
      rows: z.int(),
      truncated: z.boolean(),
      file: z.object({ name: z.string(), bytes: z.int(), sha256: z.string() }),
      sidecar: z.string(),
    }),
    changes: false,
    cli: { none: 'the rows of `sql` can be redirected to a file' },
  },
})
