import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cruise, root, type Cruise } from './cruise.ts'

// Reading the whole tree takes some seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Each pair is a file and what it imports: a file of the tree, a package, or a part of Node. */
const forbidden = [
  ['shared/base/a.ts', 'shared/domain/b.ts'],
  ['shared/base/a.ts', 'zod'],
  ['shared/domain/a.ts', 'shared/contract/b.ts'],
  ['shared/domain/a.ts', 'node:fs'],
  ['shared/contract/a.ts', 'electron/engine/queries/b.ts'],
  ['electron/engine/a.ts', 'electron/cli/b.ts'],
  ['electron/engine/queries/a.ts', 'renderer/client/b.ts'],
  ['electron/engine/queries/a.ts', 'sqlite3'],
  ['electron/engine/queries/a.ts', 'electron'],
  ['electron/engine/queries/a.ts', 'node:https'],
  ['electron/engine/reports/a.ts', 'electron/engine/hunts/b.ts'],
  ['electron/engine/integrity/a.ts', 'electron/engine/intake/b.ts'],
  ['electron/engine-host/a.ts', 'electron/cli/b.ts'],
  ['electron/acquire-host/a.ts', 'electron/engine/storage/b.ts'],
  ['electron/main/a.ts', 'electron/engine/storage/b.ts'],
  ['electron/preload/a.ts', 'shared/domain/b.ts'],
  ['renderer/ui/a.ts', 'shared/domain/b.ts'],
  ['renderer/ui/a.ts', 'renderer/client/b.ts'],
  ['renderer/client/a.ts', 'node:fs'],
  ['renderer/features/events/a.ts', 'renderer/features/search/b.ts'],
  ['renderer/features/events/a.ts', 'renderer/app/b.ts'],
  ['renderer/app/a.ts', 'electron/engine/queries/b.ts'],
  ['electron/engine/queries/a.ts', 'a-package-nobody-agreed-to'],
  ['electron/a-new-folder/a.ts', 'shared/base/b.ts'],
] as const

const allowed = [
  ['shared/domain/c.ts', 'shared/base/d.ts'],
  ['shared/contract/c.ts', 'zod'],
  ['electron/engine/storage/c.ts', 'sqlite3'],
  ['electron/engine/queries/c.ts', 'electron/engine/storage/d.ts'],
  ['electron/engine/queries/c.ts', 'node:crypto'],
  ['electron/engine/c.ts', 'electron/engine/reports/d.ts'],
  ['electron/cli/c.ts', 'electron/engine/d.ts'],
  ['electron/web-host/c.ts', 'node:http'],
  ['electron/acquire-host/c.ts', 'electron/engine/acquire/d.ts'],
  ['electron/main/c.ts', 'electron'],
  ['renderer/features/events/c.ts', 'renderer/ui/d.ts'],
  ['renderer/features/events/c.ts', 'renderer/features/events/inner/d.ts'],
  ['renderer/app/c.ts', 'renderer/features/events/d.ts'],
] as const

const packages = ['zod', 'sqlite3', 'electron', 'a-package-nobody-agreed-to']

const isFile = (target: string): boolean => target.endsWith('.ts')

/** A tree of one-line modules, each importing what the pairs say, and the same aliases as ours. */
function writeTree(tree: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text, { flag: 'a' })
  }
  const imports = Object.fromEntries(
    ['electron', 'renderer', 'shared', 'test'].map((name) => [`#${name}/*`, `./${name}/*`]),
  )
  write(
    'package.json',
    JSON.stringify({ type: 'module', imports, dependencies: Object.fromEntries(packages.map((n) => [n, '1'])) }),
  )
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    write(`node_modules/${name}/index.js`, '')
  }
  for (const [from, to] of [...forbidden, ...allowed]) {
    write(from, `import '${isFile(to) ? `#${to}` : to}'\n`)
    if (isFile(to)) write(to, 'export {}\n')
  }
  write('electron/engine/intake/parse-worker.ts', `import './helper.ts'\n`)
  write('electron/engine/intake/helper.ts', `import '#electron/engine/storage/database.ts'\n`)
  write('electron/engine/storage/database.ts', 'export {}\n')
  write('shared/base/one.ts', `import './two.ts'\n`)
  write('shared/base/two.ts', `import './one.ts'\n`)
  write('shared/base/lost.ts', `import './not-there.ts'\n`)
  write('test/some.ts', '')
}

describe('the import walls, on a tree seeded with bad imports', () => {
  const tree = mkdtempSync(join(tmpdir(), 'trailcase-walls-'))
  let found: Cruise
  beforeAll(async () => {
    writeTree(tree)
    found = await cruise(tree)
  })
  afterAll(() => {
    rmSync(tree, { recursive: true, force: true })
  })

  const names = (seen: string, meant: string): boolean =>
    isFile(meant)
      ? seen === meant
      : seen === meant.replace('node:', '') || seen === meant || seen.startsWith(`node_modules/${meant}/`)
  const isRefused = (from: string, to: string): boolean =>
    found.violations.some((v) => v.rule === 'not-in-allowed' && v.from === from && names(v.to, to))

  it.each(forbidden)('refuses that %s imports %s', (from, to) => {
    expect(isRefused(from, to)).toBe(true)
  })

  it.each(allowed)('lets %s import %s', (from, to) => {
    expect(found.files).toContain(from)
    expect(isRefused(from, to)).toBe(false)
  })

  it('refuses that a parse worker reaches the database, however long the way', () => {
    const rule = 'parse-worker-without-storage'
    expect(found.violations.filter((v) => v.rule === rule).map((v) => v.from)).toEqual([
      'electron/engine/intake/parse-worker.ts',
    ])
  })

  it('refuses a cycle and an import that leads nowhere', () => {
    const rules = (from: string): string[] => found.violations.filter((v) => v.from === from).map((v) => v.rule)
    expect(rules('shared/base/one.ts')).toContain('no-cycle')
    expect(rules('shared/base/lost.ts')).toContain('import-resolves')
  })
})

describe('the import walls, on our own tree', () => {
  it('look at every folder and find nothing to refuse', async () => {
    const { files, violations } = await cruise(root)
    for (const folder of ['electron/engine/', 'shared/base/', 'shared/domain/', 'test/architecture/'])
      expect(files.filter((path) => path.startsWith(folder)).length, folder).toBeGreaterThan(0)
    expect(violations).toEqual([])
  })
})
