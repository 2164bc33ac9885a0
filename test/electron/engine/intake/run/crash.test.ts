import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'
import { sumsHold, TestEngine } from '#test/fixtures/engine.ts'

const FILES = 1500
const KILLS = 30
const cli = join(import.meta.dirname, '../../../../../dist/node/trailcase.cjs')

/** One event per file, so that a half-stored file or a doubled one shows in the counts. */
const manyFiles = () =>
  evidence(
    Array.from(
      { length: FILES },
      (_, n) => `${clock(n)} alice ListUsers file=${n} request={"note":"${'x'.repeat(600)}","n":${n}}`,
    ).join('\n'),
    { digests: false },
  )
const clock = (n: number) => `${String(Math.floor(n / 60) % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`

let test: TestEngine
let folder: string
beforeAll(() => {
  test = new TestEngine()
  folder = test.path('evidence')
  manyFiles().writeTo(folder)
})
afterAll(() => test.end())

describe('an import that is killed', () => {
  it(`loses and doubles nothing over ${KILLS} kills at random moments, and ends where an undisturbed one ends`, async () => {
    const path = test.path('killed.trailcase')
    const clear = () => {
      for (const name of readdirSync(test.folder)) if (name.includes('killed.trailcase')) rmSync(test.path(name))
    }
    const start = () =>
      spawn(process.execPath, [cli, 'import', path, folder, '--examiner', 'A. Rossi', '--json'], { stdio: 'ignore' })
    const began = performance.now()
    await once(start(), 'exit')
    const whole = performance.now() - began
    clear()
    let killed = 0
    for (let round = 0; killed < KILLS && round < KILLS * 4; round++) {
      const child = start()
      const timer = setTimeout(() => child.kill('SIGKILL'), whole * (0.2 + Math.random() * 0.7))
      const [code] = (await once(child, 'exit')) as [number | null]
      clearTimeout(timer)
      if (code === null) killed++
      // It finished before the kill: begin again with an empty case, so that the next kill hits an import.
      else clear()
    }
    expect(killed).toBe(KILLS)
    const open = await test.engine
      .open(path, { name: 'A. Rossi', organisation: '', identifier: '' })
      .catch(() => test.create('killed.trailcase'))
    const result = await test.import(open, [folder])
    expect(sumsHold(result)).toBe(true)
    const info = await test.info(open)
    expect(info.events).toBe(FILES)
    expect(info.records.stored).toBe(FILES)
    expect(await test.ask('cases.verify', { caseId: open.id })).toMatchObject({ clean: true })
  }, 300_000)
})

const canMount =
  process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0

describe.skipIf(!canMount)('an import on a disk that fills up (needs the right to mount)', () => {
  it('says so, keeps whole files only, and goes on when there is room', async () => {
    const disk = test.path('disk')
    mkdirSync(disk)
    const mount = (options: string) =>
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status).toBe(0)
    mount('size=3m')
    try {
      const open = await test.create('disk/full.trailcase')
      await expect(test.import(open, [folder])).rejects.toMatchObject({ code: 'disk-full' })
      const kept = (await test.info(open)).events
      expect(kept).toBeLessThan(FILES)
      mount('remount,size=64m')
      const rest = await test.import(open, [folder])
      expect(rest.records.stored).toBe(FILES - kept)
      expect(await test.ask('cases.verify', { caseId: open.id })).toMatchObject({ clean: true })
      await test.engine.close(open.id)
    } finally {
      spawnSync('umount', [disk])
    }
  })
})
