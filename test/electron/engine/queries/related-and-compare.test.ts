import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { termFields } from '#shared/domain/fields.ts'
import type { MatchableEvent } from '#shared/domain/query/matches.ts'
import { compareValues, scoreOf } from '#engine/queries/compare-events.ts'
import type { QueryWorld } from '#engine/queries/evaluate.ts'
import { readRows } from '#engine/queries/event-rows.ts'
import { facetVector } from '#engine/queries/facet-vector.ts'
import { ask } from '#engine/queries/question.ts'
import { relatedFields, relationsOf, type Relation } from '#engine/queries/related-events.ts'
import { tagFacet } from '#engine/queries/tag-facet.ts'
import { randomCase, type RandomCase } from './random-case.ts'

const never = new AbortController().signal
let made: RandomCase
let world: QueryWorld
beforeAll(async () => {
  made = await randomCase(150, 11)
  world = await made.open.world()
})
afterAll(async () => {
  await made.open.close()
  rmSync(made.folder, { recursive: true, force: true })
})

const termOf = (event: MatchableEvent, field: string): string | undefined =>
  event.terms[termFields.findIndex((term) => term === field)]

describe('relationsOf', () => {
  it('leads to exactly the events that share the value, the event itself among them', async () => {
    const seen = new Set<string>()
    for (const [n, event] of made.events.entries()) {
      const [row] = await readRows(world, [world.index.positionOf(n + 1)], relatedFields, made.open.annotated)
      for (const relation of relationsOf(row!)) {
        seen.add(relation.kind)
        const { events } = await ask(world, relation.query, never)
        expect(events.has(world.index.positionOf(n + 1))).toBe(true)
        expect(events.count()).toBe(made.events.filter((other) => shares(relation, event, other)).length)
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(6)
  })

  it('gives none for what the event does not have', () => {
    expect(relationsOf({ timeMs: null, values: relatedFields.map(() => null) })).toEqual([])
    expect(relationsOf({ timeMs: null, values: relatedFields.map(() => '') })).toEqual([])
  })

  it('names a session only where the ARN is one', () => {
    const arn = 'arn:aws:sts::123456789012:assumed-role/Admin/alice'
    const kinds = (type: string): string[] =>
      relationsOf({ timeMs: null, values: [null, type, arn, arn, null, null, null, null, null] }).map((r) => r.kind)
    expect(kinds('AssumedRole')).toEqual(['session'])
    expect(kinds('IAMUser')).toEqual(['principal'])
  })
})

function shares(relation: Relation, event: MatchableEvent, other: MatchableEvent): boolean {
  if (relation.kind === 'minutes')
    return Math.abs(other.timeMs - event.timeMs) < 300_000 || other.timeMs === event.timeMs - 300_000
  if (relation.kind === 'request') return other.identifiers[1]?.toLowerCase() === relation.value.toLowerCase()
  const field = relation.query.facets[0]!.field
  return termOf(other, field) === relation.value
}

describe('compareValues', () => {
  it('counts each value inside and outside as one by one would', async () => {
    const inside = (await ask(world, { text: 'errorCode:*', facets: [], sort: 'eventTime' }, never)).events
    const outside = world.index.visible.andNot(inside)
    const compared = compareValues(world.index, await facetVector(world, 'access'), inside, outside, 10)
    const of = (value: string | null, has: boolean): number =>
      made.events.filter(
        (e) => (termOf(e, 'errorCode') !== undefined) === has && (termOf(e, 'access') ?? null) === value,
      ).length
    expect(compared.length).toBeGreaterThan(0)
    for (const { value, inside: a, outside: b } of compared) expect([a, b]).toEqual([of(value, true), of(value, false)])
    expect(compared.map((c) => c.score)).toEqual(compared.map((c) => c.score).sort((x, y) => y - x))
    expect(compareValues(world.index, await facetVector(world, 'access'), inside, outside, 1)).toEqual(
      compared.slice(0, 1),
    )
  })
})

describe('scoreOf', () => {
  it('is the difference of the shares', () => {
    expect(scoreOf(90, 100, 100, 1000)).toBeCloseTo(0.8)
    expect(scoreOf(0, 100, 500, 1000)).toBeCloseTo(0.5)
  })
  it('is zero where chance explains it, the difference is small, or there is nothing to compare with', () => {
    expect(scoreOf(1, 3, 200, 1000)).toBe(0)
    expect(scoreOf(1005, 100_000, 1000, 100_000)).toBe(0)
    expect(scoreOf(5, 10, 0, 0)).toBe(0)
  })
})

describe('tagFacet', () => {
  it('counts tags and the events without any', async () => {
    const all = world.index.visible
    const facet = tagFacet(await world.tags(), all, { wanted: '', rareFirst: false, top: 2 })
    expect(facet.distinct).toBe(4)
    expect(facet.values).toHaveLength(2)
    for (const { value, count } of facet.values)
      expect(count).toBe(made.events.filter((event) => event.tags.includes(value)).length)
    expect(facet.absent).toBe(made.events.filter((event) => event.tags.length === 0).length)
    const found = tagFacet(await world.tags(), all, { wanted: 'exfil', rareFirst: true, top: 2 })
    expect(found.values.map((v) => v.value)).toEqual(['s3-exfil-role'])
  })

  it('filters for and against tags by name', async () => {
    const count = async (exclude: boolean): Promise<number> =>
      (
        await ask(world, { text: '', facets: [{ field: 'tag', values: ['Bob'], exclude }], sort: 'eventTime' }, never)
      ).events.count()
    const tagged = made.events.filter((event) => event.tags.includes('Bob')).length
    expect([await count(false), await count(true)]).toEqual([tagged, made.events.length - tagged])
  })
})
