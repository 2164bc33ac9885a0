import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { termFields } from '#shared/domain/fields.ts'
import { compileMatcher, type MatchableEvent } from '#shared/domain/query/matches.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { countIds } from '#engine/queries/count-events.ts'
import type { QueryWorld } from '#engine/queries/evaluate.ts'
import { facetVector } from '#engine/queries/facet-vector.ts'
import { histogram } from '#engine/queries/histogram.ts'
import { ask } from '#engine/queries/question.ts'
import { EventIndex } from '#engine/vectors/event-index.ts'
import { anyCondition, anyQuery, tree } from '../../../shared/domain/query/sample.ts'
import { randomCase, type RandomCase } from './random-case.ts'

const EVENTS = 420
const SEED = 20230710
const never = new AbortController().signal

let made: RandomCase
let world: QueryWorld
beforeAll(async () => {
  made = await randomCase(EVENTS, SEED)
  world = await made.open.world()
})
afterAll(async () => {
  await made.open.close()
  rmSync(made.folder, { recursive: true, force: true })
})

const question = (text: string, more: Partial<EventQuery> = {}): EventQuery => ({
  text,
  facets: [],
  sort: 'eventTime',
  ...more,
})

/** Event numbers that the engine finds, ascending. */
async function found(query: EventQuery): Promise<number[]> {
  const { events } = await ask(world, query, never)
  return events
    .page(0, EVENTS)
    .map((position) => world.index.eventAt(position))
    .sort((a, b) => a - b)
}

/** The same in plain code: each event is looked at by itself. */
const expected = (test: (event: MatchableEvent) => boolean): number[] =>
  made.events.flatMap((event, n) => (test(event) ? [n + 1] : []))

const FORMS = [
  'eventID:3038ebd2-c98a-4c65-9b6e-000000000001',
  'eventID:"alice 2"',
  'eventID:3038*',
  'eventID:*',
  'requestID:*',
  '-requestID:*',
  'requestID:""',
  'requestID:100',
  'requestID:/a/',
  'requestID:203.0.113.0/24',
  'eventTime>=2023-07-10T12:00:00Z',
  'eventTime<2023-07-10T12:00:00.5Z',
  '-eventTime<2023-07-10T12:00:00Z',
  'eventTime:2023-07-10',
  'errorCode:*',
  '-errorCode:*',
  'errorCode:""',
  'requestParameters:""',
  'requestParameters:*',
  '-requestParameters:*',
  'requestParameters.bucketName:*',
  'requestParameters.bucketName:ali*',
  'requestParameters."aws:x".deep:Bob',
  'requestParameters.bucketName>99',
  'otherFields.x:*',
  'otherFields.x.bucketName:alice',
  'insightDetails:100',
  'tag:*',
  '-tag:*',
  'tag:a*',
  'tag:/b$/',
  'integrity:*',
  'integrity:/^un/',
  'bookmark:yes OR tag:bob',
  'service:iam',
  'role:admin',
  'principal:Admin',
  'access:denied',
  'ip:203.0.113.0/24',
  'exfil',
  's3-exfil*',
  '*fil*',
  'straße',
  'STRASSE',
  '"a b"',
  '/ex.il/',
  '10.0.0.0/8',
  '2001:db8::/32',
  'bucketName',
  '100',
  'true',
  'x_y',
  'NOT (alice OR bob)',
]

describe('evaluate, compared with each event looked at by itself', () => {
  it('holds the events it is compared with', () => {
    expect(world.index.total).toBe(EVENTS)
    expect(made.events).toHaveLength(EVENTS)
    expect(new Set(made.events.map((event) => event.integrity)).size).toBe(7)
    expect(made.events.some((event) => Number.isNaN(event.timeMs))).toBe(true)
  })

  it.each(FORMS)('finds exactly the events of %s', async (text) => {
    expect(await found(question(text))).toEqual(expected(compileMatcher(tree(text))))
  })

  it('finds some and not all events by most forms, so that the comparison means something', () => {
    const counts = FORMS.map((text) => expected(compileMatcher(tree(text))).length)
    expect(counts.filter((count) => count > 0 && count < EVENTS).length).toBeGreaterThan(FORMS.length * 0.8)
  })

  it('finds exactly the events of 2,000 random conditions', async () => {
    await fc.assert(
      fc.asyncProperty(anyCondition, async (text) => {
        expect(await found(question(text))).toEqual(expected(compileMatcher(tree(text))))
      }),
      { numRuns: 2000, seed: SEED },
    )
  })

  it('finds exactly the events of 2,000 random queries', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, async (text) => {
        expect(await found(question(text))).toEqual(expected(compileMatcher(tree(text))))
      }),
      { numRuns: 2000, seed: SEED },
    )
  })

  it('finds the same when dictionaries are so large that the index of words is asked first', async () => {
    // An index of its own has no answers yet.
    const large = { ...world, index: await EventIndex.load(world.reader), largeDictionary: 0 }
    await fc.assert(
      fc.asyncProperty(anyCondition, async (text) => {
        const { events } = await ask(large, question(text), never)
        const test = compileMatcher(tree(text))
        const ids = events.page(0, EVENTS).map((position) => world.index.eventAt(position))
        expect(ids.sort((a, b) => a - b)).toEqual(expected(test))
      }),
      { numRuns: 600, seed: SEED + 1 },
    )
  })

  it('joins text, range and facets with AND, as each event by itself says', async () => {
    const times = [
      '2023-07-10T11:59:59Z',
      '2023-07-10T12:00:00Z',
      '2023-07-10T12:00:00.500Z',
      '2023-07-12T00:00:00Z',
    ].map((time) => utcMs(Date.parse(time)))
    const facet = fc.record({
      field: fc.constantFrom('eventName', 'errorCode', 'access', 'eventSource', 'integrity'),
      values: fc.array(
        fc.constantFrom('alice', 'Bob', '', '100', 'denied', 'ok', 's3.amazonaws.com', 'proven', 'none'),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      exclude: fc.boolean(),
    })
    const valueOf = (event: MatchableEvent, field: string): string | undefined =>
      field === 'integrity' ? event.integrity : event.terms[termFields.findIndex((term) => term === field)]
    await fc.assert(
      fc.asyncProperty(
        anyCondition,
        fc.option(fc.constantFrom(...times), { nil: undefined }),
        fc.option(fc.constantFrom(...times), { nil: undefined }),
        fc.array(facet, { maxLength: 3 }),
        async (text, from, to, facets) => {
          const test = compileMatcher(tree(text))
          const fits = (event: MatchableEvent): boolean =>
            test(event) &&
            (from === undefined || event.timeMs >= from) &&
            (to === undefined || event.timeMs < to) &&
            facets.every(({ field, values, exclude }) => {
              const value = valueOf(event, field)
              return (value !== undefined && (values as readonly string[]).includes(value)) !== exclude
            })
          expect(await found(question(text, { from, to, facets }))).toEqual(expected(fits))
        },
      ),
      { numRuns: 700, seed: SEED },
    )
  })

  it('counts values and buckets as one by one would', async () => {
    await fc.assert(
      fc.asyncProperty(anyCondition, fc.constantFrom('eventName', 'access', 'integrity'), async (text, field) => {
        const { events } = await ask(world, question(text), never)
        const own = made.events.filter(compileMatcher(tree(text)))
        const { vector, texts } = await facetVector(world, field)
        const counts = countIds(events, vector, texts.length)
        const byHand = new Map<string | null, number>()
        for (const event of own) {
          const value =
            field === 'integrity'
              ? event.integrity
              : (event.terms[termFields.findIndex((term) => term === field)] ?? null)
          byHand.set(value, (byHand.get(value) ?? 0) + 1)
        }
        for (const [id, value] of texts.entries()) expect(counts[id]).toBe(byHand.get(value) ?? 0)
        const range = { fromMs: Date.UTC(2023, 6, 10, 11), toMs: Date.UTC(2023, 6, 11, 1) }
        const drawn = await histogram(world.index, events, range, 100, undefined)
        const dated = own.filter((event) => event.timeMs >= drawn.startMs)
        expect(drawn.series[0]!.counts.reduce((sum, n) => sum + n, 0)).toBe(dated.length)
        const first = own.filter((event) => event.timeMs < drawn.startMs + drawn.bucketMs)
        expect(drawn.series[0]!.counts[0]).toBe(first.filter((event) => event.timeMs >= drawn.startMs).length)
      }),
      { numRuns: 200, seed: SEED },
    )
  })

  it('gives every page of an answer in time order, both ways', async () => {
    const { events } = await ask(world, question('errorCode:*'), never)
    const whole = events.page(0, EVENTS)
    expect(whole).toEqual([...whole].sort((a, b) => a - b))
    expect(events.page(0, EVENTS, true)).toEqual([...whole].reverse())
    expect([...events.page(0, 7), ...events.page(7, EVENTS)]).toEqual(whole)
    expect([...events.page(0, 7, true), ...events.page(7, EVENTS, true)]).toEqual([...whole].reverse())
  })
})
