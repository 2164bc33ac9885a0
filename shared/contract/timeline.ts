import { laneKinds } from '../domain/lanes.ts'
import { z } from 'zod'
import { caseId, eventQuery, ofAll, utc } from './common.ts'
import { operationTable } from './operation.ts'

const count = z.int()
const lane = z.object({
  /** Null: the events that have no such value. */
  value: z.string().nullable(),
  total: count,
  firstMs: z.number(),
  lastMs: z.number(),
  /** Events per bucket, as many as `density` has. */
  counts: z.array(count),
})
export type TimelineLane = z.infer<typeof lane>

/** One credential from its first to its last event in the range: what is known of a stay, not its exact begin and end. */
const session = z.object({
  /** The lane of its first event, as an index into `lanes`. */
  lane: z.int(),
  credential: z.string(),
  /** `console`: given out by a console login. `session`: temporary (`ASIA…`), from STS. `key`: long-lived. */
  kind: z.enum(['console', 'session', 'key']),
  principal: z.string().nullable(),
  firstMs: z.number(),
  lastMs: z.number(),
  events: count,
  /** The credential that obtained it, where the call that did is in the evidence. */
  parent: z.string().nullable(),
})
export type TimelineSession = z.infer<typeof session>

/** An Insight: CloudTrail saw an unusual rate of a call. Its start and end are two events with one sharedEventID. */
const insight = z.object({
  event: z.int(),
  eventSource: z.string().nullable(),
  eventName: z.string().nullable(),
  insightType: z.string().nullable(),
  startMs: z.number(),
  /** Null while no end is in the evidence. */
  endMs: z.number().nullable(),
})
export type TimelineInsight = z.infer<typeof insight>

export const timelineOperations = operationTable({
  'timeline.lanes': {
    summary: 'Events over time in lanes, by principal, access key, address, account, region, service or tag',
    input: z.object({
      caseId,
      query: eventQuery,
      by: z.enum(laneKinds),
      /** What is drawn; the query's own range still counts. From inclusive, to exclusive. */
      from: utc.optional(),
      to: utc.optional(),
      buckets: z.int().min(1).max(5000),
      /** Lanes, those with the most events first. */
      top: z.int().min(1).max(500).default(30),
    }),
    output: z.object({
      ...ofAll,
      /** UTC milliseconds of the first bucket's start, and the width of each bucket. */
      startMs: z.number(),
      bucketMs: z.number(),
      /** All events of the range per bucket, whichever lane they stand in. */
      density: z.array(count),
      lanes: z.array(lane),
      /** Lanes there are in the range, drawn or not. */
      lanesAll: z.int(),
      /** Events in the lanes that are given. By tag an event may stand in several lanes and counts once. */
      inLanes: z.int(),
      milliseconds: z.number(),
    }),
    changes: false,
    cli: { command: 'count --every … --by …' },
  },
  'timeline.marks': {
    summary: 'Sessions and Insights of a range: who held which credential from when to when',
    input: z.object({
      caseId,
      query: eventQuery,
      by: z.enum(laneKinds),
      from: utc.optional(),
      to: utc.optional(),
      /** The lanes that are drawn, in their order; a session stands in the lane of its first event. */
      lanes: z.array(z.string().nullable()).max(500),
      most: z.int().min(1).max(2000).default(400),
    }),
    output: z.object({
      sessions: z.array(session),
      /** Sessions in the drawn lanes; those with the most events are given. */
      sessionsAll: z.int(),
      insights: z.array(insight),
      insightsAll: z.int(),
      milliseconds: z.number(),
    }),
    changes: false,
    cli: { none: 'drawn as bars; `count --by accessKey` lists credentials with first and last time' },
  },
})
