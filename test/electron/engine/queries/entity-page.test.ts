import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entityKinds, entityWhere } from '#shared/domain/entity.ts'
import { everything } from '#shared/domain/query/query.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import { backdoorKey, ciKey } from '#engine/sample/world.ts'
import { sampleEngine, type SampleEngine } from '../sample-engine.ts'

let sample: SampleEngine
beforeAll(async () => {
  sample = await sampleEngine()
})
afterAll(() => sample.close())

const query = everything
const countOf = async (where: string) =>
  (await sample.get('events.count', { query: { ...everything, text: where } })).total

describe('lists of identities', () => {
  it.each(entityKinds)('counts each %s as its link does', async (kind) => {
    const { rows, distinct, found } = await sample.get('entities.list', { query, kind, limit: 15 })
    expect(rows.length).toBeGreaterThan(0)
    expect(found).toBe(distinct)
    for (const row of rows.slice(0, 6)) {
      const where = entityWhere(kind, row.value)
      expect([row.value, row.count, row.denied]).toEqual([
        row.value,
        await countOf(where),
        await countOf(`${where} access:denied`),
      ])
    }
  })

  it('sorts by first, last and refusals, and searches', async () => {
    const by = async (sort: 'first' | 'last' | 'denied') =>
      (await sample.get('entities.list', { query, kind: 'principal', sort })).rows
    const first = (await by('first')).map((r) => r.firstMs ?? 0)
    expect(first).toEqual([...first].sort((a, b) => a - b))
    const last = (await by('last')).map((r) => r.lastMs ?? 0)
    expect(last).toEqual([...last].sort((a, b) => b - a))
    const denied = (await by('denied')).map((r) => r.denied)
    expect(denied).toEqual([...denied].sort((a, b) => b - a))
    const searched = await sample.get('entities.list', { query, kind: 'principal', search: 'TELEMETRY' })
    expect(searched.found).toBeGreaterThan(0)
    expect(searched.found).toBeLessThan(searched.distinct)
    expect(searched.rows.every((r) => r.value.toLowerCase().includes('telemetry'))).toBe(true)
  })

  it('gives the rest of a list page by page', async () => {
    const all = await sample.get('entities.list', { query, kind: 'resource' })
    const second = await sample.get('entities.list', { query, kind: 'resource', offset: 5, limit: 5 })
    expect(second.rows).toEqual(all.rows.slice(5, 10))
  })
})

describe('the page of an entity', () => {
  it('adds up: calls, outcomes, reads and writes are those of its events', async () => {
    const page = await sample.get('entities.get', { query, kind: 'key', value: ciKey })
    expect(page.total).toBe(await countOf(page.where))
    expect(page.denied).toBe(await countOf(bothQueries(page.where, 'access:denied')))
    expect(page.writes).toBe(await countOf(bothQueries(page.where, 'readOnly:false')))
    expect(page.calls.reduce((n, call) => n + call.ok + call.denied + call.failed, 0)).toBe(page.total)
    const [call] = page.calls
    expect(
      await countOf(
        bothQueries(
          page.where,
          `${isExactly('eventName', call?.name)} ${isExactly('eventSource', call?.service)} access:ok`,
        ),
      ),
    ).toBe(call?.ok)
  })

  it('names what was new: the address, and whether the case had seen it before', async () => {
    const page = await sample.get('entities.get', { query, kind: 'key', value: ciKey })
    const addresses = page.news.filter((n) => n.what === 'address')
    expect(addresses.length).toBeGreaterThan(1)
    expect(addresses.some((n) => n.inCase)).toBe(true)
    const times = page.news.map((n) => n.atMs ?? 0)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('tells what it created, changed and read', async () => {
    const { rows } = await sample.get('entities.list', { query, kind: 'principal', search: 'user/ci-deploy' })
    const page = await sample.get('entities.get', { query, kind: 'principal', value: rows[0]?.value ?? '' })
    expect(new Set(page.touched.map((t) => t.verb))).toContain('created')
    expect(page.touched.find((t) => t.name === 'CreateUser')).toMatchObject({
      verb: 'created',
      resource: expect.stringContaining('svc-telemetry-sync') as string,
    })
  })

  it('draws the backdoor key below the key that made it, and the roles that came of it below', async () => {
    const { lineage } = await sample.get('entities.get', { query, kind: 'key', value: backdoorKey })
    expect(lineage[0]).toMatchObject({ depth: 0, key: ciKey })
    const own = lineage.findIndex((node) => node.key === backdoorKey)
    expect(lineage[own]).toMatchObject({ depth: 1, call: 'CreateAccessKey', isSubject: true })
    expect(lineage[own]?.events).toBe(await countOf(isExactly('userIdentity.accessKeyId', backdoorKey)))
    expect(lineage.slice(own + 1).some((node) => node.depth === 2 && node.call === 'AssumeRole')).toBe(true)
    expect(lineage.some((node) => node.depth === 3 && node.call === 'AssumeRole')).toBe(true)
    for (const [n, node] of lineage.entries()) expect(node.depth).toBeLessThanOrEqual((lineage[n - 1]?.depth ?? -1) + 1)
  })

  it('tells a session from the role and the principals that are no session', async () => {
    const { rows } = await sample.get('entities.list', { query, kind: 'session', limit: 1000 })
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.every((row) => /:(assumed-role|federated-user)\//.test(row.value))).toBe(true)
    const value = rows.find((row) => row.value.includes('telemetry'))?.value ?? ''
    const page = await sample.get('entities.get', { query, kind: 'session', value })
    expect(page.total).toBe(await countOf(isExactly('userIdentity.arn', value)))
    expect(page.related.map(({ field }) => field)).not.toContain('principal')
    expect(page.related.find(({ field }) => field === 'userIdentity.accessKeyId')?.distinct).toBeGreaterThan(0)
    expect(page.lineage.some((node) => node.call === 'AssumeRole' && node.isSubject)).toBe(true)
  })

  it('gathers a bucket and the objects in it, with who read them', async () => {
    const { rows } = await sample.get('entities.list', { query, kind: 'bucket', search: 'payments-exports' })
    expect(rows.map((row) => row.value)).toContain('northwind-payments-exports')
    const page = await sample.get('entities.get', { query, kind: 'bucket', value: 'northwind-payments-exports' })
    const named = 'requestParameters.bucketName:northwind-payments-exports eventSource:s3.amazonaws.com'
    expect(page.total).toBe(await countOf(named))
    expect(page.total).toBeGreaterThan(10)
    expect(page.touched.some((t) => t.verb === 'read' && t.resource.includes('/daily/'))).toBe(true)
    expect(page.related.find(({ field }) => field === 'principal')?.distinct).toBeGreaterThan(0)
    expect(page.lineage).toEqual([])
  })

  it('takes any value for what it is, also markup', async () => {
    const { rows } = await sample.get('entities.list', { query, kind: 'agent', search: '<img' })
    const page = await sample.get('entities.get', { query, kind: 'agent', value: rows[0]?.value ?? '' })
    expect(page.total).toBe(1)
  })

  it('is empty for a value that no event has', async () => {
    expect(await sample.get('entities.get', { query, kind: 'principal', value: '") OR *' })).toMatchObject({
      total: 0,
      calls: [],
      lineage: [],
      firstMs: null,
    })
  })
})
