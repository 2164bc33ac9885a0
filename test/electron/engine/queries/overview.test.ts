import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Overview } from '#shared/contract/explore.ts'
import { bothQueries } from '#shared/domain/query/narrow.ts'
import { everything } from '#shared/domain/query/query.ts'
import { sampleEngine, type SampleEngine } from '../sample-engine.ts'

let sample: SampleEngine
let overview: Overview
beforeAll(async () => {
  sample = await sampleEngine()
  overview = await sample.get('cases.overview', { query: everything })
})
afterAll(() => sample.close())

const countOf = async (where: string) =>
  (await sample.get('events.count', { query: { ...everything, text: where } })).total

describe('the overview of the sample investigation', () => {
  it('has behind each number exactly the events that its link shows', async () => {
    const linked = [
      ...overview.categories,
      ...Object.values(overview.access),
      ...Object.values(overview.logins),
      ...overview.lookAt,
    ]
    for (const { count, where } of linked) expect({ where, count }).toEqual({ where, count: await countOf(where) })
    expect(overview.total).toBe(await countOf(''))
  })

  it('finds the trail that was stopped, with who did it, before anything else', () => {
    expect(overview.lookAt[0]).toMatchObject({ id: 'logging', who: expect.stringContaining('PaymentsAdmin') as string })
    expect(overview.lookAt[0]?.count).toBeGreaterThan(1)
  })

  it('finds what else belongs to the story: new keys, a snapshot shared, secrets read, permissions gained', () => {
    const found = new Map(overview.lookAt.map((one) => [one.id, one.count]))
    for (const id of [
      'credentials',
      'policies',
      'shared',
      'secrets',
      'gained',
      'regions',
      'no-mfa',
      'tools',
      'refused',
      'objects',
    ])
      expect([id, found.get(id) ?? 0]).not.toEqual([id, 0])
  })

  it('orders by weight, and sets what was not found behind, with what a zero does not say', async () => {
    const counts = overview.lookAt.map((one) => Math.min(1, one.count))
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
    const quiet = await sample.get('cases.overview', { query: { ...everything, text: 'eventName:StopLogging' } })
    expect(quiet.lookAt.find((one) => one.id === 'objects')).toMatchObject({
      count: 0,
      caveat: expect.stringContaining('data events') as string,
    })
    expect(quiet.categories.find((one) => one.category === 'Data')).toMatchObject({
      count: 0,
      caveat: expect.stringContaining('would not be visible') as string,
    })
  })

  it('stops when nobody waits for it any more, and lets other questions in between', async () => {
    const stopping = new AbortController()
    const asked = sample.ask('cases.overview', { query: everything }, stopping.signal)
    setImmediate(() => stopping.abort())
    expect(await asked).toMatchObject({ ok: false, code: 'cancelled' })
    const order: string[] = []
    await Promise.all([
      sample.get('cases.overview', { query: everything }).then(() => order.push('overview')),
      countOf('eventName:StopLogging').then(() => order.push('count')),
    ])
    expect(order).toEqual(['count', 'overview'])
  })

  it('shows the Insights event as one pair with its rates', () => {
    expect(overview.insights).toMatchObject([
      {
        eventName: 'RunInstances',
        eventSource: 'ec2.amazonaws.com',
        region: 'sa-east-1',
        baselineAverage: 0,
        insightAverage: 2.4,
      },
    ])
    const [pair] = overview.insights
    expect((pair?.endMs ?? 0) - (pair?.startMs ?? 0)).toBe(600_000)
    expect(pair?.attributions[0]?.value).toContain('svc-telemetry-sync')
  })

  it('marks the busiest hour, the strangest hour and the hours of refusals', async () => {
    const inHour = async (fromMs: number, text: string) =>
      (await sample.get('events.count', { query: { ...everything, text, from: fromMs, to: fromMs + 3_600_000 } })).total
    expect(overview.busiest?.count).toBe(await inHour(overview.busiest?.fromMs ?? 0, ''))
    expect(overview.strangest).not.toBeNull()
    expect(overview.deniedSpikes.length).toBeGreaterThan(0)
    for (const spike of overview.deniedSpikes) expect(spike.count).toBe(await inHour(spike.fromMs, 'access:denied'))
  })

  it('says how much is proven and where hours are missing', () => {
    expect(overview.coverage?.clean).toBe(false)
    expect(overview.coverage?.logs.proven).toBeGreaterThan(100)
    expect(overview.coverage?.gaps.length).toBeGreaterThan(0)
  })

  it('follows the query', async () => {
    const text = 'awsRegion:sa-east-1'
    const part = await sample.get('cases.overview', { query: { ...everything, text } })
    expect(part.total).toBe(await countOf(text))
    expect(part.regions.map((region) => region.value)).toEqual(['sa-east-1'])
    expect(part.access.writes.count).toBe(await countOf(bothQueries(text, part.access.writes.where)))
  })

  it('says nothing about no events, and does not fail', async () => {
    const none = await sample.get('cases.overview', { query: { ...everything, text: 'eventName:NoSuchCall' } })
    expect(none).toMatchObject({
      total: 0,
      firstMs: null,
      busiest: null,
      strangest: null,
      deniedSpikes: [],
      insights: [],
      newcomers: [],
    })
  })
})
