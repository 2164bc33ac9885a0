import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

describe.skipIf(process.platform === 'win32')('the npm package', () => {
  const work = mkdtempSync(join(tmpdir(), 'trailcase-npm-'))
  const folder = join(work, 'package')
  let files: string[]

  beforeAll(async () => {
    const { stdout } = await run(
      'npm',
      ['pack', '--pack-destination', work, '--ignore-scripts', '--offline', '--json', '--loglevel=error'],
      { cwd: root },
    )
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
    await run('tar', ['-xzf', join(work, filename), '-C', work])
    files = (readdirSync(folder, { recursive: true }) as string[]).filter((path) =>
      statSync(join(folder, path)).isFile(),
    )
    // What `npm install` would bring, from here: no network.
    mkdirSync(join(folder, 'node_modules'))
    for (const name of ['sqlite3', 'bindings', 'file-uri-to-path'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir')
  })
  afterAll(() => {
    rmSync(work, { recursive: true, force: true })
  })

  it('holds the bundles, the window, the licence and the manual, and no source', () => {
    expect(files.filter((path) => !path.startsWith('dist/')).sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
    expect(files).toEqual(
      expect.arrayContaining(['dist/node/trailcase.cjs', 'dist/renderer/index.html', 'dist/node/NOTICES.txt']),
    )
    expect(files.filter((path) => /\.(ts|tsx|map)$/.test(path))).toEqual([])
  })

  it('needs Node and sqlite3 only: every bundle names nothing else, but for the two that Electron starts', () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object }
    expect(Object.keys(dependencies)).toEqual(['sqlite3'])
    const bundles = files.filter((path) => path.startsWith('dist/node/') && path.endsWith('.cjs'))
    expect(bundles.length).toBeGreaterThan(3)
    for (const path of bundles) {
      const text = readFileSync(join(folder, path), 'utf8')
      const named = [...text.matchAll(/\brequire\("([^"\n]+)"\)/g)].map(([, name = '']) => name.replace(/^node:/, ''))
      const others = new Set(named.filter((name) => !builtinModules.includes(name) && !name.startsWith('.')))
      const allowed = /\/(main|preload)\.cjs$/.test(path) ? ['electron'] : ['sqlite3']
      for (const name of others) expect(allowed, `${path} requires ${name}`).toContain(name)
    }
  })

  it('runs its trailcase command on Node alone', async () => {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: { trailcase: string } }
    const home = join(work, 'home')
    mkdirSync(home)
    const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, TRAILCASE_EXAMINER: 'A. Rossi' }
    // Started by its own first line, as a shell would.
    const trailcase = async (...args: string[]): Promise<string> =>
      (await run(join(folder, bin.trailcase), args, { cwd: work, env })).stdout
    evidence('09:00 alice ConsoleLogin\n09:05 alice StopLogging').writeTo(join(work, 'evidence'))
    await trailcase('new', 'acme.trailcase', '--title', 'From the package')
    await trailcase('import', 'acme.trailcase', 'evidence', '--json')
    const found = JSON.parse(await trailcase('events', 'acme.trailcase', 'eventName:StopLogging', '--json')) as {
      total: number
    }
    expect(found.total).toBe(1)
    expect(
      await trailcase('report', 'acme.trailcase', '--out', 'timeline.pdf', '--scope', 'query:StopLogging'),
    ).toContain('timeline.pdf')
  })
})
