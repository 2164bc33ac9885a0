import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { Grant } from '#shared/contract/common.ts'
import { evidence } from '#test/fixtures/evidence.ts'
import { meyer, query, steadyClock, tempFolder, type TestCase } from '../../annotations/annotated-case.ts'
import { canonicalExport, copyFor, packed } from './merging.ts'
import { packableCase } from './packing.ts'

const eventOf = async (test: Pick<TestCase, 'ask'>, text: string): Promise<number> => {
  const { rows } = await test.ask('events.find', { query: query(text), offset: 0, limit: 1, fields: [] })
  return ensure(rows[0], 'the story has this event').id
}
const importInto = async (test: TestCase, story: string): Promise<void> => {
  const folder = evidence(story).writeTo(join(tempFolder(), 'evidence'))
  await test.ask('sources.import', { grants: [folder as Grant] })
}
const isWhole = async (test: Pick<TestCase, 'ask'>): Promise<void> => {
  const { clean, checks } = await test.ask('cases.verify', {})
  expect(checks.filter((check) => check.failed > 0)).toEqual([])
  expect(clean).toBe(true)
}
/** Later than what the case's own clock has shown, so that the copy's operations are the newer ones. */
const later = () => steadyClock(Date.parse('2026-11-21T10:00:00Z'))

describe('two histories of a case that parted', () => {
  it('come together in either order: the same evidence, annotations and conflicts, and both custody logs', async () => {
    const mine = await packableCase()
    const theirs = await copyFor(mine, meyer, later())
    const [first] = (await mine.ask('annotations.state', {})).bookmarks
    await mine.ask('bookmarks.set', { exhibit: first!.exhibit, title: 'Written by Rossi' })
    await mine.ask('bookmarks.set', { event: await eventOf(mine, 'eventName:CreateUser'), title: 'A new user' })
    await theirs.ask('bookmarks.set', { exhibit: first!.exhibit, title: 'Written by Meyer' })
    await theirs.ask('bookmarks.set', { event: await eventOf(theirs, 'eventName:ConsoleLogin'), title: 'A login' })
    await theirs.ask('tags.apply', { tag: 'seen', events: { kind: 'query', query: query('') } })
    await theirs.ask('findings.set', { title: 'Keys were stolen' })
    await importInto(mine, '13:00 carol DeleteTrail')
    await importInto(theirs, '14:00 dave DeleteBucket')
    const [fromMine, fromTheirs] = [await packed(mine), await packed(theirs)]

    const preview = await mine.ask('packages.mergePreview', { grant: fromTheirs })
    expect(preview).toMatchObject({
      nothingNew: false,
      signatures: [],
      from: { examiner: 'K. Meyer' },
      // A log file, two digests and the keys.
      evidence: { sources: 1, newFiles: 4, newEntries: 4, byHash: 0, filled: 0, records: 1 },
      logs: 1,
    })
    expect(preview.annotations.kinds).toEqual([
      { kind: 'bookmark', added: 1, changed: 1, removed: 0 },
      { kind: 'tag', added: 1, changed: 0, removed: 0 },
      { kind: 'finding', added: 1, changed: 0, removed: 0 },
      { kind: 'tagged', added: 4, changed: 0, removed: 0 },
    ])
    expect(preview.conflicts).toMatchObject([
      {
        what: `bookmark ${first!.exhibit}`,
        field: 'title',
        values: [
          { value: 'Written by Meyer', by: 'K. Meyer' },
          { value: 'Written by Rossi', by: 'A. Rossi' },
        ],
      },
    ])
    const { info, newEvents, differing, differences, ...merged } = await mine.ask('packages.merge', {
      grant: fromTheirs,
    })
    expect(merged).toEqual(preview)
    expect({ newEvents, differing, differences }).toEqual({ newEvents: 1, differing: 0, differences: [] })
    expect(info.events).toBe(6)
    await theirs.ask('packages.merge', { grant: fromMine })
    expect(await canonicalExport(theirs)).toEqual(await canonicalExport(mine))
    expect((await theirs.ask('annotations.state', {})).conflicts).toEqual(preview.conflicts)
    for (const test of [mine, theirs]) {
      await isWhole(test)
      const { entries } = await test.ask('custody.list', { action: 'package.merge', limit: 10 })
      expect(entries).toHaveLength(1)
      await test.engine.closeAll()
    }
  })

  it('merged again bring nothing, and the custody log says that it was done', async () => {
    const mine = await packableCase()
    const theirs = await copyFor(mine, meyer, later())
    await theirs.ask('findings.set', { title: 'Keys were stolen' })
    await importInto(theirs, '14:00 dave DeleteBucket')
    const grant = await packed(theirs)
    await mine.ask('packages.merge', { grant })
    const once = await canonicalExport(mine)
    expect(await mine.ask('packages.merge', { grant })).toMatchObject({
      nothingNew: true,
      newEvents: 0,
      evidence: { newFiles: 0, newEntries: 0 },
      annotations: { operations: 0, kinds: [] },
      logs: 0,
    })
    expect(await canonicalExport(mine)).toEqual(once)
    expect((await mine.ask('custody.list', { action: 'package.merge', limit: 10 })).total).toBe(2)
    await isWhole(mine)
    await mine.engine.closeAll()
    await theirs.engine.closeAll()
  })
})
