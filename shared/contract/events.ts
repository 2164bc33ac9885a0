import { z } from 'zod'
import { eventVerdicts } from '../domain/integrity.ts'
import { exportFormatIds, indicatorKinds } from '../domain/export.ts'
import { caseId, eventQuery, grant, ofAll } from './common.ts'
import { operationTable } from './operation.ts'

export const eventId = z.int().positive()
const field = z.string().max(200)

/** One line of the grid. `values` follows the fields that were asked for; absent is null. */
export const eventRow = z.object({
  /** The event's number in this case. */
  id: z.int(),
  /** Position among all events of the case in time order. */
  position: z.int(),
  timeMs: z.number().nullable(),
  values: z.array(z.string().nullable()),
  access: z.enum(['ok', 'denied', 'failed']),
  readOnly: z.boolean().nullable(),
  integrity: z.enum(eventVerdicts),
  flags: z.int(),
  occurrences: z.int(),
  tags: z.array(z.string()),
  exhibit: z.string().nullable(),
})
export type EventRow = z.infer<typeof eventRow>

export const sourcePlace = z.object({
  source: z.string(),
  path: z.string(),
  ordinal: z.int(),
  offset: z.int(),
  length: z.int(),
  fileSha256: z.string(),
  verdict: z.string().nullable(),
  verdictDetail: z.string().nullable(),
  integrity: z.enum(eventVerdicts),
})

export const eventDetails = z.object({
  row: eventRow,
  eventID: z.string(),
  /** The record as JSON text for the tree: exact lexemes where the source is JSON. */
  json: z.string(),
  /** The exact bytes as they stand in the source file, base64. */
  rawBase64: z.string(),
  recordSha256: z.string(),
  /** Where the record stands; the first is the one shown, the others are further deliveries of the same event. */
  places: z.array(sourcePlace),
  /** Other records with this eventID that say something else. */
  conflicts: z.array(z.int()),
  flagWords: z.array(z.string()),
})
export type EventDetails = z.infer<typeof eventDetails>

export const group = z.object({
  key: z.array(z.string().nullable()),
  count: z.int(),
  firstMs: z.number().nullable(),
  lastMs: z.number().nullable(),
})

/** What ties other events to one; the order in which they are shown. */
export const relationKinds = [
  'credential',
  'session',
  'principal',
  'address',
  'agent',
  'resource',
  'request',
  'shared',
  'minutes',
] as const
export type RelationKind = (typeof relationKinds)[number]

export const eventOperations = operationTable({
  'events.find': {
    summary: 'List events of a query, a page at a time, with the exact count',
    input: z.object({
      caseId,
      query: eventQuery,
      offset: z.int().min(0),
      limit: z.int().min(0).max(100_000),
      fields: z.array(field).max(100),
    }),
    output: z.object({ ...ofAll, rows: z.array(eventRow), milliseconds: z.number(), scanned: z.boolean() }),
    changes: false,
    cli: { command: 'events' },
  },
  'events.count': {
    summary: 'Count events of a query, by fields or by time',
    input: z.object({
      caseId,
      query: eventQuery,
      by: z.array(field).max(4).default([]),
      everyMs: z.int().positive().optional(),
      top: z.int().positive().max(1_000_000).optional(),
    }),
    output: z.object({ total: z.int(), groups: z.array(group) }),
    changes: false,
    cli: { command: 'count' },
  },
  'events.facets': {
    summary: 'The values of fields among the events of a query, with counts',
    input: z.object({
      caseId,
      query: eventQuery,
      fields: z.array(field).max(40),
      top: z.int().positive().max(1000).default(10),
      rareFirst: z.boolean().default(false),
      /** Only values that contain this text. */
      search: z.string().max(200).default(''),
      /** Fields that are asked in another way than the rest. */
      each: z
        .array(
          z.object({
            field,
            top: z.int().positive().max(1000).optional(),
            rareFirst: z.boolean().optional(),
            search: z.string().max(200).optional(),
          }),
        )
        .max(40)
        .default([]),
    }),
    output: z.object({
      ...ofAll,
      facets: z.array(
        z.object({
          field: z.string(),
          distinct: z.int(),
          absent: z.int(),
          values: z.array(z.object({ value: z.string(), count: z.int() })),
        }),
      ),
      milliseconds: z.number(),
    }),
    changes: false,
    cli: { command: 'count --by' },
  },
  'events.histogram': {
    summary: 'Events of a query over time, optionally stacked by a field',
    input: z.object({
      caseId,
      query: eventQuery,
      buckets: z.int().min(1).max(5000),
      stackBy: field.optional(),
      stacks: z.int().min(1).max(12).default(6),
    }),
    output: z.object({
      ...ofAll,
      /** UTC milliseconds of the first bucket's start, and the width of each bucket. */
      startMs: z.number(),
      bucketMs: z.number(),
      series: z.array(z.object({ label: z.string().nullable(), counts: z.array(z.int()) })),
      milliseconds: z.number(),
    }),
    changes: false,
    cli: { command: 'count --every' },
  },
  'events.get': {
    summary: 'One event with its record, exact bytes, places and verdicts',
    input: z.object({ caseId, id: eventId }),
    output: eventDetails,
    changes: false,
    cli: { command: 'show' },
  },
  'events.related': {
    summary: 'What ties other events to one (same credential, session, address, request, minutes around), with counts',
    input: z.object({ caseId, id: eventId }),
    output: z.object({
      relations: z.array(
        z.object({
          kind: z.enum(relationKinds),
          /** The value that is shared; for `minutes` empty. */
          value: z.string(),
          /** Events that share it, this one included. */
          count: z.int(),
          /** Asks for exactly these events. */
          query: eventQuery,
        }),
      ),
    }),
    changes: false,
    cli: { none: 'a fixed set of queries around one event; each is written as a query with `events`' },
  },
  'events.compare': {
    summary: 'Which values of which fields are more or less frequent in one set of events than in another',
    input: z.object({
      caseId,
      inside: eventQuery,
      /** What is compared with: the events of this query that are not inside. */
      outside: eventQuery,
      fields: z.array(field).min(1).max(40),
      /** Values per field. */
      top: z.int().min(1).max(100).default(5),
    }),
    output: z.object({
      /** How many events there are inside, and in the rest. */
      inside: z.int(),
      outside: z.int(),
      /** The field that differs most first; fields without a difference are left out. */
      fields: z.array(
        z.object({
          field: z.string(),
          /** Of the value that differs most: 0 to 1. */
          score: z.number(),
          /** Values that differ, as counts; null where the field is absent. */
          values: z.array(
            z.object({ value: z.string().nullable(), inside: z.int(), outside: z.int(), score: z.number() }),
          ),
        }),
      ),
      milliseconds: z.number(),
    }),
    changes: false,
    cli: { none: 'drawn as pairs of bars; on the command line two `count --by FIELD` say the same' },
  },
  'events.locate': {
    summary: 'The events with a given eventID, or the position of an event within a query',
    input: z.object({
      caseId,
      eventID: z.string().max(500).optional(),
      id: eventId.optional(),
      query: eventQuery.optional(),
    }),
    output: z.object({ ids: z.array(z.int()), index: z.int().nullable() }),
    changes: false,
    cli: { command: 'show' },
  },
  'events.records': {
    summary: 'The records of a query as JSON, a chunk at a time',
    input: z.object({ caseId, query: eventQuery, offset: z.int().min(0), limit: z.int().min(0).max(10_000) }),
    output: z.object({
      ...ofAll,
      /**
       * One JSON object per event and line: the record with CloudTrail's own names, numbers and duplicate keys as they were
       * written, then `_id`, `_source`, `_record`, `_integrity`, `_tags`, `_bookmark`, `_occurrences`.
       */
      lines: z.array(z.string()),
    }),
    changes: false,
    cli: { command: 'events --json' },
  },
  'events.export': {
    summary: 'Write the events of a query to a file, with the statement of selection beside it',
    input: z.object({
      caseId,
      query: eventQuery,
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).optional(),
      format: z.enum(exportFormatIds),
      grant,
      /** For STIX and MISP: the values that the examiner confirms as indicators. Each must occur in the selection. */
      indicators: z
        .array(z.object({ kind: z.enum(indicatorKinds), value: z.string().min(1).max(10_000) }))
        .max(1000)
        .default([]),
    }),
    output: z.object({
      rows: z.int(),
      files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
      /** Name of the file with the statement of selection. */
      sidecar: z.string(),
      /** Events without a readable time: these formats are timelines and cannot hold them. */
      undatedLeftOut: z.int(),
      /** How often the selection has each indicator, and when first and last. */
      indicators: z.array(
        z.object({
          kind: z.enum(indicatorKinds),
          value: z.string(),
          events: z.int(),
          firstMs: z.number(),
          lastMs: z.number(),
        }),
      ),
    }),
    progress: z.object({ done: z.int(), total: z.int() }),
    changes: false,
    cli: { command: 'events --out --indicator' },
  },
  'events.values': {
    summary: 'Values of a field that begin with or contain a text, most frequent first, for completion',
    input: z.object({ caseId, field, text: z.string().max(500), limit: z.int().min(1).max(200).default(20) }),
    output: z.object({ values: z.array(z.object({ value: z.string(), count: z.int() })) }),
    changes: false,
    cli: { none: 'completion belongs to the search box; `count --by FIELD` lists values' },
  },
  'sql.run': {
    summary: 'Run one read-only SELECT over the documented views',
    input: z.object({
      caseId,
      sql: z.string().max(100_000),
      limit: z.int().min(1).max(1_000_000).default(1000),
      timeoutMs: z.int().min(1).max(3_600_000).default(30_000),
    }),
    output: z.object({
      columns: z.array(z.string()),
      rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
      truncated: z.boolean(),
      seconds: z.number(),
    }),
    progress: z.object({ seconds: z.number() }),
    changes: false,
    cli: { command: 'sql' },
  },
  'sql.schema': {
    summary: 'The documented views and their columns',
    input: z.object({ caseId }),
    output: z.object({ views: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })) }),
    changes: false,
    cli: { none: 'completion of the SQL console; documented in the manual' },
  },
})
