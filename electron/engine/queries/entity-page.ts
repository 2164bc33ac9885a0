import type { EntityPage, EntityRow } from '#shared/contract/explore.ts'
import { entityFields, entityWhere, type EntityKind } from '#shared/domain/entity.ts'
import type { TermField } from '#shared/domain/fields.ts'
import { bothQueries } from '#shared/domain/query/narrow.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import {
  byCount,
  fieldCountsOf,
  firstIds,
  outcomesOf,
  tally,
  tallyOf,
  timeOf,
  valueCountOf,
  type Asked,
  type IdOrder,
} from './entity-counts.ts'
import { breathe } from './breathe.ts'
import { countValues } from './count-events.ts'
import { entityValues } from './entity-values.ts'
import { firstAnywhere, firstPositions } from './value-edges.ts'
import { pairsOf, type Pair, type PairedColumn } from './value-pairs.ts'
import { entityLineage } from './entity-lineage.ts'
import type { QueryWorld } from './evaluate.ts'
import { ask } from './question.ts'

type Sort = 'events' | 'first' | 'last' | 'denied'
export type EntityRows = {
  readonly events: Bitmap
  readonly distinct: number
  readonly found: number
  readonly rows: EntityRow[]
}

/** The values of a kind among the events of a question, a page of them in the wanted order. */
export async function listEntities(
  world: QueryWorld,
  query: EventQuery,
  wanted: {
    readonly kind: EntityKind
    readonly search: string
    readonly sort: Sort
    readonly offset: number
    readonly limit: number
  },
  signal: AbortSignal,
): Promise<EntityRows> {
  const { index } = world
  const { events } = await ask(world, query, signal)
  const t = tallyOf(index, await entityValues(index, wanted.kind), await outcomesOf(index), events)
  const search = wanted.search.toLowerCase()
  const byEvents = byCount(t)
  const order: Readonly<Record<Sort, IdOrder>> = {
    events: byEvents,
    denied: (a, b) => t.denied[b]! - t.denied[a]! || byEvents(a, b),
    first: (a, b) => t.first[a]! - t.first[b]! || byEvents(a, b),
    last: (a, b) => t.last[b]! - t.last[a]! || byEvents(a, b),
  }
  const fits = (id: number): boolean => search === '' || (t.texts[id] ?? '').toLowerCase().includes(search)
  const { distinct, found, ids } = firstIds(t, wanted.offset + wanted.limit, order[wanted.sort], fits)
  const rows = ids
    .slice(wanted.offset)
    .map((id) => ({ ...valueCountOf(index, t, id), failed: t.failed[id]!, writes: t.writes[id]! }))
  return { events, distinct, found, rows }
}

export type EntityOfEvents = Omit<EntityPage, 'total' | 'all' | 'moreComing' | 'milliseconds'> & {
  readonly events: Bitmap
}

const RELATED: readonly TermField[] = [
  'principal',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userIdentity.accessKeyId',
  'sourceIPAddress',
  'userAgent',
  'awsRegion',
  'account',
  'errorCode',
]
const MOST = { related: 12, calls: 300, touched: 200, news: 200 } as const

/** Fields that say nothing on a page because all its events share the value. */
const ownFields = (kind: EntityKind): ReadonlySet<TermField> =>
  new Set(kind === 'bucket' ? [] : kind === 'session' ? ['userIdentity.arn', 'principal'] : [entityFields[kind]])

/** Everything an entity page says. The events are those of the question that carry exactly this value. */
export async function entityOf(
  world: QueryWorld,
  query: EventQuery,
  kind: EntityKind,
  value: string,
  signal: AbortSignal,
): Promise<EntityOfEvents> {
  const { index } = world
  const own = ownFields(kind)
  const where = entityWhere(kind, value)
  const { events } = await ask(world, { ...query, text: bothQueries(query.text, where) }, signal)
  const outcomes = await outcomesOf(index)
  const about: Asked = { world, events, outcomes, signal }
  const calls = await callsOf(about)
  const touched = await touchedBy(about)
  const news = await newsOf(about, kind)
  const related = []
  for (const other of RELATED) {
    if (own.has(other)) continue
    await breathe(signal)
    related.push(fieldCountsOf(index, await tally(index, outcomes, events, other), other, MOST.related))
  }
  const countOf = (outcome: Bitmap): number => outcome.and(events).count()
  const { nodes, cut } = await entityLineage(about, kind, value)
  return {
    events,
    where,
    denied: countOf(outcomes.denied),
    failed: countOf(outcomes.failed),
    writes: countOf(outcomes.writes),
    reads: countOf(outcomes.reads),
    firstMs: timeOf(index, events.page(0, 1)[0] ?? -1),
    lastMs: timeOf(index, events.page(0, 1, true)[0] ?? -1),
    calls: calls.slice(0, MOST.calls),
    distinctCalls: calls.length,
    related,
    touched: touched.slice(0, MOST.touched),
    distinctTouched: touched.length,
    news: news.slice(-MOST.news),
    newsTotal: news.length,
    lineage: nodes,
    lineageCut: cut,
  }
}

async function pairs({ world: { index }, events, outcomes }: Asked, a: TermField, b: TermField): Promise<Pair[]> {
  const column = async (field: TermField): Promise<PairedColumn> => ({
    vector: await index.term(field),
    size: (await index.terms(field)).length,
  })
  return pairsOf(events, outcomes, await column(a), await column(b))
}

const span = (index: EventIndex, { first, last }: Pair) => ({
  firstMs: timeOf(index, first),
  lastMs: timeOf(index, last),
})

async function callsOf(about: Asked): Promise<EntityPage['calls']> {
  const { index } = about.world
  const [services, names] = await Promise.all([index.terms('eventSource'), index.terms('eventName')])
  return (await pairs(about, 'eventSource', 'eventName'))
    .filter((pair) => pair.b !== 0)
    .map((pair) => ({
      service: services[pair.a] ?? '',
      name: names[pair.b] ?? '',
      readOnly: pair.reads > 0 && pair.writes === 0 ? true : pair.writes > 0 && pair.reads === 0 ? false : null,
      ok: pair.count - pair.denied - pair.failed,
      denied: pair.denied,
      failed: pair.failed,
      ...span(index, pair),
    }))
}

const CREATES = /^(?:Create|Run|Register|Import|Allocate|Upload|Publish)/
const DELETES = /^(?:Delete|Terminate|Deregister|Release|Purge|Remove|ScheduleKeyDeletion)/

/** What it created, changed, deleted and read: by the first resource of each call. */
async function touchedBy(about: Asked): Promise<EntityPage['touched']> {
  const { index } = about.world
  const [names, resources] = await Promise.all([index.terms('eventName'), index.terms('resource')])
  return (await pairs(about, 'eventName', 'resource'))
    .filter((pair) => pair.a !== 0 && pair.b !== 0)
    .map((pair) => {
      const name = names[pair.a] ?? ''
      const verb =
        pair.writes === 0 ? 'read' : CREATES.test(name) ? 'created' : DELETES.test(name) ? 'deleted' : 'changed'
      return {
        verb,
        name,
        resource: resources[pair.b] ?? '',
        count: pair.count,
        denied: pair.denied,
        ...span(index, pair),
      } as const
    })
}

const NEWS: readonly (readonly [what: EntityPage['news'][number]['what'], field: TermField])[] = [
  ['call', 'eventName'],
  ['region', 'awsRegion'],
  ['address', 'sourceIPAddress'],
  ['agent', 'userAgent'],
  ['principal', 'principal'],
]

/** The first event with each call, region, address, agent and principal, in the order of time. */
async function newsOf({ world: { index }, events }: Asked, kind: EntityKind): Promise<EntityPage['news']> {
  const news: (EntityPage['news'][number] & { position: number })[] = []
  for (const [what, field] of NEWS) {
    if (ownFields(kind).has(field)) continue
    const [vector, terms] = await Promise.all([index.term(field), index.terms(field)])
    const here = firstPositions(events, vector, countValues(index, events, { vector, texts: terms }))
    const anywhere = firstAnywhere(index, vector, terms)
    for (let id = 1; id < terms.length; id++) {
      const position = here[id]!
      if (position < 0) continue
      news.push({
        what,
        value: terms[id]!,
        atMs: timeOf(index, position),
        event: index.eventAt(position),
        inCase: anywhere[id] === position,
        position,
      })
    }
  }
  return news.sort((a, b) => a.position - b.position).map(({ position: _, ...item }) => item)
}
