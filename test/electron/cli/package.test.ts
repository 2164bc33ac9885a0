import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json, trailcase } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-package-'))
const at = (name: string) => join(folder, name)
const hasMinisign = existsSync('/usr/bin/minisign')

beforeAll(() => writeFileSync(at('passphrase'), 'six words are better than one\nignored'))
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
