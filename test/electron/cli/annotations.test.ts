import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'
import { json, trailcase } from './cli.ts'
import { errorShape, eventsShape, verifyShape } from './shapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-cli-'))
const at = (name: string) => join(folder, name)
const source = evidence(`
  09:00 alice ConsoleLogin
  09:01 alice GetObject -> logs/a
  09:02 alice GetObject -> logs/b`)
const idOf = (n: number) => source.events[n]!.record.eventID

beforeAll(async () => {
  await trailcase(['import', at('main'), source.writeTo(at('bucket'))])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('tags', () => {
  it('go on events and on queries, and come off again', async () => {
    expect(await json(['tag', at('main'), 'exfil', '--query', 'eventName:GetObject', '--technique', 'T1530'])).toEqual({
      tag: 'exfil',
      changed: 2,
      already: 0,
    })
    expect(await json(['tag', at('main'), 'exfil', '--event', idOf(0), '--event', idOf(1)])).toEqual({
      tag: 'exfil',
      changed: 1,
      already: 1,
    })
    expect(await json(['tags', at('main')])).toMatchObject({
      tags: [{ name: 'exfil', events: 3, techniques: ['T1530'] }],
    })
    const tagged = eventsShape.parse(await json(['events', at('main'), 'tag:exfil']))
    expect(tagged.events.map((event) => event._tags)).toEqual([['exfil'], ['exfil'], ['exfil']])
    expect(await json(['tag', at('main'), 'exfil', '--query', 'NOT eventName:GetObject', '--remove'])).toMatchObject({
      changed: 1,
    })
    expect(await json(['events', at('main'), 'tag:exfil'])).toMatchObject({ total: 2 })
  })

  it('need an examiner, and to be told which events', async () => {
    const nobody = await trailcase(['tag', at('main'), 'x', '--query', '', '--json'], { examiner: null })
    expect(nobody.code).toBe(2)
    expect(errorShape.parse(JSON.parse(nobody.text)).error.code).toBe('no-examiner')
    expect((await trailcase(['tag', at('main'), 'x'])).code).toBe(2)
    expect((await trailcase(['tag', at('main'), 'x', '--event', 'nobody'])).code).toBe(2)
    expect((await trailcase(['tag', at('main'), 'x', '--query', 'eventName:('])).code).toBe(2)
  })
})

describe('bookmarks', () => {
  it('give exhibit numbers, are changed by either name, and stand in lists', async () => {
    const made = (await json([
      'bookmark',
      at('main'),
      idOf(1),
      '--title',
      'First object',
      '--note',
      '-10 % of the bucket',
    ])) as { exhibit: string }
    expect(made).toMatchObject({ eventID: idOf(1), title: 'First object', note: '-10 % of the bucket' })
    expect(await json(['bookmark', at('main'), made.exhibit, '--title', 'Second title'])).toMatchObject({
      exhibit: made.exhibit,
      title: 'Second title',
      note: '-10 % of the bucket',
    })
    const listed = eventsShape.parse(await json(['events', at('main'), 'bookmark:yes']))
    expect(listed.events).toMatchObject([{ eventID: idOf(1), _bookmark: made.exhibit }])
    expect(await json(['bookmarks', at('main')])).toMatchObject({
      bookmarks: [{ exhibit: made.exhibit, event: { eventTime: '2024-05-01T09:01:00Z', eventName: 'GetObject' } }],
    })
    expect((await trailcase(['bookmarks', at('main')])).text).toContain('Second title')
    expect(await json(['bookmark', at('main'), idOf(1), '--remove'])).toEqual({ exhibit: made.exhibit, removed: true })
    expect(await json(['bookmarks', at('main')])).toEqual({ bookmarks: [] })
    expect((await trailcase(['bookmark', at('main'), idOf(1), '--remove'])).code).toBe(2)
    const again = (await json(['bookmark', at('main'), idOf(1)])) as { exhibit: string }
    expect(again.exhibit).not.toBe(made.exhibit)
  })
})

describe('the custody log', () => {
  it('lists every act with who did it, and its head', async () => {
    await json(['tag', at('main'), 'seen', '--query', 'eventName:ConsoleLogin', '--examiner', 'B. Okafor'])
    const log = (await json(['custody', at('main')])) as {
      total: number
      entries: { seq: number; examiner: string; action: string; time: string; body: unknown; hash: string }[]
    }
    expect(log.entries.map((entry) => entry.seq)).toEqual(Array.from({ length: log.total }, (_, n) => n + 1))
    expect(log.entries[0]).toMatchObject({
      action: 'case.create',
      examiner: 'A. Rossi',
      body: expect.any(Object) as object,
    })
    expect(log.entries.map((entry) => entry.examiner)).toContain('B. Okafor')
    expect(await json(['custody', at('main'), '--head'])).toEqual({
      entries: log.total,
      hash: log.entries.at(-1)?.hash,
    })
    expect((await trailcase(['custody', at('main')])).text).toContain('case.create')
    expect(verifyShape.parse(await json(['verify', at('main')])).clean).toBe(true)
  })

  it('gets an entry for every export to a file, with its hash', async () => {
    await trailcase(['events', at('main'), '--format', 'csv', '--out', at('export.csv')])
    const log = (await json(['custody', at('main')])) as {
      entries: { action: string; body: { files?: { sha256: string }[] } }[]
    }
    const entry = log.entries.find(({ action }) => action === 'events.export')
    expect(entry?.body.files?.[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is not switched without an examiner', async () => {
    expect((await trailcase(['custody', at('main'), '--log-views', 'on'], { examiner: null })).code).toBe(2)
    expect(await json(['custody', at('main'), '--log-views', 'on'])).toEqual({ logViews: true })
  })
})

describe('a table that a colleague hands back', () => {
  it('says first what it would add, then adds it, and a second time nothing', async () => {
    const back = at('back.jsonl')
    writeFileSync(back, `{"id":"${idOf(2)}","tag":["reviewed"],"comment":"Legit"}\n{"id":"unknown","tag":["x"]}\n`)
    const args = ['annotate', at('main'), back, '--column', 'event=id']
    const dry = await trailcase([...args, '--dry-run'], { examiner: null })
    expect(dry.code).toBe(0)
    expect(dry.text).toMatch(
      /^Would add from back\.jsonl \(SHA-256 [0-9a-f]{64}\):\n {2}1 new tag on events, 1 new bookmark/,
    )
    expect(dry.text).toContain('line 2: This case has no such event.')
    expect(await json([...args, '--author', 'K. Meyer'])).toMatchObject({
      dryRun: false,
      bookmarks: 1,
      left: { total: 1 },
    })
    expect(await json([...args, '--author', 'K. Meyer'])).toMatchObject({ already: 1, bookmarks: 0, act: null })
    expect((await trailcase(['bookmarks', at('main')])).text).toContain('Legit')
  })

  it('needs an examiner, a file and a column that exists', async () => {
    const args = ['annotate', at('main'), at('back.jsonl')]
    expect((await trailcase(args, { examiner: null })).code).toBe(2)
    expect((await trailcase(['annotate', at('main'), at('gone.csv')])).code).toBe(2)
    const wrong = await trailcase([...args, '--column', 'label=x'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('event, sha256, record, tags, comment, time')])
  })
})

describe('indicators', () => {
  it('are the values that were named, written as STIX with the statement of selection beside it', async () => {
    const out = at('indicators.json')
    const address = source.events[0]!.record['sourceIPAddress'] as string
    const args = ['events', at('main'), '--format', 'stix', '--indicator', `address:${address}`]
    const run = await trailcase([...args, '--out', out])
    expect(run.code).toBe(0)
    expect(run.err).toContain('Wrote 1 indicator and the bookmarked events to')
    const { objects } = JSON.parse(readFileSync(out, 'utf8')) as { objects: { type: string; description?: string }[] }
    expect(objects.find(({ type }) => type === 'indicator')?.description).toContain('Seen in 3 events of the selection')
    expect(readFileSync(`${out}.selection.json`, 'utf8')).toContain('"confirmedBy": "A. Rossi"')
  })

  it('are asked for where there is none, with the way to name one', async () => {
    const none = await trailcase(['events', at('main'), '--format', 'misp', '--out', at('none.json')])
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('--indicator address:203.0.113.7')])
    const wrong = await trailcase(['events', at('main'), '--format', 'misp', '--indicator', '203.0.113.7'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Write KIND:VALUE')])
    expect((await trailcase(['events', at('main'), '--format', 'csv', '--indicator', 'agent:x'])).code).toBe(2)
  })
})
