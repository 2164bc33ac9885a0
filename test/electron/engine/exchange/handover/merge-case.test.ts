import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { Grant } from '#shared/contract/common.ts'
import { listForeignLogs } from '#engine/annotations/foreign-logs.ts'
import { custodyHead } from '#engine/annotations/list-custody.ts'
import { evidence } from '#test/fixtures/evidence.ts'
import {
  annotatedCase,
  asker,
  meyer,
  query,
  rossi,
  steadyClock,
  tempFolder,
  testEngine,
  type TestCase,
} from '../../annotations/annotated-case.ts'
import { canonicalExport, copyFor, packed, take } from './merging.ts'
import { linesOf, packableCase, place, remade } from './packing.ts'

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

describe('three parties', () => {
  it('end with the same case in whichever order they exchange packages, and number their exhibits apart', async () => {
    const first = await packableCase()
    const [second, third] = [await copyFor(first, meyer, later()), await copyFor(first, rossi, later())]
    const parties = [first, second, third]
    for (const [n, party] of parties.entries()) {
      await party.ask('bookmarks.set', { event: await eventOf(party, 'eventName:CreateUser'), title: `By ${n}` })
      await party.ask('tags.define', { name: 'exfil', description: `As ${n} sees it` })
      await party.ask('cases.update', { header: { title: `Case of ${n}` } })
      await importInto(party, `1${n}:30 user${n} DeleteTrail`)
    }
    const given = await Promise.all(
      parties.map(async ({ ask }) => (await ask('annotations.state', {})).bookmarks.map((b) => b.exhibit)),
    )
    const packages = await Promise.all(parties.map((party) => packed(party)))
    const orders = [
      [1, 2],
      [2, 0],
      [0, 1],
    ] as const
    for (const [n, order] of orders.entries())
      for (const other of order) await parties[n]!.ask('packages.merge', { grant: packages[other]! })
    const all = await Promise.all(parties.map((party) => canonicalExport(party)))
    expect(all[1]).toEqual(all[0])
    expect(all[2]).toEqual(all[0])
    const { bookmarks, conflicts } = await first.ask('annotations.state', {})
    const exhibits = bookmarks.map((b) => b.exhibit)
    expect(exhibits).toEqual([...new Set(given.flat())].sort())
    expect(exhibits).toHaveLength(4)
    expect(conflicts.map((c) => `${c.what} ${c.field} ${c.values.length}`)).toEqual([
      'case data title 3',
      'tag "exfil" description 3',
    ])
    for (const party of parties) {
      await isWhole(party)
      await party.engine.closeAll()
    }
  })
})

describe('a conflict', () => {
  it('stays until somebody chooses a value, whatever else is edited; the choice goes along with the next package', async () => {
    const mine = await packableCase()
    await mine.ask('findings.set', { title: 'Keys were stolen', statement: 'As said.' })
    const theirs = await copyFor(mine, meyer, later())
    const [finding] = (await mine.ask('annotations.state', {})).findings
    const { id } = ensure(finding, 'it was just written')
    await mine.ask('findings.set', { id, title: 'Keys were stolen by phishing' })
    await theirs.ask('findings.set', { id, title: 'Keys were left in a bucket' })
    await mine.ask('story.set', { blocks: [{ id: 'one', kind: 'prose', text: 'Beginning' }] })
    await take(mine, theirs)
    const conflictsOf = async ({ ask }: TestCase) => (await ask('annotations.state', {})).conflicts
    const [conflict] = await conflictsOf(mine)
    expect(conflict).toMatchObject({ target: `finding:${id}`, field: 'title' })
    // The window sends all fields of what it edits, those in conflict too.
    const [shown] = (await mine.ask('annotations.state', {})).findings
    await mine.ask('findings.set', { id, title: shown!.title, statement: 'As said, and more.' })
    expect(await conflictsOf(mine)).toEqual([conflict])
    const own = conflict!.values.find((value) => value.by === 'A. Rossi')
    const choice = { target: conflict!.target, field: 'title', operation: own!.operation }
    expect(await mine.ask('annotations.resolve', choice)).toEqual({ resolved: true, conflicts: [] })
    expect(await mine.ask('annotations.resolve', choice)).toEqual({ resolved: false, conflicts: [] })
    expect((await mine.ask('annotations.state', {})).findings).toMatchObject([
      { title: 'Keys were stolen by phishing' },
    ])
    expect((await mine.ask('custody.list', { action: 'conflict.resolve', limit: 10 })).total).toBe(1)
    await take(theirs, mine)
    expect(await conflictsOf(theirs)).toEqual([])
    expect(await canonicalExport(theirs)).toEqual(await canonicalExport(mine))
    await isWhole(mine)
    for (const test of [mine, theirs]) await test.engine.closeAll()
  })

  it('over the case data is shown and chosen too', async () => {
    const mine = await packableCase()
    const theirs = await copyFor(mine, meyer, later())
    await mine.ask('cases.update', { header: { number: 'T-2' } })
    await theirs.ask('cases.update', { header: { number: 'T-3' } })
    const { conflicts, annotations } = await take(mine, theirs)
    expect(conflicts).toMatchObject([{ target: 'case', what: 'case data', field: 'number' }])
    expect(annotations.kinds).toEqual([{ kind: 'case', added: 0, changed: 1, removed: 0 }])
    const { operation } = conflicts[0]!.values.find((value) => value.value === 'T-2')!
    await mine.ask('annotations.resolve', { target: 'case', field: 'number', operation })
    expect((await mine.ask('cases.info', {})).header.number).toBe('T-2')
    for (const test of [mine, theirs]) await test.engine.closeAll()
  })
})

describe('evidence', () => {
  it('that both sides were handed is stored once, and its events count once', async () => {
    const mine = await packableCase()
    const theirs = await copyFor(mine, meyer, later())
    const same = evidence('13:00 carol DeleteTrail\n13:01 carol DeleteUser').writeTo(join(tempFolder(), 'evidence'))
    for (const test of [mine, theirs]) await test.ask('sources.import', { grants: [same as Grant] })
    const before = await mine.ask('cases.info', {})
    const found = await take(mine, theirs)
    expect(found).toMatchObject({ newEvents: 0, evidence: { sources: 1, newFiles: 0, newEntries: 4 } })
    expect(found.info).toMatchObject({ events: before.events, records: before.records, sources: before.sources + 1 })
    expect(found.info.entries.duplicate).toBe(before.entries.duplicate + 4)
    await take(theirs, mine)
    expect(await canonicalExport(theirs)).toEqual(await canonicalExport(mine))
    for (const test of [mine, theirs]) {
      await isWhole(test)
      await test.engine.closeAll()
    }
  })

  it('that was known by its hash only is filled when a package brings the bytes', async () => {
    const mine = await packableCase()
    const part = await copyFor(mine, meyer, later(), 'annotated')
    const { entries, events } = await mine.ask('cases.info', {})
    expect((await part.ask('cases.info', {})).events).toBeLessThan(events)
    await part.ask('findings.set', { title: 'From a part of the evidence' })
    const found = await take(part, mine)
    expect(found.evidence).toMatchObject({ sources: 0, newEntries: 0 })
    expect(found.evidence.filled).toBeGreaterThan(0)
    expect(found.info).toMatchObject({ entries, events })
    await take(mine, part)
    expect(await canonicalExport(part)).toEqual(await canonicalExport(mine))
    for (const test of [mine, part]) {
      await isWhole(test)
      await test.engine.closeAll()
    }
  })
})

describe('both custody logs', () => {
  it("stay checkable: ours names the head of the other's, which is kept whole and checked by verify", async () => {
    const mine = await packableCase()
    const theirs = await copyFor(mine, meyer, later())
    const head = await custodyHead(theirs.open.file.reader)
    await take(mine, theirs)
    const { entries } = await mine.ask('custody.list', { action: 'package.merge', limit: 1 })
    expect(JSON.parse(entries[0]!.body)).toMatchObject({ from: 'K. Meyer', custody: head, signedBy: 'unsigned' })
    const logs = await listForeignLogs(mine.open.file.reader)
    expect(logs.map((log) => [log.head, linesOf(log.text).length])).toEqual([[head.hash, head.entries]])
    await mine.open.file.transaction((tx) =>
      tx.run(`update fact set value = replace(value, 'K. Meyer', 'K. Maier') where name like 'custodyLog:%'`),
    )
    const { checks } = await mine.ask('cases.verify', {})
    expect(checks.find((check) => check.name === 'custody')?.failed).toBe(1)
    for (const test of [mine, theirs]) await test.engine.closeAll()
  })
})

describe('a package that cannot be merged', () => {
  let mine: TestCase
  let grant: Grant
  beforeAll(async () => {
    mine = await packableCase()
    const theirs = await copyFor(mine, meyer, later())
    await theirs.ask('findings.set', { title: 'Keys were stolen' })
    await importInto(theirs, '14:00 dave DeleteBucket')
    grant = await packed(theirs)
    await theirs.engine.closeAll()
  })

  const refusedUnchanged = async (from: string, code: string): Promise<void> => {
    const before = [await canonicalExport(mine), await custodyHead(mine.open.file.reader)]
    await expect(mine.ask('packages.mergePreview', { grant: from })).rejects.toMatchObject({ code })
    await expect(mine.ask('packages.merge', { grant: from })).rejects.toMatchObject({ code })
    expect([await canonicalExport(mine), await custodyHead(mine.open.file.reader)]).toEqual(before)
    expect(readdirSync(dirname(mine.path)).filter((name) => name.includes('.merge-'))).toEqual([])
  }

  it('because it is of another case is refused with the reason', async () => {
    const other = await annotatedCase('09:00 alice ConsoleLogin')
    await refusedUnchanged(await packed(other), 'bad-input')
    await other.engine.closeAll()
  })

  const crafted: readonly (readonly [string, string, string, (text: string) => string])[] = [
    [
      'is of a newer version',
      'newer-version',
      'data/case.json',
      (text) => text.replace(/"version":\s*\d+/, '"version":99'),
    ],
    ['has a custody log with a changed entry', 'damaged', 'data/audit.jsonl', (text) => text.replace('K. Meyer', 'X')],
    [
      'has an annotation of ours with other words',
      'damaged',
      'data/ops.jsonl',
      (text) => text.replace('The trail is stopped', 'All is well'),
    ],
    ['has an annotation that is no JSON', 'damaged', 'data/ops.jsonl', (text) => `${text}{"id":\n`],
    [
      'has an index that leaves a file out',
      'damaged',
      'data/evidence-index.jsonl',
      (text) => text.replace(/^.*\n/, ''),
    ],
  ]
  it.each(crafted)('because it %s is refused, and nothing is changed', async (_, code, document, change) => {
    const path = place('crafted.zip')
    let changed = false
    await remade(grant, path, (name, text) => {
      const now = name === document ? change(text) : text
      changed ||= now !== text
      return now
    })
    expect(changed).toBe(true)
    await refusedUnchanged(path, code)
  })

  it('because a byte in it flipped or its end is missing is refused, and nothing is changed', async () => {
    const bytes = readFileSync(grant)
    const flipped = Buffer.from(bytes)
    const at = bytes.indexOf('Keys were stolen')
    flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at)
    const path = join(tempFolder(), 'changed.zip')
    for (const [content, code] of [
      [flipped, 'damaged'],
      [bytes.subarray(0, Math.floor(bytes.length * 0.8)), 'bad-input'],
    ] as const) {
      writeFileSync(path, content)
      await refusedUnchanged(path, code)
    }
  })

  it('because nobody said who works here is refused, and looked at all the same', async () => {
    const engine = testEngine()
    const path = join(tempFolder(), 'read.trailcase')
    await mine.open.file.checkpoint()
    copyFileSync(mine.path, path)
    const open = await engine.open(path, null)
    const ask = asker(engine, open.id)
    expect(await ask('packages.mergePreview', { grant })).toMatchObject({ nothingNew: false })
    await expect(ask('packages.merge', { grant })).rejects.toMatchObject({ code: 'no-examiner' })
    await engine.closeAll()
  })

  it('because it was stopped leaves the case as it was, at every step', async () => {
    const before = await canonicalExport(mine)
    const head = await custodyHead(mine.open.file.reader)
    for (const step of ['checking', 'comparing', 'importing', 'annotations', 'judging']) {
      const stop = new AbortController()
      const progress = (p: { step: string }) => (p.step === step ? stop.abort() : undefined)
      const input = { caseId: mine.open.id, grant, identities: [], keys: [] }
      await expect(
        mine.engine.handlers['packages.merge'](input, { signal: stop.signal, progress }),
      ).rejects.toMatchObject({ code: 'cancelled', message: expect.stringContaining('as it was') as string })
      expect(await canonicalExport(mine)).toEqual(before)
    }
    expect(await custodyHead(mine.open.file.reader)).toEqual(head)
    expect(await mine.ask('packages.merge', { grant })).toMatchObject({ nothingNew: false, newEvents: 1 })
    await isWhole(mine)
  })
})

describe('a merge that is killed', () => {
  it('leaves the case as it was or fully merged, and can be done again', { timeout: 120_000 }, async () => {
    const root = join(import.meta.dirname, '../../../../..')
    const { bundleForNode } = (await import(pathToFileURL(join(root, 'build/build.mjs')).href)) as {
      bundleForNode: (entry: string, folder: string) => Promise<string>
    }
    const script = await bundleForNode(
      'test/electron/engine/exchange/handover/merge-forever.ts',
      join(root, '.cache/handover'),
    )
    const mine = await annotatedCase('09:00 alice ConsoleLogin')
    const theirs = await copyFor(mine, meyer, later())
    const lines = Array.from({ length: 400 }, (_, n) => `10:${String(n % 60).padStart(2, '0')} user${n} ListBuckets`)
    await importInto(theirs, lines.join('\n'))
    await theirs.ask('findings.set', { title: 'Keys were stolen' })
    const grant = await packed(theirs)
    await theirs.engine.closeAll()
    await mine.engine.closeAll()
    const folder = join(tempFolder(), 'case')
    const path = join(folder, 'case.trailcase')
    const counts = async () => {
      const engine = testEngine()
      const test = await engine.open(path, rossi)
      const row = await test.file.reader.get<{ events: number; entries: number; operations: number; merges: number }>(
        `select (select count(*) from event) as events, (select count(*) from entry) as entries, (select count(*) from operation) as operations,
                (select count(*) from custody where action = 'package.merge') as merges`,
      )
      await isWhole({ ask: asker(engine, test.id) })
      await engine.closeAll()
      return row
    }
    const seen = new Set<string>()
    for (let n = 0; n < 5; n++) {
      mkdirSync(folder)
      copyFileSync(mine.path, path)
      const worker = join(root, 'dist/node/parse-worker.cjs')
      const child = spawn(process.execPath, [script, path, grant, worker], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      // The last one may finish.
      if (n < 4) setTimeout(() => child.kill('SIGKILL'), 40 + n * 90)
      await once(child, 'close')
      const now = await counts()
      seen.add(JSON.stringify(now))
      if (n === 0 && now?.merges === 0) {
        const engine = testEngine()
        const open = await engine.open(path, rossi)
        await asker(engine, open.id)('packages.merge', { grant })
        await engine.closeAll()
        seen.add(JSON.stringify(await counts()))
        expect(readdirSync(folder).filter((name) => name.includes('.merge-'))).toEqual([])
      }
      rmSync(folder, { recursive: true })
    }
    expect([...seen].map((text) => (JSON.parse(text) as { merges: number }).merges).sort()).toEqual([0, 1])
  })
})
