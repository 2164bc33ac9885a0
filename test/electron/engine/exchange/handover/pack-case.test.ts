import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { root } from '#test/architecture/cruise.ts'
import { newIdentity, parseIdentity, recipientText } from '#engine/exchange/package/age-recipients.ts'
import {
  annotatedCase,
  asker,
  meyer,
  rossi,
  tempFolder,
  testEngine,
  type TestCase,
} from '../../annotations/annotated-case.ts'
import { documentsOf, keyFiles, linesOf, packableCase, place } from './packing.ts'

const has = (tool: string): boolean => existsSync(`/usr/bin/${tool}`)
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

let test: TestCase
beforeAll(async () => {
  test = await packableCase()
})

describe('a packed case', () => {
  it('holds every original, every annotation and the custody log, and its hash stands in that log', async () => {
    const grant = place('case.tcase.zip')
    const packed = await test.ask('packages.pack', {
      grant,
      transfer: { to: 'K. Meyer', why: 'second opinion', medium: 'stick 7' },
    })
    expect(packed.sha256).toBe(sha256(readFileSync(grant)))
    const info = await test.ask('cases.info', {})
    const documents = await documentsOf(grant)
    const index = linesOf(documents.get('data/evidence-index.jsonl')).map(
      (line) => JSON.parse(line) as { packed: boolean },
    )
    expect(index).toHaveLength(info.entries.seen)
    expect(index.every((line) => line.packed)).toBe(true)
    expect(packed.originals).toBe(info.entries.stored)
    const operations = linesOf(documents.get('data/ops.jsonl')).map(
      (line) => (JSON.parse(line) as { type: string }).type,
    )
    expect(operations).toEqual(['case.set', 'bookmark.add', 'tag.add'])
    expect(JSON.parse(documents.get('data/transfers.jsonl') ?? '')).toMatchObject({
      from: 'A. Rossi',
      to: 'K. Meyer',
      why: 'second opinion',
    })
    const log = await test.ask('custody.list', { action: 'package.pack', limit: 10 })
    expect(log.entries.at(-1)?.body).toContain(packed.sha256)
    expect(log.entries.at(-1)?.body).toContain('stick 7')
  })

  it('carries the custody log so that anyone can follow it: each line hashes to what the next one names', async () => {
    const grant = place('case.zip')
    await test.ask('packages.pack', { grant })
    const documents = await documentsOf(grant)
    let previous = '0'.repeat(64)
    for (const line of linesOf(documents.get('data/audit.jsonl'))) {
      expect((JSON.parse(line) as { previous: string }).previous).toBe(previous)
      previous = sha256(line)
    }
    expect(JSON.parse(documents.get('data/case.json') ?? '')).toMatchObject({ custody: { hash: previous } })
  })

  it.skipIf(!has('unzip'))(
    'is checked with unzip and sha256sum alone (skipped where they are not installed)',
    async () => {
      const grant = place('case.zip')
      await test.ask('packages.pack', { grant })
      const folder = tempFolder()
      execFileSync('unzip', ['-q', grant, '-d', folder])
      const bag = join(folder, readdirSync(folder)[0] ?? '')
      for (const list of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
        execFileSync('sha256sum', ['--strict', '--quiet', '-c', list], { cwd: bag })
      writeFileSync(join(bag, 'data/ops.jsonl'), '')
      expect(() =>
        execFileSync('sha256sum', ['--quiet', '-c', 'manifest-sha256.txt'], { cwd: bag, stdio: 'pipe' }),
      ).toThrow()
    },
  )

  it('with the scope of what is annotated leaves the other log files out, and says so in the index', async () => {
    const grant = place('annotated.zip')
    const packed = await test.ask('packages.pack', { grant, scope: 'annotated' })
    const lines = linesOf((await documentsOf(grant)).get('data/evidence-index.jsonl'))
    const index = lines.map((line) => JSON.parse(line) as { kind: string; packed: boolean })
    const logs = index.filter((line) => line.kind === 'cloudtrail-log')
    expect(logs.filter((line) => line.packed)).toHaveLength(1)
    expect(logs.filter((line) => !line.packed).length).toBeGreaterThan(0)
    expect(index.filter((line) => line.kind === 'digest').every((line) => line.packed)).toBe(true)
    expect(packed.originals).toBe(index.filter((line) => line.packed).length)
  })

  it('changes nothing about the case: a report of it says the same as before', async () => {
    const reportOf = async (): Promise<string> => {
      const grant = place('report.html')
      await test.ask('report.make', { grant, format: 'html', printed: Date.parse('2026-11-21T10:00:00Z') })
      return readFileSync(grant, 'utf8')
    }
    const before = await reportOf()
    await test.ask('packages.pack', { grant: place('case.zip') })
    expect(await reportOf()).toBe(before)
  })
})

describe('what protects a package', () => {
  it.skipIf(!has('minisign'))(
    'is a signature that the minisign tool accepts, and rejects once the manifest differs (skipped without minisign and unzip)',
    async () => {
      const key = await keyFiles()
      const grant = place('signed.zip')
      const packed = await test.ask('packages.pack', { grant, sign: { key: key.secret, passphrase: 'passphrase' } })
      expect(packed.signedBy?.fingerprint).toMatch(/^[0-9A-Z-]{19}$/)
      const folder = tempFolder()
      execFileSync('unzip', ['-q', grant, '-d', folder])
      const bag = join(folder, readdirSync(folder)[0] ?? '')
      writeFileSync(join(folder, 'key.pub'), key.public)
      const verify = (): string =>
        execFileSync('minisign', ['-V', '-p', '../key.pub', '-m', 'tagmanifest-sha256.txt'], {
          cwd: bag,
          stdio: 'pipe',
        }).toString()
      expect(verify()).toContain('examiner:A. Rossi')
      writeFileSync(
        join(bag, 'tagmanifest-sha256.txt'),
        readFileSync(join(bag, 'tagmanifest-sha256.txt'), 'utf8').replace('a', 'b'),
      )
      expect(verify).toThrow()
    },
  )

  it.skipIf(!has('age'))(
    'is encryption that the age tool opens for its recipient, and for nobody else (skipped without age)',
    async () => {
      const [mine, other] = [newIdentity(), newIdentity()]
      const parsed = parseIdentity(mine)
      if (!parsed.ok) throw new Error(parsed.message)
      const grant = place('secret.age')
      await test.ask('packages.pack', { grant, recipients: [recipientText(parsed.value)] })
      const folder = tempFolder()
      for (const [name, identity] of [
        ['mine', mine],
        ['other', other],
      ] as const)
        writeFileSync(join(folder, name), identity)
      const open = (name: string): void =>
        void execFileSync('age', ['-d', '-i', join(folder, name), '-o', join(folder, 'open.zip'), grant], {
          stdio: 'pipe',
        })
      expect(() => open('other')).toThrow()
      open('mine')
      expect((await documentsOf(join(folder, 'open.zip'))).has('data/ops.jsonl')).toBe(true)
    },
  )

  it('is refused where it would be weaker than it looks: recipients and passphrase together, a wrong passphrase, no recipient at all', async () => {
    const key = await keyFiles()
    const grant = place('never.zip')
    const wrong = [
      { recipients: ['age1abc'], passphrase: 'x' },
      { recipients: ['age1abc'] },
      { sign: { key: key.secret, passphrase: 'wrong' } },
      { sign: { key: key.public, passphrase: 'passphrase' } },
    ]
    for (const wish of wrong)
      await expect(test.ask('packages.pack', { grant, ...wish })).rejects.toMatchObject({ code: 'bad-input' })
    expect(readdirSync(dirname(grant))).toEqual([])
  })
})

describe('parts', () => {
  it('are no larger than asked for and are checked with sha256sum', async () => {
    const grant = place('case.zip')
    const packed = await test.ask('packages.pack', { grant, splitBytes: 65_536 })
    const folder = dirname(grant)
    expect(packed.parts.length).toBeGreaterThan(0)
    expect(readdirSync(folder).sort()).toEqual(
      [...packed.parts.map((part) => part.name), 'case.zip.parts.sha256'].sort(),
    )
    const whole = Buffer.concat(packed.parts.map((part) => readFileSync(join(folder, part.name))))
    expect(sha256(whole)).toBe(packed.sha256)
    expect(packed.parts.every((part) => part.bytes <= 65_536)).toBe(true)
    if (has('sha256sum'))
      execFileSync('sha256sum', ['--strict', '--quiet', '-c', 'case.zip.parts.sha256'], { cwd: folder })
    await expect(test.ask('packages.pack', { grant, splitBytes: 65_536 })).rejects.toMatchObject({
      code: 'already-exists',
    })
  })
})

describe('what goes wrong while packing', () => {
  it('leaves nothing under the name: an existing file, a stop, nobody who answers for it', async () => {
    const grant = place('case.zip')
    writeFileSync(grant, 'mine')
    await expect(test.ask('packages.pack', { grant })).rejects.toMatchObject({ code: 'already-exists' })
    expect(readFileSync(grant, 'utf8')).toBe('mine')
    const stopped = place('stopped.zip')
    const call = { signal: AbortSignal.abort(), progress: () => undefined }
    const input = {
      caseId: test.open.id,
      grant: stopped,
      scope: 'all' as const,
      recipients: [],
      transfer: { to: '', why: '', medium: '' },
    }
    await expect(test.engine.handlers['packages.pack'](input, call)).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(dirname(stopped))).toEqual([])
  })

  it('packs evidence that was only referenced, and refuses once it has changed', async () => {
    const made = await annotatedCase('09:00 alice ConsoleLogin')
    const engine = testEngine()
    const path = join(tempFolder(), 'reference.trailcase')
    const open = await engine.create(path, { title: 'Referenced' }, rossi)
    const ask = asker(engine, open.id)
    const evidence = join(dirname(made.path), 'evidence')
    await ask('sources.import', { grants: [evidence as Grant], mode: 'reference' })
    const packed = await ask('packages.pack', { grant: place('good.zip') })
    expect(packed.originals).toBeGreaterThan(0)
    const { files } = await ask('sources.files', { kind: 'cloudtrail-log' })
    writeFileSync(join(evidence, files[0]?.path ?? ''), 'changed')
    const grant = place('changed.zip')
    await expect(ask('packages.pack', { grant })).rejects.toMatchObject({ code: 'damaged' })
    renameSync(evidence, `${evidence}-away`)
    await expect(ask('packages.pack', { grant })).rejects.toMatchObject({ code: 'unreadable' })
    expect(readdirSync(dirname(grant))).toEqual([])
    await engine.closeAll()
  })

  it('refuses a case whose custody log was changed: nobody could check the package', async () => {
    const made = await annotatedCase('09:00 alice ConsoleLogin')
    await made.open.file.transaction((tx) => tx.run(`update custody set examiner = 'somebody else' where seq = 2`))
    await expect(made.ask('packages.pack', { grant: place('never.zip') })).rejects.toMatchObject({ code: 'damaged' })
  })

  it('takes away what a killed run left, once nobody can be at work on it any more', async () => {
    const grant = place('case.zip')
    const [old, fresh, other] = [
      '.case.zip.0123456789ab.partial',
      '.case.zip.001.0123456789ab.partial',
      '.notes.partial',
    ]
    for (const name of [old, fresh, other]) writeFileSync(join(dirname(grant), name), 'half')
    const now = test.open.setting.now() / 1000
    utimesSync(join(dirname(grant), old), now - 7200, now - 7200)
    utimesSync(join(dirname(grant), fresh), now, now)
    utimesSync(join(dirname(grant), other), now - 7200, now - 7200)
    await test.ask('packages.pack', { grant })
    expect(readdirSync(dirname(grant)).sort()).toEqual([fresh, other, 'case.zip'].sort())
  })

  it('killed with -9 at any moment, leaves a whole package or none', { timeout: 120_000 }, async () => {
    const { bundleForNode } = (await import(join(root, 'build/build.mjs'))) as {
      bundleForNode: (entry: string, folder: string) => Promise<string>
    }
    const made = await annotatedCase('09:00 alice ConsoleLogin')
    await made.engine.closeAll()
    const script = await bundleForNode(
      'test/electron/engine/exchange/handover/pack-forever.ts',
      join(root, '.cache/handover'),
    )
    const folder = join(tempFolder(), 'out')
    mkdirSync(folder)
    let whole = 0
    for (let n = 0; n < 8; n++) {
      const child = spawn(process.execPath, [script, made.path, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      setTimeout(() => child.kill('SIGKILL'), 20 + n * 23)
      await once(child, 'close')
      for (const name of readdirSync(folder).filter((each) => !basename(each).startsWith('.'))) {
        expect((await documentsOf(join(folder, name))).has('data/case.json')).toBe(true)
        whole++
      }
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
    }
    expect(whole).toBeGreaterThan(0)
    const engine = testEngine()
    let split = 0
    for (let n = 0; n < 8; n++) {
      const child = spawn(process.execPath, [script, made.path, folder, '65536'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      setTimeout(() => child.kill('SIGKILL'), 20 + n * 23)
      await once(child, 'close')
      const names = readdirSync(folder).filter((each) => !each.startsWith('.'))
      for (const list of names.filter((name) => name.endsWith('.parts.sha256'))) {
        const input = { grant: join(folder, list) as Grant }
        expect((await asker(engine, '' as never)('packages.inspect', input)).whole).toBe(true)
        split++
      }
      for (const part of names.filter((name) => name.endsWith('.001')))
        if (!names.includes(part.replace(/\.001$/, '.parts.sha256')))
          await expect(
            asker(engine, '' as never)('packages.inspect', { grant: join(folder, part) }),
          ).rejects.toMatchObject({ code: 'not-found' })
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
    }
    expect(split).toBeGreaterThan(0)
    const open = await engine.open(made.path, meyer)
    expect((await asker(engine, open.id)('cases.verify', {})).clean).toBe(true)
    await engine.closeAll()
  })
})
