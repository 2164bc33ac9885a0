import type { InputOf } from '#shared/contract/contract.ts'
import type { TermField } from '#shared/domain/fields.ts'
import { laneFields } from '#shared/domain/lanes.ts'
import { quote } from '#shared/domain/query/quote.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import type { OpenCase } from '../open-case.ts'
import type { QueryWorld } from '../queries/evaluate.ts'
import { readRows } from '../queries/event-rows.ts'
import { facetVector } from '../queries/facet-vector.ts'
import { ask } from '../queries/question.ts'
import { bucketsOf, densityOf, lanesByField, lanesByTag } from '../queries/timeline-lanes.ts'
import {
  credentialsOf,
  laneLookup,
  momentOf,
  pairInsights,
  tagLookup,
  type Credential,
} from '../queries/timeline-marks.ts'
import { stopIfCancelled } from '../refusal.ts'
import { Bitmap } from '../vectors/bitmap.ts'

type Range = {
  readonly query: InputOf<'timeline.lanes'>['query']
  readonly from?: number | undefined
  readonly to?: number | undefined
}

const MOST_INSIGHTS = 500
/** The call that gave out a credential is looked up for so many of them. */
const MOST_PARENTS = 100

const elapsed = (started: number): number => Math.round((performance.now() - started) * 10) / 10

/** The timeline: lanes of events, the stays of credentials in them, and Insights. */
export function timelineHandlers(engine: EngineAccess): Pick<EngineHandlers, 'timeline.lanes' | 'timeline.marks'> {
  return {
    'timeline.lanes': async ({ caseId, query, by, from, to, buckets: most, top }, { signal }) => {
      const started = performance.now()
      const open = engine.case(caseId)
      const world = await open.world()
      const { index } = world
      const { events, fromMs, toMs } = await eventsIn(world, { query, from, to }, signal)
      const buckets = bucketsOf(index, fromMs, toMs, most)
      stopIfCancelled(signal)
      const { lanes, all, inLanes } =
        by === 'tag'
          ? lanesByTag(events, await world.tags(), buckets, top)
          : await lanesByField(index, events, await facetVector(world, laneFields[by]), buckets, top)
      return {
        total: events.count(),
        all: index.total,
        moreComing: open.importing,
        startMs: buckets.startMs,
        bucketMs: buckets.bucketMs,
        density: densityOf(events, buckets),
        lanes: lanes.map(({ value, total, first, last, counts }) => ({
          value,
          total,
          firstMs: momentOf(index, first),
          lastMs: momentOf(index, last),
          counts: [...counts],
        })),
        lanesAll: all,
        inLanes,
        milliseconds: elapsed(started),
      }
    },
    'timeline.marks': async ({ caseId, query, by, from, to, lanes, most }, { signal }) => {
      const started = performance.now()
      const open = engine.case(caseId)
      const world = await open.world()
      const { events } = await eventsIn(world, { query, from, to }, signal)
      const found = credentialsOf(world.index, events, {
        keys: await facetVector(world, 'userIdentity.accessKeyId'),
        fromConsole: await isFromConsole(world),
        laneAt:
          by === 'tag'
            ? tagLookup(await world.tags(), lanes)
            : laneLookup(await facetVector(world, laneFields[by]), lanes),
      })
      stopIfCancelled(signal)
      const sessions = await shownSessions(world, found.slice(0, most), signal)
      const insights = await insightsIn(open, world, events)
      return { sessions, sessionsAll: found.length, ...insights, milliseconds: elapsed(started) }
    },
  }
}

/** The dated events of a question inside what is drawn, and the range in milliseconds. */
async function eventsIn(world: QueryWorld, { query, from, to }: Range, signal: AbortSignal) {
  const { index } = world
  const firstMs = index.firstDated < index.length ? momentOf(index, index.firstDated) : 0
  const lastMs = index.firstDated < index.length ? momentOf(index, index.length - 1) : 0
  const fromMs = from ?? query.from ?? firstMs
  const toMs = Math.max(fromMs + 1, to ?? query.to ?? lastMs + 1)
  const range = Bitmap.range(index.length, Math.max(index.firstDated, index.positionAt(fromMs)), index.positionAt(toMs))
  return { events: (await ask(world, query, signal)).events.and(range), fromMs, toMs }
}

async function shownSessions(world: QueryWorld, found: readonly Credential[], signal: AbortSignal) {
  const { index } = world
  const principal = await facetVector(world, 'principal')
  const sessions = []
  for (const [n, { credential, kind, lane, first, last, events }] of found.entries()) {
    stopIfCancelled(signal)
    sessions.push({
      lane,
      credential,
      kind,
      principal: principal.texts[principal.vector[first]!] ?? null,
      firstMs: momentOf(index, first),
      lastMs: momentOf(index, last),
      events,
      parent: kind === 'key' || n >= MOST_PARENTS ? null : await parentOf(world, credential, signal),
    })
  }
  return sessions
}

/** The credential whose call gave this one out: AssumeRole and its kin return it in their response (STS API reference, Credentials). */
async function parentOf(world: QueryWorld, credential: string, signal: AbortSignal): Promise<string | null> {
  const text = `responseElements.credentials.accessKeyId:${quote(credential)}`
  const { events } = await ask(world, { text, facets: [], sort: 'eventTime' }, signal)
  const [position] = events.page(0, 1)
  if (position === undefined) return null
  const keys = await facetVector(world, 'userIdentity.accessKeyId')
  return keys.texts[keys.vector[position]!] ?? null
}

/** The events of the whole case whose session came from a console login. */
const isFromConsole = (world: QueryWorld): Promise<Bitmap> => eventsWith(world, 'sessionCredentialFromConsole', 'true')

/** The events with exactly this value. The set is shared: not to be changed. */
async function eventsWith(world: QueryWorld, field: TermField, value: string): Promise<Bitmap> {
  const facet = await facetVector(world, field)
  const id = facet.texts.indexOf(value)
  return id < 0 ? new Bitmap(world.index.length) : facet.eventsOf([id])
}

const INSIGHT_FIELDS = [
  'sharedEventID',
  'otherFields.insightDetails.state',
  'eventSource',
  'eventName',
  'otherFields.insightDetails.insightType',
]

async function insightsIn(open: OpenCase, world: QueryWorld, events: Bitmap) {
  const insights = events.and(await eventsWith(world, 'eventCategory', 'Insight'))
  const rows = await readRows(world, insights.page(0, MOST_INSIGHTS * 2), INSIGHT_FIELDS, open.annotated)
  const spans = pairInsights(
    rows.map(
      ({
        id,
        timeMs,
        values: [shared = null, state = null, eventSource = null, eventName = null, insightType = null],
      }) => ({
        event: id,
        timeMs: timeMs ?? 0,
        shared,
        state,
        eventSource,
        eventName,
        insightType,
      }),
    ),
  )
  return { insights: spans.slice(0, MOST_INSIGHTS), insightsAll: spans.length }
}
