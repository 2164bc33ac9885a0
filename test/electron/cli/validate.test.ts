import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from '#test/architecture/cruise.ts'
import { finished, program, trailcase } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-validate-'))
mkdirSync(join(root, '.cache'), { recursive: true })
/** Inside the checkout, so that the copy finds SQLite where the program does. */
const damaged = mkdtempSync(join(root, '.cache/damaged-'))
afterAll(() => {
  for (const one of [folder, damaged]) rmSync(one, { recursive: true, force: true })
})

type Answer = { clean: boolean; checks: { id: string; passed: boolean; found: string }[]; sha256?: string }

describe('trailcase validate', () => {
  it('gives the known answers, prints the page and exits with 0', async () => {
    const out = join(folder, 'result.pdf')
    const run = await trailcase(['validate', '--out', out, '--json'], { examiner: null })
    expect(run.code).toBe(0)
    const answer = JSON.parse(run.text) as Answer
    expect(answer.clean).toBe(true)
    expect(answer.checks.filter((check) => !check.passed)).toEqual([])
    expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-')
    expect(answer.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('exits with 1 and names what failed where the installation is damaged', async () => {
    cpSync(dirname(program), damaged, { recursive: true })
    writeFileSync(join(damaged, 'parse-worker.cjs'), 'throw new Error("a damaged file")')
    const run = await finished(spawn(process.execPath, [join(damaged, 'trailcase.cjs'), 'validate']))
    expect(run.code).toBe(1)
    expect(run.text).toContain('V-01  passed')
    expect(run.text).toContain('V-06  FAILED')
    expect(run.text).toContain('could not be carried out: a damaged file')
  })

  it('says in one line that it found no room to work in, and exits with 3', async () => {
    const run = await trailcase(['validate'], { env: { TMPDIR: join(folder, 'not-there') } })
    expect(run.code).toBe(3)
    expect(run.err).toContain('cannot be written to')
    expect(run.err.trim().split('\n')).toHaveLength(1)
  })
})
