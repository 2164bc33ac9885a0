import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** A tree of its own with our build scripts, so that no test touches the real `dist`. */
describe('the build', () => {
  const tree = mkdtempSync(join(tmpdir(), 'trailcase-build-'))
  const cli = join(tree, 'dist/node/trailcase.cjs')

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  const build = (): Promise<{ stdout: string; stderr: string }> =>
    run(process.execPath, ['build/build.mjs'], { cwd: tree })
  const trailcase = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, ['build/trailcase.mjs', ...args], { cwd: tree })).stdout
  const saying = (word: string): string => `
    import { readFileSync } from 'node:fs'
    import { where } from '#shared/base/where.ts'
    const own = readFileSync(import.meta.filename, 'utf8')
    console.log(JSON.stringify({ word: '${word}', args: process.argv.slice(2), here: import.meta.dirname, where,
      isOwn: own.startsWith('#!/usr/bin/env node'), version: __TRAILCASE_VERSION__, build: __TRAILCASE_BUILD__ }))
    process.exitCode = 7`

  /** What the command wrote; it ends with 7 to show that its exit code is passed on. */
  const said = async (...args: string[]): Promise<{ code: unknown; answer: Record<string, unknown> }> => {
    try {
      await trailcase(...args)
    } catch (error) {
      const { code, stdout } = error as { code: unknown; stdout: string }
      return { code, answer: JSON.parse(stdout) as Record<string, unknown> }
    }
    throw new Error('the command should have ended with 7')
  }

  beforeAll(() => {
    for (const name of ['build.mjs', 'lock.mjs', 'notices.mjs', 'trailcase.mjs'])
      cpSync(join(root, 'build', name), join(tree, 'build', name))
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(tree, name))
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'junction')
    write('shared/base/where.ts', `export const where = import.meta.url\n`)
    write('electron/cli/trailcase.ts', saying('first'))
    write(
      'renderer/app/index.html',
      '<!doctype html><title>t</title><div id="root"></div><script type="module" src="./main.tsx"></script>',
    )
    write(
      'renderer/app/main.tsx',
      `import { z } from 'zod'\nimport { where } from '#shared/base/where.ts'\ndocument.title = z.string().parse(where)\n`,
    )
  })
  afterAll(() => {
    rmSync(tree, { recursive: true, force: true })
  })

  it('makes one file per process that knows where it lies, and passes arguments and exit code on', async () => {
    const { code, answer } = await said('count', '--json')
    expect(code).toBe(7)
    expect(answer).toMatchObject({ word: 'first', args: ['count', '--json'], here: dirname(cli), isOwn: true })
    expect(answer['where']).toBe(new URL(`file://${cli}`).href)
    expect(answer['version']).toBe(
      (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
    )
    expect(answer['build']).toMatch(/^[0-9a-f]{12}$/)
  })

  it('makes a window of files beside the page', async () => {
    await build()
    expect(readFileSync(join(tree, 'dist/renderer/index.html'), 'utf8')).toMatch(
      /<script type="module" crossorigin src="\.\/assets\/[^"]+\.js">/,
    )
  })

  it('names the packages inside a part, with their licences', async () => {
    await build()
    const notices = readFileSync(join(tree, 'dist/renderer/NOTICES.txt'), 'utf8')
    expect(notices).toMatch(/^zod \d+\.\d+\.\d+ \(MIT\)$/m)
    expect(notices).toContain('Permission is hereby granted, free of charge')
    expect(readFileSync(join(tree, 'dist/node/NOTICES.txt'), 'utf8')).not.toMatch(/^zod /m)
  })

  it('does nothing when nothing changed, and builds again when a source did', async () => {
    await build()
    const before = statSync(cli).ino
    expect((await build()).stderr).toBe('')
    expect(statSync(cli).ino).toBe(before)
    write('electron/cli/trailcase.ts', saying('second'))
    expect((await said()).answer['word']).toBe('second')
  })

  it('builds once when two ask at the same time', async () => {
    write('electron/cli/trailcase.ts', saying('third'))
    const outputs = await Promise.all([build(), build(), build()])
    expect(
      outputs
        .map((output) => output.stderr)
        .join('')
        .match(/built node/g),
    ).toHaveLength(1)
    expect(existsSync(join(tree, '.cache/build.lock'))).toBe(false)
  })

  it('takes over the lock of a process that died', async () => {
    write('electron/cli/trailcase.ts', saying('fourth'))
    // No process has this id: the highest that Linux gives is 4,194,304.
    write('.cache/build.lock', '99999999')
    expect((await said()).answer['word']).toBe('fourth')
  })

  it('keeps the last good build when the next one fails, and says why', async () => {
    await build()
    const good = readFileSync(cli, 'utf8')
    write('electron/cli/trailcase.ts', `import './not-there.ts'`)
    await expect(build()).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining('not-there.ts') as string })
    expect(readFileSync(cli, 'utf8')).toBe(good)
  })
})
