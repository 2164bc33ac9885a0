import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'
import { json, trailcase } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-package-'))
const at = (name: string) => join(folder, name)
const hasMinisign = existsSync('/usr/bin/minisign')

beforeAll(async () => {
  writeFileSync(at('passphrase'), 'six words are better than one\nignored')
  evidence(`
    09:00 alice ConsoleLogin id=11111111-0000-4000-8000-000000000001
    09:02 mallory StopLogging -> trail`).writeTo(at('evidence'))
  const run = await trailcase(['import', at('case'), at('evidence')])
  if (run.code !== 0) throw new Error(run.err)
  await json(['bookmark', at('case'), '11111111-0000-4000-8000-000000000001', '--title', 'First login'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('keygen', () => {
  it('makes a secret key for its owner only and a public one, with a fingerprint for the telephone', async () => {
    const key = (await json(['keygen', '--out', at('rossi.key'), '--passphrase-file', at('passphrase')])) as Record<
      string,
      unknown
    >
    expect(key['fingerprint']).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    expect(readFileSync(at('rossi.key.pub'), 'utf8')).toBe(key['publicKey'])
    expect(statSync(at('rossi.key')).mode & 0o077).toBe(0)
  })

  it('never writes over a key', async () => {
    const before = readFileSync(at('rossi.key'))
    const run = await trailcase(['keygen', '--out', at('rossi.key'), '--passphrase-file', at('passphrase')])
    expect(run).toMatchObject({ code: 2 })
    expect(run.err).toContain('exists already')
    expect(readFileSync(at('rossi.key')).equals(before)).toBe(true)
  })

  it('wants a passphrase that is there', async () => {
    writeFileSync(at('empty'), '\n')
    for (const file of [at('empty'), at('nowhere')])
      expect(await trailcase(['keygen', '--out', at('other.key'), '--passphrase-file', file])).toMatchObject({
        code: 2,
      })
    expect(existsSync(at('other.key'))).toBe(false)
  })

  it.skipIf(!hasMinisign)('is understood by the minisign tool (skipped where it is not installed)', () => {
    writeFileSync(at('letter'), 'hello')
    const input = 'six words are better than one\n'
    execFileSync('minisign', ['-S', '-s', at('rossi.key'), '-m', at('letter')], { input })
    execFileSync('minisign', ['-V', '-p', at('rossi.key.pub'), '-m', at('letter')])
  })
})

describe('pack', () => {
  it('writes a signed package and says how to recognise it', async () => {
    const signed = ['--sign', at('rossi.key'), '--sign-passphrase-file', at('passphrase')]
    const run = await trailcase(['pack', at('case'), '--out', at('case.tcase.zip'), ...signed, '--for', 'K. Meyer'])
    expect(run).toMatchObject({ code: 0, err: '' })
    const sha256 = createHash('sha256')
      .update(readFileSync(at('case.tcase.zip')))
      .digest('hex')
    expect(run.text).toContain(sha256)
    expect(run.text).toMatch(/Signed with the key [0-9A-Z]{4}-/)
    expect((await trailcase(['custody', at('case')])).text).toContain(sha256)
  })

  it('gives the same as JSON, in parts when asked', async () => {
    const packed = await json(['pack', at('case'), '--out', at('parts.zip'), '--split', '64K', '--scope', 'annotated'])
    expect(packed).toMatchObject({
      out: at('parts.zip'),
      signedBy: null,
      encrypted: false,
      parts: [{ name: 'parts.zip.001' }],
    })
  })

  it('is wrong usage with half of the options for a signature or with a size that is none', async () => {
    for (const wrong of [
      ['--sign', at('rossi.key')],
      ['--split', 'big'],
      ['--scope', 'some'],
    ])
      expect(await trailcase(['pack', at('case'), '--out', at('never.zip'), ...wrong])).toMatchObject({ code: 2 })
    expect(await trailcase(['pack', at('case'), '--out', at('never.zip')], { examiner: null })).toMatchObject({
      code: 2,
    })
    expect(existsSync(at('never.zip'))).toBe(false)
  })
})

describe('inspect', () => {
  it('says who signed a package and that it is whole, without a case or an examiner', async () => {
    const run = await trailcase(['inspect', at('case.tcase.zip'), '--key', at('rossi.key.pub')], { examiner: null })
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(run.text).toContain('Whole: every hash and the custody log agree.')
    expect(run.text).toContain('Signed with the known key')
    expect(run.text).toContain('A. Rossi to K. Meyer')
    expect(await json(['inspect', at('parts.zip.001')])).toMatchObject({
      whole: true,
      signatures: [],
      document: { kind: 'annotated' },
    })
  })

  it('ends with 1 when a byte differs, and with 2 for what is no package', async () => {
    const bytes = readFileSync(at('case.tcase.zip'))
    const middle = bytes.lastIndexOf('First login')
    bytes[middle] = 0x66
    writeFileSync(at('changed.zip'), bytes)
    const run = await trailcase(['inspect', at('changed.zip')])
    expect(run).toMatchObject({ code: 1 })
    expect(run.text).toContain('NOT WHOLE')
    expect(await trailcase(['inspect', at('evidence')])).toMatchObject({ code: 3 })
    expect(await trailcase(['inspect', at('rossi.key')])).toMatchObject({ code: 2 })
  })
})

describe('unpack', () => {
  it('makes the case again, with its bookmark, and the made case checks out', async () => {
    const run = await trailcase(
      ['unpack', at('case.tcase.zip'), '--out', at('colleague'), '--key', at('rossi.key.pub')],
      { examiner: 'K. Meyer' },
    )
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(run.text).toContain('Signed: known key')
    expect(await json(['events', at('colleague')])).toEqual(await json(['events', at('case')]))
    expect(await json(['bookmarks', at('colleague')])).toMatchObject({ bookmarks: [{ exhibit: 'AR-0001' }] })
    expect(await json(['verify', at('colleague')])).toMatchObject({ clean: true })
    expect((await trailcase(['custody', at('colleague')])).text).toContain('package.unpack')
  })

  it('refuses a changed package and a name that is taken, and nothing appears', async () => {
    expect(await trailcase(['unpack', at('changed.zip'), '--out', at('never')])).toMatchObject({ code: 2 })
    expect(existsSync(at('never.trailcase'))).toBe(false)
    expect(await trailcase(['unpack', at('case.tcase.zip'), '--out', at('case')])).toMatchObject({ code: 2 })
    expect(await trailcase(['unpack', at('case.tcase.zip'), '--out', at('never')], { examiner: null })).toMatchObject({
      code: 2,
    })
  })
})

describe('merge', () => {
  it('says first what a package would bring, then brings it, and brings nothing when it is done again', async () => {
    const theirs = { examiner: 'K. Meyer' }
    expect(await trailcase(['tag', at('colleague'), 'seen', '--query', 'eventName:StopLogging'], theirs)).toMatchObject(
      { code: 0 },
    )
    const back = at('back.tcase.zip')
    expect(await trailcase(['pack', at('colleague'), '--out', back], theirs)).toMatchObject({ code: 0 })
    const would = await json(['merge', at('case'), back, '--dry-run'])
    expect(would).toMatchObject({
      dryRun: true,
      nothingNew: false,
      conflicts: [],
      evidence: { newFiles: 0 },
      annotations: {
        operations: 1,
        kinds: [
          { kind: 'tag', added: 1 },
          { kind: 'tagged', added: 1 },
        ],
      },
    })
    expect(await json(['tags', at('case')])).toMatchObject({ tags: [] })
    const run = await trailcase(['merge', at('case'), back])
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(run.text).toContain('From K. Meyer')
    expect(run.text).toContain('records with a tag: 1 new')
    expect(await json(['count', at('case'), 'tag:seen'])).toMatchObject({ total: 1 })
    expect(await json(['merge', at('case'), back])).toMatchObject({ nothingNew: true, newEvents: 0 })
    expect(await json(['verify', at('case')])).toMatchObject({ clean: true })
  })

  it('refuses a package of another case, a changed one, and nobody', async () => {
    await json(['new', at('other')])
    expect(await trailcase(['merge', at('other'), at('case.tcase.zip')])).toMatchObject({ code: 2 })
    expect(await trailcase(['merge', at('case'), at('changed.zip')])).toMatchObject({ code: 2 })
    expect(await trailcase(['merge', at('case'), at('case.tcase.zip')], { examiner: null })).toMatchObject({ code: 2 })
  })
})
