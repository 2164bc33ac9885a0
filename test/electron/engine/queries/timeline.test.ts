import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { laneFields, laneKinds } from '#shared/domain/lanes.ts'
import { everything } from '#shared/domain/query/query.ts'
import { pairInsights, type InsightRow } from '#engine/queries/timeline-marks.ts'
import type { OpenCase } from '#engine/open-case.ts'
import { TestEngine } from '#test/fixtures/engine.ts'
import { evidence } from '#test/fixtures/evidence.ts'

const text = `
  09:00 alice  ConsoleLogin ip=203.0.113.7
  09:01 alice  AssumeRole -> admin ip=203.0.113.7
  09:02 admin  ListBuckets source=s3.amazonaws.com
  09:10 admin  StopLogging !denied
  09:40 bob    DescribeInstances region=eu-west-1
  10:05 bob    DescribeInstances region=eu-west-1
  11:30 bob    CreateUser -> mallory`
const start = Date.parse('2024-05-01T09:00:00Z')

let engine: TestEngine
let open: OpenCase
beforeAll(async () => {
  engine = new TestEngine()
  const folder = engine.path('evidence')
  mkdirSync(folder)
  open = await engine.create()
  await engine.import(open, [evidence(text).writeTo(folder)])
})
afterAll(() => engine.end())

const lanes = (input: object) =>
  engine.ask('timeline.lanes', { caseId: open.id, query: everything, by: 'principal', buckets: 100, ...input })
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

describe('timeline.lanes', () => {
  it('counts every event once in its lane and in the density, for every kind of lane', async () => {
    for (const by of laneKinds.filter((kind) => kind !== 'tag')) {
      const drawn = await lanes({ by })
      const facets = await engine.ask('events.facets', {
        caseId: open.id,
        query: everything,
        fields: [laneFields[by]],
        top: 500,
      })
      const counts = facets.facets[0]!
      expect(sum(drawn.density)).toBe(7)
      expect(drawn.total).toBe(7)
      expect(sum(drawn.lanes.map((lane) => lane.total))).toBe(drawn.inLanes)
      for (const lane of drawn.lanes) expect(sum(lane.counts)).toBe(lane.total)
      expect(drawn.lanesAll).toBe(counts.distinct + (counts.absent > 0 ? 1 : 0))
      expect(drawn.inLanes).toBe(7)
    }
  })

  it('says how many lanes and events stand beyond those that are given', async () => {
    const drawn = await lanes({ top: 1 })
    expect(drawn.lanes).toHaveLength(1)
    expect(drawn.lanesAll).toBe(3)
    expect([drawn.inLanes, drawn.total]).toEqual([3, 7])
  })

  it('puts an event into the bucket of its moment and keeps to the range', async () => {
    const { startMs, bucketMs, density, total } = await lanes({ from: start, to: start + 3_600_000, buckets: 60 })
    expect([startMs, bucketMs, density.length, total]).toEqual([start, 60_000, 60, 5])
    expect(density.flatMap((n, minute) => (n > 0 ? [minute] : []))).toEqual([0, 1, 2, 10, 40])
  })

  it('draws nothing for a query without events and does not fail', async () => {
    const drawn = await lanes({ query: { ...everything, text: 'eventName:Nothing' } })
    expect([drawn.total, drawn.lanes, drawn.lanesAll, sum(drawn.density)]).toEqual([0, [], 0, 0])
  })

  it('stands an event in the lane of each of its tags and counts it once', async () => {
    const { rows } = await engine.ask('events.find', {
      caseId: open.id,
      query: everything,
      offset: 0,
      limit: 3,
      fields: [],
    })
    const ids = rows.map((row) => row.id)
    await engine.ask('tags.apply', { caseId: open.id, tag: 'access', events: { kind: 'events', ids } })
    await engine.ask('tags.apply', { caseId: open.id, tag: 'role', events: { kind: 'events', ids: ids.slice(1, 2) } })
    const drawn = await lanes({ by: 'tag' })
    expect(drawn.lanes.map((lane) => [lane.value, lane.total])).toEqual([
      ['access', 3],
      ['role', 1],
    ])
    expect(drawn.inLanes).toBe(3)
  })
})

describe('timeline.marks', () => {
  it('draws each credential from its first to its last event and names the one that obtained it', async () => {
    const drawn = await lanes({})
    const names = drawn.lanes.map((lane) => lane.value)
    const { sessions, sessionsAll } = await engine.ask('timeline.marks', {
      caseId: open.id,
      query: everything,
      by: 'principal',
      lanes: names,
    })
    expect(sessions.length).toBe(sessionsAll)
    const role = sessions.find((one) => names[one.lane]?.includes('assumed-role'))
    expect(role).toMatchObject({ kind: 'session', firstMs: start + 120_000, lastMs: start + 600_000, events: 2 })
    const alice = sessions.find((one) => names[one.lane]?.endsWith('user/alice'))
    expect(role?.parent).toBe(alice?.credential)
    expect(sum(sessions.map((one) => one.events))).toBeLessThanOrEqual(7)
  })

  it('leaves out credentials whose lane is not drawn', async () => {
    const marks = await engine.ask('timeline.marks', { caseId: open.id, query: everything, by: 'principal', lanes: [] })
    expect([marks.sessions, marks.sessionsAll]).toEqual([[], 0])
  })
})

const row = (event: number, shared: string | null, state: string): InsightRow => ({
  event,
  timeMs: event * 1000,
  shared,
  state,
  eventSource: 's3.amazonaws.com',
  eventName: 'PutObject',
  insightType: 'ApiCallRateInsight',
})

describe('pairInsights', () => {
  it('makes one span of a start and its end, also when others stand between', () => {
    const spans = pairInsights([row(1, 'a', 'Start'), row(2, 'b', 'Start'), row(3, 'a', 'End')])
    expect(spans.map(({ event, startMs, endMs }) => [event, startMs, endMs])).toEqual([
      [1, 1000, 3000],
      [2, 2000, null],
    ])
  })

  it('shows an end without its start as a moment and never loses a record', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', null), fc.constantFrom('Start', 'End')), { maxLength: 20 }),
        (made) => {
          const rows = made.map(([shared, state], n) => row(n + 1, shared, state))
          const spans = pairInsights(rows)
          const starts = rows.filter((one) => one.state === 'Start').length
          expect(spans.length).toBeGreaterThanOrEqual(starts)
          for (const span of spans) expect(span.endMs ?? Infinity).toBeGreaterThanOrEqual(span.startMs)
        },
      ),
      { numRuns: 60 },
    )
  })
})
