import type { IntegritySummary } from '#shared/domain/integrity.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import type { LookAt, Overview, ValueCount } from '#shared/contract/explore.ts'
import type { TermField } from '#shared/domain/fields.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import { breathe } from './breathe.ts'
import {
  byCount,
  fieldCountsOf,
  firstIds,
  mostFrequent,
  outcomesOf,
  tally,
  timeOf,
  valueCountOf,
  type Asked,
  type Tally,
} from './entity-counts.ts'
import { evaluate, type QueryWorld } from './evaluate.ts'
import { checks, type Check } from './overview-checks.ts'
import { deniedThenAllowed, markHours } from './overview-hours.ts'
import { pairInsights } from './overview-insights.ts'
import { ask, understand } from './question.ts'

/** What an overview says about events; totals, coverage and the time it took are added by its caller. */
export type OverviewOfEvents = Omit<Overview, 'total' | 'all' | 'moreComing' | 'milliseconds' | 'coverage'> & {
  readonly events: Bitmap
}

const TOPS = ['principal', 'sourceIPAddress', 'eventSource', 'eventName', 'errorCode', 'account'] as const
const SHOWN = 8
const NEWCOMERS = 8
const REFUSED_OFTEN = 10

/** The events of a question, with what all questions about them need. */
export async function asked(world: QueryWorld, query: EventQuery, signal: AbortSignal): Promise<Asked> {
  const { events } = await ask(world, query, signal)
  return { world, events, outcomes: await outcomesOf(world.index), signal }
}

export async function makeOverview(
  world: QueryWorld,
  query: EventQuery,
  signal: AbortSignal,
): Promise<OverviewOfEvents> {
  const about = await asked(world, query, signal)
  const { events, outcomes } = about
  const { index } = world
  const of = async (where: string): Promise<Bitmap> =>
    (await evaluate(world, understand(where), signal)).events.and(events)
  const linked = async (where: string) => ({ count: (await of(where)).count(), where })
  const fields = new Map<TermField, Tally>()
  for (const field of [...TOPS, 'awsRegion', 'eventCategory'] as const) {
    await breathe(signal)
    fields.set(field, await tally(index, outcomes, events, field))
  }
  const talliedBy = (field: TermField): Tally => fields.get(field)!
  const dated = events.and(Bitmap.range(index.length, index.firstDated, index.length))
  const [first, last] = [dated.page(0, 1)[0] ?? -1, dated.page(0, 1, true)[0] ?? -1]
  const writes = await of('readOnly:false access:ok -eventCategory:Insight')
  return {
    events,
    firstMs: timeOf(index, first),
    lastMs: timeOf(index, last),
    undated: events.count(0, index.firstDated),
    categories: categories(talliedBy('eventCategory')),
    access: {
      denied: await linked('access:denied'),
      failed: await linked('access:failed'),
      reads: await linked('readOnly:true'),
      writes: await linked('readOnly:false'),
    },
    logins: {
      withMfa: await linked('eventName:ConsoleLogin access:ok additionalEventData.MFAUsed:Yes'),
      withoutMfa: await linked('eventName:ConsoleLogin access:ok additionalEventData.MFAUsed:No'),
      failed: await linked('eventName:ConsoleLogin access:denied'),
      root: await linked('userIdentity.type:Root -userIdentity.invokedBy:* -eventType:AwsServiceEvent'),
    },
    tops: TOPS.map((field) => fieldCountsOf(index, talliedBy(field), field, SHOWN)),
    regions: byFirstUse(world, talliedBy('awsRegion')),
    newcomers: newcomers(world, talliedBy('principal')),
    changed: fieldCountsOf(index, await tally(index, outcomes, writes, 'resource'), 'resource', SHOWN),
    ...(await markHours(about)),
    lookAt: await lookAts(about, of, talliedBy),
    insights: await pairInsights(world, await of('eventCategory:Insight')),
  }
}

/** The digest check in numbers; of the whole case, whatever the question. */
export function coverageOf(summary: IntegritySummary | undefined): Overview['coverage'] {
  if (!summary || summary.logs.total === 0) return null
  const gaps = summary.chains.flatMap(({ account, region, gaps: some }) =>
    some.map((gap) => ({ account, region, ...gap })),
  )
  return { clean: summary.clean, logs: summary.logs, gaps }
}

/** eventCategory as CloudTrail writes it, and what none of it means. */
const CATEGORIES: readonly (readonly [category: string, caveat: string])[] = [
  ['Management', 'No management events in this evidence: changes to the accounts would not be visible.'],
  ['Data', 'No data events in this evidence: reads of S3 objects, Lambda calls and the like would not be visible.'],
  [
    'NetworkActivity',
    'No network activity events in this evidence: calls refused by VPC endpoints would not be visible.',
  ],
  ['Insight', 'No Insights events in this evidence: AWS was not asked to watch for unusual rates, or found none.'],
]

function categories(t: Tally): Overview['categories'] {
  const counted = new Map(allIds(t).map((id) => [t.texts[id] ?? '', t.count[id]!]))
  const known = CATEGORIES.map(([category, caveat]) => {
    const count = counted.get(category) ?? 0
    counted.delete(category)
    return { category, count, where: isExactly('eventCategory', category), caveat: count === 0 ? caveat : null }
  })
  const others = [...counted].map(([category, count]) => ({
    category,
    count,
    where: isExactly('eventCategory', category),
    caveat: null,
  }))
  const absent = t.count[0] ?? 0
  // Records before eventVersion 1.07 name no category; they are management events unless they say otherwise.
  return [
    ...known,
    ...others,
    ...(absent === 0
      ? []
      : [{ category: 'not named', count: absent, where: isExactly('eventCategory', undefined), caveat: null }]),
  ]
}

/** All values that occur, most frequent first: for fields with few of them. */
const allIds = (t: Tally): readonly number[] => firstIds(t, t.count.length, byCount(t)).ids

const byFirstUse = ({ index }: QueryWorld, t: Tally): ValueCount[] =>
  allIds(t)
    .toSorted((a, b) => t.first[a]! - t.first[b]!)
    .map((id) => valueCountOf(index, t, id))

/** Principals whose first event is the latest; services of AWS left out. */
const newcomers = ({ index }: QueryWorld, t: Tally): ValueCount[] =>
  firstIds(
    t,
    NEWCOMERS,
    (a, b) => t.first[b]! - t.first[a]!,
    (id) => !isService(t.texts[id] ?? ''),
  ).ids.map((id) => valueCountOf(index, t, id))

const isService = (principal: string): boolean => /\.(?:amazonaws|aws)\.(?:com|internal)(?:\.cn)?$/.test(principal)

async function lookAts(
  about: Asked,
  of: (where: string) => Promise<Bitmap>,
  talliedBy: (field: TermField) => Tally,
): Promise<LookAt[]> {
  const all: Check[] = [
    ...checks,
    ...(await gainedCheck(about)),
    ...lateRegions(about, talliedBy('awsRegion')),
    ...refusedOften(talliedBy('principal')),
  ]
  const found: (LookAt & { weight: number })[] = []
  for (const check of all) {
    await breathe(about.signal)
    found.push({ ...(await looked(about, check, await of(check.where))), weight: check.weight })
  }
  return found
    .sort((a, b) => Number(b.count > 0) - Number(a.count > 0) || b.weight - a.weight)
    .map(({ weight: _, ...shown }) => shown)
}

async function looked({ world: { index }, outcomes }: Asked, check: Check, events: Bitmap): Promise<LookAt> {
  const count = events.count()
  const principals = await index.term('principal')
  const names = await index.terms('principal')
  const { id, title, reason, where, zero } = check
  return {
    id,
    title,
    reason,
    where,
    count,
    denied: events.and(outcomes.denied).count(),
    firstMs: timeOf(index, events.page(0, 1)[0] ?? -1),
    lastMs: timeOf(index, events.page(0, 1, true)[0] ?? -1),
    who: count === 0 ? null : names[mostFrequent(events, principals, names.length)] || null,
    caveat: count === 0 ? (zero ?? null) : null,
  }
}

/** Refused first, allowed later: at most twelve callers stand in the query, so that it stays readable. */
async function gainedCheck(about: Asked): Promise<Check[]> {
  const gained = await deniedThenAllowed(about)
  const byPrincipal = new Map<string, string[]>()
  for (const { principal, call } of gained) byPrincipal.set(principal, [...(byPrincipal.get(principal) ?? []), call])
  const parts = [...byPrincipal].slice(0, 12).map(([principal, calls]) =>
    bothQueries(
      isExactly('principal', principal),
      calls
        .slice(0, 30)
        .map((call) => isExactly('eventName', call))
        .join(' OR '),
    ),
  )
  if (parts.length === 0) return []
  return [
    {
      id: 'gained',
      title: 'Refused first, allowed later',
      reason:
        'The same caller was refused a call and later could make it: permissions were gained, or an administrator helped.',
      where: parts.length === 1 ? parts[0]! : parts.map((part) => `(${part})`).join(' OR '),
      weight: 90,
    },
  ]
}

/** Regions whose first event comes after the first eighth of the time that the events span. */
function lateRegions({ world: { index } }: Asked, t: Tally): Check[] {
  const ids = allIds(t).toSorted((a, b) => t.first[a]! - t.first[b]!)
  const times = ids.map((id) => timeOf(index, t.first[id]!))
  const from = times[0]
  const to = Math.max(...ids.map((id) => timeOf(index, t.last[id]!) ?? 0))
  if (from === undefined || from === null) return []
  const late = ids.filter((_, n) => (times[n] ?? from) > from + (to - from) / 8)
  if (late.length === 0) return []
  const texts = late.map((id) => t.texts[id] ?? '')
  return [
    {
      id: 'regions',
      title: `${late.length === 1 ? 'A region' : `${late.length} regions`} first used late`,
      reason: `${texts.slice(0, 3).join(', ')}${texts.length > 3 ? ' and others' : ''}: nothing in the first eighth of the time. Regions nobody watches are where mining and hiding happen.`,
      where:
        texts.length === 1
          ? isExactly('awsRegion', texts[0])
          : `(${texts.map((region) => isExactly('awsRegion', region)).join(' OR ')})`,
      weight: 72,
    },
  ]
}

/** The caller who was refused most, when often enough. */
function refusedOften(t: Tally): Check[] {
  const byEvents = byCount(t)
  const [worst] = firstIds(t, 1, (a, b) => t.denied[b]! - t.denied[a]! || byEvents(a, b)).ids
  if (worst === undefined || t.denied[worst]! < REFUSED_OFTEN) return []
  return [
    {
      id: 'refused',
      title: 'Refused again and again',
      reason: 'The caller with the most refusals: somebody who tries what they may not.',
      where: bothQueries(isExactly('principal', t.texts[worst] ?? ''), 'access:denied'),
      weight: 70,
    },
  ]
}
