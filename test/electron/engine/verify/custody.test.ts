import { beforeAll, describe, expect, it } from 'vitest'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import { custodyHash } from '#engine/annotations/custody.ts'
import { Connection } from '#engine/storage/sqlite.ts'
import {
  annotatedCase,
  asker,
  query,
  rossi,
  tempFolder,
  testEngine,
  type TestCase,
} from '../annotations/annotated-case.ts'

let original: { path: string; head: { entries: number; hash: string } }
beforeAll(async () => {
  const test = await annotatedCase('09:00 alice ConsoleLogin\n09:01 alice StopLogging -> trail')
  await test.ask('tags.apply', { tag: 'exfil', events: { kind: 'query', query: query('') } })
  await test.ask('bookmarks.set', { event: 1, title: 'Login' })
  const head = await test.ask('custody.head', {})
  await test.engine.closeAll()
  original = { path: test.path, head }
})

/** The case after somebody with a SQLite shell was at it, opened to be read. */
async function tampered(sql: string): Promise<TestCase> {
  const path = join(tempFolder(), 'tampered.trailcase')
  copyFileSync(original.path, path)
  const db = await Connection.open(path, 'write')
  await db.exec(sql)
  await db.close()
  const engine = testEngine()
  const open = await engine.open(path, null)
  return { engine, open, path, ask: asker(engine, open.id) }
}

async function failuresOf(sql: string, check: 'custody' | 'annotations'): Promise<string[]> {
  const test = await tampered(sql)
  const { checks } = await test.ask('cases.verify', {})
  await test.engine.closeAll()
  return checks.find((c) => c.name === check)!.failures
}

const last = '(select max(seq) from custody)'

describe('the custody log', () => {
  it('is whole as it was written', async () => {
    expect(await failuresOf('select 1', 'custody')).toEqual([])
    expect(await failuresOf('select 1', 'annotations')).toEqual([])
  })

  it('shows an entry taken from its middle', async () => {
    expect(await failuresOf('delete from custody where seq = 3', 'custody')).toEqual([
      'Entry 3 is missing: the log goes on with 4.',
    ])
    const renumbered = 'delete from custody where seq = 3; update custody set seq = seq - 1 where seq > 3'
    expect((await failuresOf(renumbered, 'custody'))[0]).toBe('Entry 3 does not follow the entry before it.')
  })

  it('shows two entries that changed places', async () => {
    const swap =
      'update custody set seq = -2 where seq = 2; update custody set seq = 2 where seq = 3; update custody set seq = 3 where seq = -2'
    expect((await failuresOf(swap, 'custody')).length).toBeGreaterThan(0)
  })

  it('shows an edited entry: its text, its time, its examiner', async () => {
    for (const set of [
      `body = replace(body, 'exfil', 'other')`,
      'time_ms = time_ms + 1000',
      `examiner = 'B. Other'`,
      `action = 'tag.remove'`,
    ])
      expect(await failuresOf(`update custody set ${set} where action = 'tag.add'`, 'custody')).toHaveLength(1)
  })

  it('shows a last entry that was cut off, by its operation that no entry names any more and by a head noted elsewhere', async () => {
    const cut = `delete from custody where seq = ${last}`
    expect(await failuresOf(cut, 'custody')).toEqual([])
    expect((await failuresOf(cut, 'annotations'))[0]).toMatch(/^Operation .* is in no custody entry\.$/)
    const test = await tampered(cut)
    expect(await test.ask('custody.head', { noted: original.head })).toMatchObject({
      entries: original.head.entries - 1,
      noted: 'cut',
    })
    await test.engine.closeAll()
  })

  it('shows a log that was rewritten as a whole, by a head noted elsewhere', async () => {
    const db = await Connection.open(original.path, 'read')
    const rows = await db.all<{ seq: number; timeMs: number; examiner: string; action: string; body: string }>(
      'select seq, time_ms as timeMs, examiner, action, body from custody order by seq',
    )
    await db.close()
    let previous: Buffer = Buffer.alloc(32)
    const forged = rows.map(({ seq, body, ...row }) => {
      const act = { ...row, examiner: 'B. Other', body: JSON.parse(body) as Record<string, unknown> }
      const hash = custodyHash(seq, act, previous)
      const sql = `update custody set examiner = 'B. Other', body = '${canonicalJson(act.body).replaceAll(`'`, `''`)}', previous = x'${previous.toString('hex')}', hash = x'${hash.toString('hex')}' where seq = ${seq}`
      previous = hash
      return sql
    })
    expect(await failuresOf(forged.join(';'), 'custody')).toEqual([])
    const test = await tampered(forged.join(';'))
    expect(await test.ask('custody.head', { noted: original.head })).toMatchObject({ noted: 'rewritten' })
    await test.engine.closeAll()
  })

  it('still stands by a head noted before more was done', async () => {
    const path = join(tempFolder(), 'later.trailcase')
    copyFileSync(original.path, path)
    const engine = testEngine()
    const open = await engine.open(path, rossi)
    const ask = asker(engine, open.id)
    await ask('tags.define', { name: 'later' })
    expect(await ask('custody.head', { noted: original.head })).toMatchObject({
      entries: original.head.entries + 2,
      noted: 'same',
    })
    await engine.closeAll()
  })
})

describe('annotations', () => {
  it('show when an operation was edited, taken away or slipped in past the log', async () => {
    expect(
      await failuresOf(
        `update operation set body = replace(body, 'Login', 'Nothing') where type = 'bookmark.add'`,
        'annotations',
      ),
    ).toEqual([expect.stringContaining('was changed after it was written')])
    expect(
      await failuresOf(`update operation set examiner = 'B. Other' where type = 'tag.add'`, 'annotations'),
    ).toHaveLength(1)
    expect(await failuresOf(`delete from operation where type = 'tag.add'`, 'annotations')).toEqual([
      expect.stringContaining('1 of them are gone'),
    ])
    const slipped = `insert into operation select 1000, 'new-one', time_ms, examiner, type, target, body from operation where type = 'tag.add'`
    expect(await failuresOf(slipped, 'annotations')).toEqual(['Operation new-one is in no custody entry.'])
  })

  it('are left out, and reported, when they are no longer readable; the case still opens', async () => {
    const test = await tampered(
      `update operation set body = '{"act":1}' where type = 'bookmark.add'; update operation set body = 'no json' where type = 'tag.add'`,
    )
    expect(await test.ask('annotations.state', {})).toMatchObject({ tags: [], bookmarks: [] })
    const { checks } = await test.ask('cases.verify', {})
    expect(
      checks.find((c) => c.name === 'annotations')!.failures.filter((f) => f.includes('cannot be read')),
    ).toHaveLength(2)
    await test.engine.closeAll()
  })
})
