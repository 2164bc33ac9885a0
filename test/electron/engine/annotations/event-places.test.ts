import { afterAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { gzipSync } from 'node:zlib'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesOf, resolveEach, resolvePlaces } from '#engine/annotations/event-places.ts'
import { records } from '#test/fixtures/evidence.ts'
import { annotatedCase, query, tempFolder, testEngine, type TestCase } from './annotated-case.ts'

const engine = testEngine()
afterAll(() => engine.closeAll())
const all = records(`
  09:00 alice ConsoleLogin
  09:01 alice ListBuckets
  09:02 alice GetObject
  09:03 bob   GetObject
  09:04 bob   StopLogging -> trail`)

/** A folder with files of these records, by their numbers above. */
function folderOf(files: Readonly<Record<string, readonly number[]>>): Grant {
  const folder = tempFolder()
  for (const [name, numbers] of Object.entries(files)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, name), gzipSync(JSON.stringify({ Records: numbers.map((n) => all[n]) })))
  }
  return folder as Grant
}
const caseWith = async (...folders: Grant[]): Promise<TestCase> => {
  const test = await annotatedCase(
    '08:00 carol ListUsers id=99999999-0000-4000-8000-000000000009',
    { digests: false },
    engine,
  )
  for (const folder of folders) await test.ask('sources.import', { grants: [folder] })
  return test
}
const numbersOf = async (test: TestCase, text: string): Promise<number[]> =>
  (await test.ask('events.find', { query: query(text), offset: 0, limit: 100, fields: [] })).rows.map((row) => row.id)

describe('places of events', () => {
  it('lead back to the same events, also in files whose records came before in another file', async () => {
    const test = await caseWith(folderOf({ 'a.json.gz': [0, 2] }), folderOf({ 'b.json.gz': [0, 1, 2, 3] }))
    const events = Uint32Array.from(await numbersOf(test, '')).sort()
    expect(events).toHaveLength(5)
    const pieces = await placesOf(test.open.file.reader, events, 900_000)
    expect(pieces).toHaveLength(1)
    const back = await resolvePlaces(test.open.file.reader, pieces[0]!.places)
    expect(back).toEqual({ events, elsewhere: 0 })
    // The file that was handed over second names all four records, two of them as occurrences.
    const second = Object.keys(pieces[0]!.places).find((sha) => pieces[0]!.places[sha] === '1,3')!
    const four = await resolvePlaces(test.open.file.reader, { [second]: '0-3' })
    expect([...four.events].sort()).toEqual((await numbersOf(test, 'principal:*alice OR principal:*bob')).sort())
    const each = [3, 0, 9, 2].map((ordinal) => ({ sha256: second, ordinal }))
    const [login, , object, other] = await numbersOf(test, 'principal:*alice OR principal:*bob')
    expect(await resolveEach(test.open.file.reader, each)).toEqual([other, login, undefined, object])
  })

  it('are cut into pieces that stay small, and together name every event once', async () => {
    const test = await caseWith(folderOf({ 'a.json.gz': [0, 1, 2] }), folderOf({ 'b.json.gz': [3, 4] }))
    const events = Uint32Array.from(await numbersOf(test, '')).sort()
    const pieces = await placesOf(test.open.file.reader, events, 80)
    expect(pieces).toHaveLength(3)
    expect(pieces.flatMap((piece) => [...piece.events])).toEqual([...events])
    for (const piece of pieces)
      expect((await resolvePlaces(test.open.file.reader, piece.places)).events).toEqual(piece.events)
  })

  it('that are not in this case are counted, and found when their evidence comes', async () => {
    const theirs = folderOf({ 'a.json.gz': [0, 1, 2, 3] })
    const from = await caseWith(theirs)
    await from.ask('tags.apply', { tag: 'exfil', events: { kind: 'query', query: query('eventName:GetObject') } })
    await from.ask('bookmarks.set', { event: (await numbersOf(from, 'eventName:ConsoleLogin'))[0]! })
    const operations = await from.open.file.reader.all<{
      id: string
      timeMs: number
      examiner: string
      type: string
      target: string
      body: string
    }>(
      `select id, time_ms as timeMs, examiner, type, target, body from operation where type in ('tag.add', 'bookmark.add')`,
    )
    const to = await caseWith()
    await to.open.change(
      'merge',
      operations.map((o) => ({ ...o, body: JSON.parse(o.body) as unknown })),
      {},
    )
    const before = await to.ask('annotations.state', {})
    expect(before.tags).toMatchObject([{ name: 'exfil', events: 0, elsewhere: 2 }])
    expect(before.bookmarks).toMatchObject([{ exhibit: 'AR-0001', event: null }])
    await to.ask('sources.import', { grants: [theirs] })
    const after = await to.ask('annotations.state', {})
    expect(after.tags).toMatchObject([{ name: 'exfil', events: 2, elsewhere: 0 }])
    expect(after.bookmarks).toMatchObject([{ exhibit: 'AR-0001', event: { eventName: 'ConsoleLogin' } }])
    expect((await to.ask('events.count', { query: query('tag:exfil') })).total).toBe(2)
    const report = await to.ask('report.preview', {})
    expect(report.bookmarks).toEqual({ inCase: 1, excluded: 0 })
  })

  it('that are nonsense name no event', async () => {
    const test = await caseWith()
    expect(await resolvePlaces(test.open.file.reader, { ['f'.repeat(64)]: '0-99999999' })).toMatchObject({
      elsewhere: 100_000_000,
    })
    expect((await resolvePlaces(test.open.file.reader, { 'not hex': '1', ['e'.repeat(64)]: 'x' })).events).toHaveLength(
      0,
    )
  })
})
