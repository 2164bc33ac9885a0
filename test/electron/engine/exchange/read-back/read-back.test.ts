import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Grant } from '#shared/contract/common.ts'
import type { AskOf, OutputOf } from '#shared/contract/contract.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answer, type Handlers } from '#engine/answer.ts'
import {
  annotatedCase,
  meyer,
  query,
  reopened,
  tempFolder,
  testEngine,
  type TestCase,
} from '../../annotations/annotated-case.ts'

const engine = testEngine()
afterAll(() => engine.closeAll())

const story = `
  09:00 alice ConsoleLogin id=e-1
  09:01 alice CreateUser -> mallory id=e-2
  09:02 mallory ListBuckets id=e-3
  09:03 mallory StopLogging -> trail id=e-4`

let test: TestCase
let folder: string
async function begin(): Promise<void> {
  test = await annotatedCase(story, {}, engine)
  folder = tempFolder()
}

const file = (name: string, text: string | Uint8Array): Grant => {
  writeFileSync(join(folder, name), text)
  return join(folder, name) as Grant
}
type Extra = Partial<AskOf<'annotations.import'>>
const preview = (grant: Grant, extra: Extra = {}) => test.ask('annotations.importPreview', { grant, ...extra })
const apply = (grant: Grant, extra: Extra = {}) => test.ask('annotations.import', { grant, ...extra })
const state = () => test.ask('annotations.state', {})
const countOf = async (text: string): Promise<number> => (await test.ask('events.count', { query: query(text) })).total
const custody = async () => (await test.ask('custody.list', { order: 'newest' })).entries
const summary = ({ rows, silent, already, tags, bookmarks, notes, left }: OutputOf<'annotations.importPreview'>) => ({
  ...{ rows, silent, already, bookmarks, notes, left: left.total },
  tags: tags.map(({ name, events, isNew }) => `${name} ${events}${isNew ? ' new' : ''}`),
})

/** The events of the case in a shape, as a colleague gets them. */
async function exported(format: 'csv' | 'timesketch' | 'timesketch-csv'): Promise<string> {
  const path = join(folder, `out.${format}`)
  await test.ask('events.export', { query: query(''), format, grant: path })
  return readFileSync(path, 'utf8')
}
const idOf = async (text: string): Promise<number> => {
  const { rows } = await test.ask('events.find', { query: query(text), offset: 0, limit: 1, fields: [] })
  return rows[0]!.id
}

/** What the colleague writes into it: a tag and a comment on e-2, a line more on e-4. */
const edited = {
  csv: (text: string) => text.replace(',,,e-2,', ",reviewed,'=Legit,e-2,").replace('two\nlines', 'two\nlines\nSeen'),
  'timesketch-csv': (text: string) =>
    text
      .replace('two\nlines', 'two\nlines\nSeen')
      .split('\r\n')
      .map((line) => (line.includes(',e-2,') ? line.replace(/,,,0$/, ",reviewed,'=Legit,0") : line))
      .join('\r\n'),
  timesketch: (text: string) =>
    text
      .replace('two\\nlines', 'two\\nlines\\nSeen')
      .split('\n')
      .map((line) =>
        line.includes('"event_id":"e-2"') ? line.replace(/}$/, ',"tag":["reviewed"],"comment":"=Legit"}') : line,
      )
      .join('\n'),
}

describe('a table that a colleague hands back', () => {
  beforeEach(begin)

  it.each(['csv', 'timesketch-csv', 'timesketch'] as const)(
    'brings the tags and comments that were written into our %s export, and read again adds nothing',
    async (format) => {
      await test.ask('bookmarks.set', { event: await idOf('StopLogging'), title: '=Logging', note: 'two\nlines' })
      await test.ask('tags.apply', { tag: 'exfil, maybe', events: { kind: 'query', query: query('StopLogging') } })
      const text = await exported(format)
      expect(summary(await preview(file('as-it-was', text)))).toMatchObject({
        rows: 4,
        silent: 3,
        already: 1,
        bookmarks: 0,
        notes: 0,
        tags: [],
        left: 0,
      })
      const back = file(`back.${format}`, edited[format](text))
      const found = await preview(back)
      expect(summary(found)).toMatchObject({ tags: ['reviewed 1 new'], bookmarks: 1, notes: 1, left: 0 })
      expect((await state()).bookmarks).toHaveLength(1)
      const made = await apply(back, { sha256: found.sha256, author: 'K. Meyer' })
      expect(made.act).not.toBeNull()
      const { bookmarks, tags } = await state()
      const origin = `(K. Meyer, imported from back.${format}, SHA-256 ${found.sha256})`
      expect(bookmarks.map(({ exhibit, title, note }) => ({ exhibit, title, note }))).toEqual([
        { exhibit: 'AR-0001', title: '=Logging', note: `two\nlines\nSeen\n\n${origin}` },
        { exhibit: 'AR-0002', title: '=Legit', note: origin },
      ])
      expect(tags.map(({ name, events }) => `${name} ${events}`)).toEqual(['exfil, maybe 1', 'reviewed 1'])
      expect(await countOf('tag:reviewed eventName:CreateUser')).toBe(1)
      expect(await countOf('bookmark:yes')).toBe(2)
      const again = await apply(back)
      expect(summary(again)).toMatchObject({ already: 2, tags: [], bookmarks: 0, notes: 0 })
      expect(again.act).toBeNull()
    },
  )

  it('is one entry of the custody log and one act, which undo takes back as a whole', async () => {
    const back = file('back.csv', 'event_id,tags,comment\ne-1,a|b,Seen\ne-2,a,\n')
    const before = (await custody()).length
    const { act, sha256 } = await apply(back)
    const entries = await custody()
    expect(entries).toHaveLength(before + 1)
    expect(entries[0]).toMatchObject({
      action: 'annotations.import',
      detail: `back.csv, SHA-256 ${sha256}: 3 new tags, 1 new bookmark, 0 notes added to, of 2 rows; 0 rows not used`,
    })
    expect((await state()).undo).toMatchObject({ act, words: 'read 3 tags, 1 bookmark from "back.csv"' })
    const { entries: history } = await test.ask('annotations.history', { about: { kind: 'tag', tag: 'a' } })
    expect(history[0]?.words).toBe('tagged 2 events with "a", read from "back.csv"')
    await test.ask('annotations.undo', {})
    expect((await state()).bookmarks).toEqual([])
    expect(await countOf('tag:a')).toBe(0)
    await test.ask('annotations.redo', {})
    expect(await countOf('tag:a')).toBe(2)
    const verified = await test.ask('cases.verify', {})
    expect(verified.clean).toBe(true)
  })

  it('does not guess which of two records with one eventID is meant', async () => {
    const engineOfTwo = await annotatedCase('09:00 alice ConsoleLogin id=e-1\n09:01 bob StopLogging id=e-1', {}, engine)
    test = engineOfTwo
    expect((await preview(file('back.csv', 'event_id,tags\ne-1,x\n'))).left.reasons).toEqual([
      { reason: 'SEVERAL_EVENTS', count: 1 },
    ])
  })

  it('is refused when it changed since it was looked at, and when nobody says who works here', async () => {
    const back = file('back.csv', 'event_id,tags\ne-1,x\n')
    const { sha256 } = await preview(back)
    file('back.csv', 'event_id,tags\ne-1,y\n')
    await expect(apply(back, { sha256 })).rejects.toMatchObject({ code: 'bad-input' })
    test = await reopened(test, null)
    expect(summary(await preview(back)).tags).toEqual(['y 1 new'])
    await expect(apply(back)).rejects.toMatchObject({ code: 'no-examiner' })
    expect(await countOf('tag:y')).toBe(0)
  })

  it('adds to a colleague’s bookmark instead of making a second exhibit of the event', async () => {
    await test.ask('bookmarks.set', { event: await idOf('StopLogging'), title: 'Logging stopped' })
    test = await reopened(test, meyer)
    await apply(file('back.csv', 'event_id,comment\ne-4,Legit\n'))
    const { bookmarks } = await state()
    expect(bookmarks.map(({ exhibit, title }) => `${exhibit} ${title}`)).toEqual(['AR-0001 Logging stopped'])
    expect(bookmarks[0]?.note).toMatch(/^Legit\n\n\(Imported from back.csv, SHA-256 [0-9a-f]{64}\)$/)
  })
})

describe('what such a table would add', () => {
  beforeAll(begin)

  it('says of each row that it cannot use why, and uses the others', async () => {
    const sha = 'f'.repeat(64)
    const back = file(
      'back.csv',
      [
        'event_id,evidence_sha256,record_no,tags,comment,time_utc',
        `e-1,,,ok,,2024-05-01T09:00:00Z`,
        `e-9,,,x,,`,
        `,${sha},0,x,,`,
        `,,,x,,`,
        `e-1,,,x,,2024-05-01 09:00:00`,
        `e-2,,,${'t'.repeat(81)}|fine,,`,
        `e-3,,,,${'n'.repeat(200_001)},`,
        `e-3,,,,,`,
      ].join('\n'),
    )
    const found = await preview(back)
    expect(summary(found)).toMatchObject({ rows: 8, silent: 1, left: 6, tags: ['fine 1 new', 'ok 1 new'] })
    expect(found.left.first.map(({ line, reason }) => `${line} ${reason}`).sort()).toEqual([
      '3 NOT_HERE',
      '4 NOT_HERE',
      '5 NO_EVENT',
      '6 NO_ZONE',
      '7 BAD_TAG',
      '8 TOO_LONG',
    ])
    expect(summary(await preview(back, { zoneless: 'utc' }))).toMatchObject({
      left: 5,
      tags: ['fine 1 new', 'ok 1 new', 'x 1 new'],
    })
  })

  it('does not use a row whose place and eventID were moved against each other', async () => {
    const swapped = (await exported('csv'))
      .replace(',,,e-1,', ',x,,E,')
      .replace(',,,e-2,', ',x,,e-1,')
      .replace(',E,', ',e-2,')
    const found = await preview(file('sorted.csv', swapped))
    expect(found.left.reasons).toEqual([{ reason: 'OTHER_EVENT', count: 2 }])
    expect(found.left.first[0]?.detail).toContain('sorted by itself')
  })

  it('reads another tool’s headings when they are named', async () => {
    const back = file('back.csv', 'when;id;labels\n2026-01-02T03:04:05Z;e-1;a,b\n')
    const columns = { eventID: 'id', tags: 'labels', time: 'when' }
    expect(summary(await preview(back, { columns })).tags).toEqual(['a 1 new', 'b 1 new'])
  })

  it.each([
    ['a folder', () => (mkdirSync(join(folder, 'dir')), join(folder, 'dir') as Grant)],
    ['a file that is not there', () => join(folder, 'gone.csv') as Grant],
    ['a picture', () => file('x.png', Buffer.from('89504e470d0a1a0a0000000d49484452ff', 'hex'))],
    ['an empty file', () => file('empty.csv', '')],
    ['a heading twice', () => file('twice.csv', 'event_id,event_id,tags\ne-1,e-2,x\n')],
    [
      'more tags than anybody could mean',
      () =>
        file(
          'many.csv',
          `event_id,tags\n${Array.from({ length: 60 }, (_, n) => `e-1,${Array.from({ length: 20 }, (__, m) => `t${n}-${m}`).join('|')}`).join('\n')}`,
        ),
    ],
  ])('is refused without a trace of a bug, or adds nothing, when it is %s', async (_, make) => {
    const bugs: unknown[] = []
    const reply = await answer(
      test.engine.handlers as unknown as Handlers,
      'annotations.importPreview',
      { caseId: test.open.id, grant: make() },
      { signal: new AbortController().signal, progress: () => undefined },
      (bug) => bugs.push(bug),
    )
    expect(bugs).toEqual([])
    if (reply.ok) expect(reply.value).toMatchObject({ tags: [], bookmarks: 0, notes: 0 })
    else expect(['bad-input', 'unreadable']).toContain(reply.code)
  })

  it('adds nothing when it is stopped', async () => {
    const back = file('back.csv', `event_id,tags\n${'e-1,x\n'.repeat(200_000)}`)
    const stop = new AbortController()
    const reply = await answer(
      test.engine.handlers as unknown as Handlers,
      'annotations.import',
      { caseId: test.open.id, grant: back },
      { signal: stop.signal, progress: () => stop.abort() },
      (bug) => {
        throw bug
      },
    )
    expect(reply).toMatchObject({ ok: false, code: 'cancelled' })
    expect(await countOf('tag:x')).toBe(0)
  })
})
