import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { checkCustody } from '#engine/verify/check-custody.ts'
import { listForeignLogs } from '#engine/annotations/foreign-logs.ts'
import { asker, meyer, query, tempFolder, testEngine, type TestCase } from '../../annotations/annotated-case.ts'
import { canonicalLines } from './canonical.ts'
import { documentsOf, linesOf, packableCase, place, remade } from './packing.ts'

let test: TestCase
let grant: Grant
beforeAll(async () => {
  test = await packableCase()
  grant = place('case.zip')
  await test.ask('packages.pack', { grant })
})

const unpack = async (from: string, target: Grant = place('other.trailcase')) => {
  const engine = testEngine()
  const { info, ...found } = await asker(engine, '' as never)('packages.unpack', {
    grant: from,
    target,
    examiner: meyer,
  })
  return {
    engine,
    open: engine.case(info.caseId),
    path: target as string,
    ask: asker(engine, info.caseId),
    info,
    found,
  }
}

describe('an unpacked case', () => {
  it('is the same case: records, ledger, verdicts, tags and bookmarks, and it checks out', async () => {
    const other = await unpack(grant)
    expect(other.found).toMatchObject({ differing: 0, differences: [], operations: 3, signatures: [] })
    const before = await canonicalLines(test)
    expect(before.length).toBeGreaterThan(10)
    expect(await canonicalLines(other)).toEqual(before)
    const mine = await test.ask('cases.info', {})
    expect(other.info).toMatchObject({
      uuid: mine.uuid,
      createdMs: mine.createdMs,
      header: mine.header,
      events: mine.events,
      entries: mine.entries,
      records: mine.records,
    })
    const { clean, checks } = await other.ask('cases.verify', {})
    expect(checks.filter((check) => check.failed > 0)).toEqual([])
    expect(clean).toBe(true)
    await other.engine.closeAll()
  })

  it("has a custody log of its own that names the package, and keeps the sender's whole beside it", async () => {
    const other = await unpack(grant)
    expect((await checkCustody(other.open.file.reader, new AbortController().signal)).failed).toBe(0)
    const { entries } = await other.ask('custody.list', { action: 'package.unpack', limit: 10 })
    expect(entries).toMatchObject([{ examiner: 'K. Meyer', detail: expect.stringContaining('A. Rossi') as string }])
    const sent = (await documentsOf(grant)).get('data/audit.jsonl')
    expect((await listForeignLogs(other.open.file.reader)).map((log) => log.text)).toEqual([sent])
    await other.engine.closeAll()
  })

  it('packed again carries the same annotations and both custody logs, and is unpacked again', async () => {
    const other = await unpack(grant)
    const second = place('second.zip')
    await other.ask('packages.pack', { grant: second })
    const [first, again] = [await documentsOf(grant), await documentsOf(second)]
    expect(linesOf(again.get('data/ops.jsonl')).sort()).toEqual(linesOf(first.get('data/ops.jsonl')).sort())
    const third = await unpack(second)
    expect(await listForeignLogs(third.open.file.reader)).toHaveLength(2)
    expect(await canonicalLines(third)).toEqual(await canonicalLines(test))
    for (const each of [other, third]) await each.engine.closeAll()
  })

  it('of what was annotated lists the rest by hash, with the bookmark in its place', async () => {
    const part = place('annotated.zip')
    await test.ask('packages.pack', { grant: part, scope: 'annotated' })
    const other = await unpack(part)
    expect(other.found.differing).toBe(0)
    expect(other.info.entries.seen).toBe((await test.ask('cases.info', {})).entries.seen)
    const { files } = await other.ask('sources.files', { outcome: 'ignored', limit: 100 })
    expect(files.filter((file) => file.reason?.startsWith('known by its hash only') === true).length).toBeGreaterThan(0)
    expect((await other.ask('events.count', { query: query('bookmark:yes tag:exfil') })).total).toBe(1)
    await other.engine.closeAll()
  })
})

describe('the custody log that came with a package', () => {
  it('is checked by verify: a changed entry or a cut end is found', async () => {
    const other = await unpack(grant)
    const custodyOf = async () => (await other.ask('cases.verify', {})).checks.find((check) => check.name === 'custody')
    const set = (value: string) =>
      other.open.file.transaction((tx) => tx.run(`update fact set value = ? where name like 'custodyLog:%'`, [value]))
    expect(await custodyOf()).toMatchObject({ failed: 0 })
    const [log] = await listForeignLogs(other.open.file.reader)
    await set(log?.text.replace('A. Rossi', 'B. Rossi') ?? '')
    expect(await custodyOf()).toMatchObject({
      failed: 1,
      failures: [expect.stringContaining('does not follow') as string],
    })
    await set(`${linesOf(log?.text).slice(0, -1).join('\n')}\n`)
    expect(await custodyOf()).toMatchObject({ failed: 1, failures: [expect.stringContaining('last entry') as string] })
    await other.engine.closeAll()
  })
})

describe('a file that changed between two imports', () => {
  it('comes over with both of its contents', async () => {
    const evidence = tempFolder()
    const engine = testEngine()
    const open = await engine.create(place('changed.trailcase'), { title: 'Changed' }, meyer)
    const ask = asker(engine, open.id)
    for (const name of ['CreateUser', 'DeleteUser']) {
      const record = { eventVersion: '1.08', eventTime: '2024-05-01T09:00:00Z', eventName: name, eventID: `id-${name}` }
      writeFileSync(join(evidence, 'log.json'), JSON.stringify({ Records: [record] }))
      await ask('sources.import', { grants: [evidence as Grant] })
    }
    const changed = place('changed.zip')
    await ask('packages.pack', { grant: changed })
    const other = await unpack(changed)
    expect(other.found).toMatchObject({ entries: 2, originals: 2, differing: 0 })
    expect(other.info.events).toBe(2)
    await other.engine.closeAll()
    await engine.closeAll()
  })
})

describe('large originals', () => {
  it('are packed and unpacked piece by piece, once, however often they were handed over', async () => {
    const records = Array.from({ length: 9000 }, (_, n) => ({
      eventVersion: '1.08',
      eventTime: '2024-05-01T09:00:00Z',
      eventName: 'ListBuckets',
      eventSource: 's3.amazonaws.com',
      awsRegion: 'us-east-1',
      eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      requestParameters: { filler: 'x'.repeat(900), n },
    }))
    const evidence = tempFolder()
    for (const name of ['one.json', 'two.json'])
      writeFileSync(join(evidence, name), JSON.stringify({ Records: records }))
    const engine = testEngine()
    const open = await engine.create(place('large.trailcase'), { title: 'Large' }, meyer)
    const ask = asker(engine, open.id)
    await ask('sources.import', { grants: [evidence as Grant] })
    const large = place('large.zip')
    expect(await ask('packages.pack', { grant: large })).toMatchObject({ originals: 1 })
    const other = await unpack(large)
    expect(other.found).toMatchObject({ entries: 2, originals: 1, differing: 0 })
    expect(other.info).toMatchObject({ events: 9000, entries: { seen: 2, stored: 1, duplicate: 1 } })
    expect((await other.ask('cases.verify', {})).clean).toBe(true)
    await other.engine.closeAll()
    await engine.closeAll()
  })
})

describe('a package that was tampered with', () => {
  const attempts: readonly (readonly [string, string, (text: string) => string])[] = [
    [
      'an operation of the case data that is none',
      'data/ops.jsonl',
      (text) => text.replace(/"body":\{"after"[^\n]*/, '"body":null}'),
    ],
    ['an annotation that comes twice', 'data/ops.jsonl', (text) => text + text],
    ['an annotation that is no JSON', 'data/ops.jsonl', (text) => `${text}{"id":\n`],
    ['a custody log with a changed entry', 'data/audit.jsonl', (text) => text.replace('A. Rossi', 'B. Rossi')],
    ['a custody log with its end cut off', 'data/audit.jsonl', (text) => `${linesOf(text).slice(0, -1).join('\n')}\n`],
    [
      'an index that names one file twice and another not at all',
      'data/evidence-index.jsonl',
      (text) => text.replace(/^(.*\n)(.*\n)/, '$1$1'),
    ],
    ['an index that leaves a file out', 'data/evidence-index.jsonl', (text) => text.replace(/^.*\n/, '')],
    ['an original with another size', 'data/evidence-index.jsonl', (text) => text.replace(/"size":(\d)/, '"size":9$1')],
    ['a source that is not there', 'data/evidence-index.jsonl', (text) => text.replace('"source":1', '"source":7')],
  ]

  it.each(attempts)('with %s is refused, and nothing is left', async (_, document, change) => {
    const crafted = place('crafted.zip')
    let changed = false
    await remade(grant, crafted, (name, text) => {
      const now = name === document ? change(text) : text
      changed ||= now !== text
      return now
    })
    expect(changed).toBe(true)
    const target = place('never.trailcase')
    await expect(unpack(crafted, target)).rejects.toMatchObject({ code: 'damaged' })
    expect(readdirSync(dirname(target))).toEqual([])
  })

  it('with paths that lead elsewhere keeps them as text and writes nothing there', async () => {
    const crafted = place('paths.zip')
    await remade(grant, crafted, (name, text) =>
      name === 'data/evidence-index.jsonl'
        ? text.replaceAll('"path":"', '"path":"../../../../tmp/trailcase-escaped/')
        : text,
    )
    const other = await unpack(crafted)
    expect(existsSync('/tmp/trailcase-escaped')).toBe(false)
    const { files } = await other.ask('sources.files', { limit: 1 })
    expect(files[0]?.path).toContain('../../../../tmp/trailcase-escaped/')
    await other.engine.closeAll()
  })

  it('with annotations of kinds and forms that are not known here keeps them lying still', async () => {
    const crafted = place('unknown.zip')
    const strange = [
      { id: 'x-1', timeMs: 1, examiner: '\u202e<script>', type: 'future.thing', target: 'case', body: { a: 1 } },
      { id: 'x-2', timeMs: 1, examiner: 'E', type: 'tag.add', target: 'tags', body: { __proto__: null, tag: 7 } },
    ]
    await remade(grant, crafted, (name, text) => {
      if (name === 'data/ops.jsonl') return text + strange.map((one) => `${JSON.stringify(one)}\n`).join('')
      return text
    })
    const other = await unpack(crafted)
    expect(other.found.operations).toBe(5)
    expect((await other.ask('annotations.state', {})).tags.map((tag) => tag.name)).toEqual(['exfil'])
    await other.engine.closeAll()
  })

  it('says which files were read otherwise than its index claims', async () => {
    const crafted = place('claims.zip')
    await remade(grant, crafted, (name, text) =>
      name === 'data/evidence-index.jsonl' ? text.replace(/"read":[1-9]\d*/, '"read":99') : text,
    )
    const other = await unpack(crafted)
    expect(other.found).toMatchObject({
      differing: 1,
      differences: [{ what: expect.stringContaining('99 records there') as string }],
    })
    await other.engine.closeAll()
  })

  it(
    'at 150 random places is refused, or was changed where nothing is read; no case appears and nothing is left',
    { timeout: 120_000 },
    async () => {
      const bytes = readFileSync(grant)
      const engine = testEngine()
      const folder = tempFolder()
      const ask = asker(engine, '' as never)
      let seed = 7
      const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
      let refused = 0
      for (let n = 0; n < 150; n++) {
        const mutated = Buffer.from(bytes)
        for (let k = 0; k <= n % 3; k++) mutated[random(mutated.length)] = random(256)
        const path = join(folder, 'mutated.zip')
        writeFileSync(path, n % 10 === 9 ? mutated.subarray(0, random(mutated.length)) : mutated)
        const target = join(folder, `out-${n}.trailcase`)
        await ask('packages.unpack', { grant: path, target: target, examiner: meyer }).then(
          () => expect(existsSync(target)).toBe(true),
          (problem: unknown) => {
            refused++
            expect(['damaged', 'bad-input', 'newer-version']).toContain((problem as { code?: string }).code)
            expect(existsSync(target)).toBe(false)
          },
        )
      }
      expect(refused).toBeGreaterThan(100)
      await engine.closeAll()
      expect(readdirSync(folder).filter((name) => name.includes('.unpack-'))).toEqual([])
    },
  )
})

describe('unpacking', () => {
  it('never writes over a case, and stops when asked, with nothing left', async () => {
    const target = place('mine.trailcase')
    writeFileSync(target, 'mine')
    await expect(unpack(grant, target)).rejects.toMatchObject({ code: 'already-exists' })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    const engine = testEngine()
    const stop = new AbortController()
    const never = place('never.trailcase')
    const input = { grant, target: never, examiner: meyer, identities: [], keys: [] }
    const call = {
      signal: stop.signal,
      progress: (p: { step: string }) => (p.step === 'importing' ? stop.abort() : undefined),
    }
    await expect(engine.handlers['packages.unpack'](input, call)).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(dirname(never))).toEqual([])
  })
})
