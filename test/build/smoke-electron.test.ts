import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

type Smoke = {
  readonly findElectron: (folder: string, env: Record<string, string>) => string | undefined
  readonly readFuses: (bytes: Buffer) => Record<string, boolean> | undefined
}
const root = join(import.meta.dirname, '../..')
const { findElectron, readFuses } = (await import(join(root, 'build/smoke-electron.mjs'))) as Smoke

describe('the smoke test of a real Electron', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-smoke-test-'))
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('says that it is skipped where there is no Electron binary, and does not fail', () => {
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') }
    const run = execFileSync(process.execPath, [join(root, 'build/smoke-electron.mjs')], { encoding: 'utf8', env })
    expect(run).toBe('skipped: no Electron binary\n')
  })

  it('finds the binary that is named by the installer, or brought by the person', () => {
    expect(findElectron(folder, {})).toBeUndefined()
    mkdirSync(join(folder, 'dist'))
    writeFileSync(join(folder, 'path.txt'), 'electron-here\n')
    writeFileSync(join(folder, 'dist/electron-here'), '')
    expect(findElectron(folder, {})).toBe(join(folder, 'dist/electron-here'))
    expect(findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'other') })).toBeUndefined()
  })

  it('reads the fuses of a program', () => {
    const program = (wire: string): Buffer =>
      Buffer.from(`\u007fELF … dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0008${wire} …`, 'latin1')
    expect(readFuses(program('01001101'))).toMatchObject({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      asarIntegrity: true,
      onlyLoadAppFromAsar: true,
      fileProtocolPrivileges: true,
    })
    expect(readFuses(Buffer.from('no fuses here'))).toBeUndefined()
  })

  it('says which check of an installed program failed', () => {
    const program = join(folder, 'trailcase')
    writeFileSync(program, 'no fuses here', { mode: 0o755 })
    let output = ''
    try {
      execFileSync(process.execPath, [join(root, 'build/smoke-electron.mjs'), '--app', program], { encoding: 'utf8' })
    } catch (error) {
      output = (error as { stdout: string }).stdout
    }
    const report = JSON.parse(output) as { ok: boolean; checks: { name: string; ok: boolean }[] }
    expect(report.ok).toBe(false)
    expect(report.checks.find(({ name }) => name === 'the fuses are set')?.ok).toBe(false)
  })
})
