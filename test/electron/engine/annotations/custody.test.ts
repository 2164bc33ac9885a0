import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotatedCase, meyer, query, reopened, type TestCase } from './annotated-case.ts'

let test: TestCase
beforeAll(async () => {
  test = await annotatedCase('09:00 alice ConsoleLogin\n09:01 alice StopLogging -> trail')
})
afterAll(() => test.engine.closeAll())

const actions = async (): Promise<string[]> =>
  (await test.ask('custody.list', { limit: 1000 })).entries.map((entry) => entry.action)

describe('the custody log', () => {
  it('says who opened the case, with what, and what was changed from what to what', async () => {
    await test.ask('cases.update', { header: { title: 'Another title' } })
    test = await reopened(test, meyer)
    await test.ask('bookmarks.set', { event: 1, title: 'one' })
    await test.ask('bookmarks.set', { event: 1, title: 'two' })
    const { entries } = await test.ask('custody.list', { order: 'newest', limit: 4 })
    expect(entries.map((entry) => [entry.examiner, entry.action])).toEqual([
      ['K. Meyer', 'bookmark.set'],
      ['K. Meyer', 'bookmark.add'],
      ['K. Meyer', 'session.open'],
      ['A. Rossi', 'case.update'],
    ])
    expect(entries[0]!.detail).toContain('title "one" -> "two"')
    expect(entries[3]!.detail).toContain('title "Test case" -> "Another title"')
    expect(entries[2]!.detail).toMatch(/^opened with Trailcase 0\.1\.0 \(test\) on /)
    expect(entries[2]!.detail).not.toContain('ended without closing')
  })

  it('is filtered by text, action and examiner, a page at a time, and says how many of how many', async () => {
    const all = await test.ask('custody.list', {})
    expect(all).toMatchObject({ total: all.all, examiners: ['A. Rossi', 'K. Meyer'] })
    expect(await test.ask('custody.list', { examiner: 'K. Meyer' })).toMatchObject({ total: 3, all: all.all })
    expect(await test.ask('custody.list', { action: 'bookmark.set' })).toMatchObject({ total: 1 })
    expect(await test.ask('custody.list', { text: 'ANOTHER title' })).toMatchObject({ total: 1 })
    const page = await test.ask('custody.list', { offset: 1, limit: 1 })
    expect(page.entries.map((entry) => entry.seq)).toEqual([2])
  })

  it('has one entry for each act that changes something, and none for what changes nothing', async () => {
    const count = async () => (await test.ask('custody.head', {})).entries
    const before = await count()
    await test.ask('tags.apply', { tag: 'seen', events: { kind: 'query', query: query('') } })
    await test.ask('tags.apply', { tag: 'seen', events: { kind: 'query', query: query('') } })
    await test.ask('bookmarks.set', { exhibit: 'KM-0001', title: 'two' })
    await test.ask('annotations.state', {})
    expect(await count()).toBe(before + 1)
  })
})

describe('searches and views', () => {
  it('are not written unless somebody asks for it', async () => {
    await test.ask('events.find', { query: query('alice'), offset: 0, limit: 10, fields: [] })
    expect(await actions()).not.toContain('view.events.find')
  })

  it('are written once each while it is switched on, without further pages', async () => {
    expect(await test.ask('custody.logViews', { on: true })).toEqual({ logViews: true })
    const find = { query: query('alice'), limit: 1, fields: [] }
    await test.ask('events.find', { ...find, offset: 0 })
    await test.ask('events.find', { ...find, offset: 0 })
    await test.ask('events.find', { ...find, offset: 1 })
    await test.ask('events.get', { id: 1 })
    await test.ask('sql.run', { sql: 'select 1' })
    expect((await actions()).slice(-4)).toEqual(['setting.set', 'view.events.find', 'view.events.get', 'view.sql.run'])
    const { entries } = await test.ask('custody.list', { action: 'view.events.find' })
    expect(JSON.parse(entries[0]!.body)).toMatchObject({ query: { text: 'alice' }, events: 2 })
    await test.ask('custody.logViews', { on: false })
    await test.ask('events.get', { id: 2 })
    expect((await actions()).at(-1)).toBe('setting.set')
  })
})
