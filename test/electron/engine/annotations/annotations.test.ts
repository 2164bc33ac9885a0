import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotatedCase, query, reopened, type TestCase } from './annotated-case.ts'

const story = `
  09:00 alice ConsoleLogin
  09:01 alice CreateUser -> mallory
  09:02 mallory ListBuckets
  09:03 mallory StopLogging -> trail
  09:20 mallory GetObject file=second
`
let test: TestCase
beforeAll(async () => {
  test = await annotatedCase(story)
})
afterAll(() => test.engine.closeAll())

const idsOf = async (text: string): Promise<number[]> => {
  const { rows } = await test.ask('events.find', { query: query(text), offset: 0, limit: 100, fields: [] })
  return rows.map((row) => row.id)
}
const countOf = async (text: string): Promise<number> => (await test.ask('events.count', { query: query(text) })).total

describe('tags', () => {
  it('stand on the events of a query, show in rows, and can be searched', async () => {
    const result = await test.ask('tags.apply', {
      tag: 'Exfil',
      events: { kind: 'query', query: query('principal:*mallory') },
    })
    expect(result).toMatchObject({ changed: 3, already: 0 })
    expect(await countOf('tag:exfil')).toBe(3)
    expect(await countOf('-tag:exfil')).toBe(2)
    const { rows } = await test.ask('events.find', { query: query('tag:exfil'), offset: 0, limit: 1, fields: [] })
    expect(rows[0]?.tags).toEqual(['Exfil'])
  })

  it('are the same tag in any letter case, and leave alone what carries them already', async () => {
    const result = await test.ask('tags.apply', { tag: ' EXFIL ', events: { kind: 'query', query: query('') } })
    expect(result).toMatchObject({ changed: 2, already: 3 })
    expect((await test.ask('annotations.state', {})).tags.map((t) => [t.name, t.events])).toEqual([['Exfil', 5]])
  })

  it('come off again, with undo and redo as operations of their own', async () => {
    const [first] = await idsOf('eventName:StopLogging')
    await test.ask('tags.remove', { tag: 'exfil', events: { kind: 'events', ids: [first!] } })
    expect(await countOf('tag:exfil')).toBe(4)
    const { undone } = await test.ask('annotations.undo', {})
    expect(undone?.words).toBe('took tag "Exfil" off 1 event')
    expect(await countOf('tag:exfil')).toBe(5)
    const { redone } = await test.ask('annotations.redo', {})
    expect(redone?.words).toBe(undone?.words)
    expect(await countOf('tag:exfil')).toBe(4)
    const { entries } = await test.ask('annotations.history', { about: { kind: 'event', id: first! } })
    expect(entries.map((e) => [e.type, e.undone])).toEqual([
      ['redo', false],
      ['undo', true],
      ['tag.remove', false],
      ['tag.add', false],
    ])
  })

  it('carry colour, tactic and techniques, and refuse ids that ATT&CK does not write', async () => {
    const tag = await test.ask('tags.define', {
      name: 'exfil',
      colour: 3,
      tactic: 'TA0010',
      techniques: ['T1537', 'T1078.004'],
    })
    expect(tag).toMatchObject({
      name: 'Exfil',
      colour: 3,
      tactic: 'TA0010',
      techniques: ['T1537', 'T1078.004'],
      events: 4,
    })
    await expect(test.ask('tags.define', { name: 'exfil', tactic: 'exfiltration' })).rejects.toMatchObject({
      code: 'bad-input',
    })
    await expect(test.ask('tags.define', { name: 'a\u202eb' })).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('are all still there when the case is opened again', async () => {
    const before = await test.ask('annotations.state', {})
    test = await reopened(test)
    expect(await test.ask('annotations.state', {})).toEqual(before)
    expect(await countOf('tag:exfil')).toBe(4)
  })
})

describe('bookmarks', () => {
  it('get a number that stays, a title and a note, and show in rows, details and searches', async () => {
    const [login, user] = await idsOf('')
    const first = await test.ask('bookmarks.set', {
      event: login!,
      title: 'First login',
      note: 'from a **new** address',
    })
    expect(first).toMatchObject({
      exhibit: 'AR-0001',
      title: 'First login',
      by: 'A. Rossi',
      event: { id: login, eventName: 'ConsoleLogin' },
    })
    expect(await test.ask('bookmarks.set', { event: user! })).toMatchObject({ exhibit: 'AR-0002', title: '' })
    expect(await countOf('bookmark:yes')).toBe(2)
    expect((await test.ask('events.get', { id: login! })).row.exhibit).toBe('AR-0001')
  })

  it('keep their number when title or note change, and every former text stays in the history', async () => {
    expect(await test.ask('bookmarks.set', { exhibit: 'AR-0001', note: 'from home' })).toMatchObject({
      exhibit: 'AR-0001',
      title: 'First login',
      note: 'from home',
    })
    const { entries } = await test.ask('annotations.history', { about: { kind: 'exhibit', exhibit: 'AR-0001' } })
    expect(entries.map((e) => e.words)).toEqual([
      'bookmark: note from "from a **new** address" to "from home"',
      'bookmarked as AR-0001, title "First login", note "from a **new** address"',
    ])
  })

  it('never give a number again: not after removal, not after undo', async () => {
    const [login, user, list] = await idsOf('')
    expect(await test.ask('bookmarks.remove', { exhibit: 'AR-0002' })).toEqual({ removed: true })
    expect(await test.ask('bookmarks.remove', { exhibit: 'AR-0002' })).toEqual({ removed: false })
    expect(await test.ask('bookmarks.set', { event: user! })).toMatchObject({ exhibit: 'AR-0003' })
    await test.ask('annotations.undo', {})
    expect(await test.ask('bookmarks.set', { event: list! })).toMatchObject({ exhibit: 'AR-0004' })
    expect((await test.ask('annotations.state', {})).bookmarks.map((b) => b.exhibit)).toEqual(['AR-0001', 'AR-0004'])
    expect((await test.ask('events.get', { id: login! })).row.exhibit).toBe('AR-0001')
  })

  it('bring back their number when the removal is undone', async () => {
    await test.ask('bookmarks.remove', { exhibit: 'AR-0001' })
    await test.ask('annotations.undo', {})
    expect((await test.ask('annotations.state', {})).bookmarks.map((b) => b.exhibit)).toContain('AR-0001')
  })
})

describe('findings and the story', () => {
  it('state what they are and stand on exhibits, in the order given', async () => {
    const finding = await test.ask('findings.set', {
      title: 'Logging was stopped',
      kind: 'fact',
      confidence: 'high',
      statement: 'StopLogging succeeded.',
      exhibits: ['AR-0001'],
    })
    expect(finding).toMatchObject({ kind: 'fact', order: 1, alternatives: [] })
    const second = await test.ask('findings.set', { title: 'By mallory', kind: 'inference', order: 0.5 })
    expect((await test.ask('annotations.state', {})).findings.map((f) => f.title)).toEqual([
      'By mallory',
      'Logging was stopped',
    ])
    await test.ask('findings.remove', { id: second.id })
    expect((await test.ask('annotations.state', {})).findings).toHaveLength(1)
    await expect(test.ask('findings.set', { id: second.id, title: 'again' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('write only the blocks that moved or changed', async () => {
    const blocks = [
      { id: 'a', kind: 'prose' as const, text: 'It began.' },
      { id: 'b', kind: 'exhibit' as const, exhibit: 'AR-0001', text: '' },
      { id: 'c', kind: 'prose' as const, text: 'It ended.' },
    ]
    expect((await test.ask('story.set', { blocks })).changed).toBe(3)
    expect((await test.ask('story.set', { blocks })).changed).toBe(0)
    const moved = [blocks[2]!, blocks[0]!, blocks[1]!]
    const after = await test.ask('story.set', { blocks: moved })
    expect(after).toEqual({ changed: 1, story: moved })
    expect((await test.ask('story.set', { blocks: moved.slice(1) })).changed).toBe(1)
    expect((await test.ask('story.set', { blocks: moved })).story).toEqual(moved)
    await test.ask('annotations.undo', {})
    expect((await test.ask('annotations.state', {})).story).toEqual(moved.slice(1))
  })

  it('saves searches with the whole question', async () => {
    const saved = await test.ask('searches.save', {
      name: 'Denied',
      query: { ...query('access:denied'), sort: '-eventTime' },
    })
    expect((await test.ask('searches.list', {})).searches).toMatchObject([
      { name: 'Denied', query: { text: 'access:denied', sort: '-eventTime' } },
    ])
    expect(await test.ask('searches.remove', { id: saved.id })).toEqual({ removed: true })
    expect((await test.ask('searches.list', {})).searches).toEqual([])
  })
})

describe('who may annotate', () => {
  it('is nobody as long as nobody has said who works here', async () => {
    test = await reopened(test, null)
    await expect(
      test.ask('tags.apply', { tag: 'x', events: { kind: 'query', query: query('') } }),
    ).rejects.toMatchObject({ code: 'no-examiner' })
    await expect(test.ask('bookmarks.set', { event: 1 })).rejects.toMatchObject({ code: 'no-examiner' })
    await expect(test.ask('annotations.undo', {})).rejects.toMatchObject({ code: 'no-examiner' })
    expect((await test.ask('annotations.state', {})).bookmarks).toHaveLength(2)
  })

  it('undoes only what the same person did, unless an act is named', async () => {
    test = await reopened(test, { name: 'K. Meyer', organisation: '', identifier: '' })
    expect(await test.ask('annotations.undo', {})).toEqual({ undone: null })
    expect(await test.ask('bookmarks.set', { event: (await idsOf(''))[4]! })).toMatchObject({ exhibit: 'KM-0001' })
  })
})
