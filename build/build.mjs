// Builds what runs: dist/node/*.cjs, one file per process, and dist/renderer, the window.
//
//   npm run build [-- --only node|renderer]
//
// Other scripts call ensureBuilt(): it compares a hash of the sources with the stamp beside the last build and does
// nothing (some milliseconds) when they agree. Each part is built in .cache and moved into place, so a build that
// fails leaves the last good one whole.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { withLock } from './lock.mjs'
import { moduleCollector, writeNotices } from './notices.mjs'

const root = join(import.meta.dirname, '..')

/** One CommonJS file per process. An entry whose source is not in the tree is not built. */
const nodeEntries = [
  'electron/cli/trailcase.ts',
  'electron/engine/intake/parse-worker.ts',
  'electron/engine-host/engine-host.ts',
  'electron/acquire-host/acquire-host.ts',
  'electron/main/main.ts',
  'electron/preload/preload.ts',
]
const page = 'renderer/app/index.html'

/** The fonts of printed reports, copied to dist/node/fonts as plain files (electron/engine/reports/report-fonts.ts reads them). */
const reportFonts = [
  'noto-sans/400Regular/NotoSans_400Regular.ttf',
  'noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf',
  'noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  'jetbrains-mono/400Regular/JetBrainsMono_400Regular.ttf',
].map((path) => `node_modules/@expo-google-fonts/${path}`)

/** What stays outside the bundles: Electron is the program around us, sqlite3 is a binary. */
const external = ['electron', 'sqlite3']

const makers = { node: buildNode, renderer: buildRenderer }
// The manual of the window is read from these documents.
const documents = ['README.md', 'electron/cli/README.md', 'electron/cli/OPERATIONS.md']
const made = { node: ['electron'], renderer: ['renderer', ...documents] }
const madeOfToo = ['shared', 'package.json', 'package-lock.json', 'build/build.mjs', 'build/notices.mjs']

/** Builds the named parts (`node`, `renderer`; both if not said) whose sources changed since their last build. */
export async function ensureBuilt(parts = Object.keys(makers)) {
  if (parts.every(isCurrent)) return
  await withLock(join(root, '.cache/build.lock'), async () => {
    // Asked again: whoever held the lock may have built it.
    for (const part of parts) if (!isCurrent(part)) await build(part)
  })
}

/** The same for a command: a build that fails ends it with what the builder said. */
export async function ensureBuiltOrExit(parts) {
  try {
    await ensureBuilt(parts)
  } catch (error) {
    process.stderr.write(`trailcase: the build failed\n${error.message}\n`)
    process.exit(3)
  }
}

/** `<hash of the sources> <commit>`, as it would be written now. */
const stampOf = (part) => `${hashOf([...made[part], ...madeOfToo])} ${git('rev-parse', 'HEAD')}`
const stampFile = (part) => join(root, 'dist', `${part}.stamp`)
const isCurrent = (part) =>
  existsSync(join(root, 'dist', part)) &&
  existsSync(stampFile(part)) &&
  readFileSync(stampFile(part), 'utf8') === stampOf(part)

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(filesUnder)) hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

function filesUnder(path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`))
}

/** What git says; nothing where there is no git or no repository (a source archive). */
function git(...args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

async function build(part) {
  const started = performance.now()
  const stamp = stampOf(part)
  const fresh = join(root, '.cache', `build-${part}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const modules = new Set()
  await makers[part](fresh, definesFor(stamp), modules)
  writeNotices(modules, fresh)
  moveIntoPlace(fresh, join(root, 'dist', part))
  writeFileSync(stampFile(part), stamp)
  process.stderr.write(`trailcase: built ${part} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}

function moveIntoPlace(fresh, place) {
  const old = `${fresh}-old`
  mkdirSync(join(root, 'dist'), { recursive: true })
  rmSync(old, { recursive: true, force: true })
  if (existsSync(place)) renameSync(place, old)
  renameSync(fresh, place)
  rmSync(old, { recursive: true, force: true })
}

/**
 * The constants that the code can name. They say which sources these are, and never when they were built, so that the
 * same commit gives the same bytes. `…-modified` is a build from a tree that differs from its commit.
 */
function definesFor(stamp) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const commit = git('rev-parse', '--short=12', 'HEAD') || 'unknown'
  const modified = git('status', '--porcelain', '--', 'electron', 'renderer', ...madeOfToo) !== ''
  return {
    __TRAILCASE_VERSION__: JSON.stringify(version),
    __TRAILCASE_COMMIT__: JSON.stringify(modified ? `${commit}-modified` : commit),
    __TRAILCASE_BUILD__: JSON.stringify(stamp.slice(0, 12)),
    'process.env.NODE_ENV': '"production"',
    // ws asks for two optional helpers; Vite would give it empty ones, and messages of 32 bytes and more would fail.
    'process.env.WS_NO_BUFFER_UTIL': '"1"',
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  }
}

/** Like `buildRenderer`: fills `outDir`, and adds to `modules` every file that went into it. */
async function buildNode(outDir, define, modules) {
  for (const entry of nodeEntries.filter((path) => existsSync(join(root, path))))
    await bundleForNode(entry, outDir, define, [moduleCollector(modules)])
  const cli = join(outDir, 'trailcase.cjs')
  if (existsSync(cli)) chmodSync(cli, 0o755)
  mkdirSync(join(outDir, 'fonts'))
  for (const font of reportFonts) {
    copyFileSync(join(root, font), join(outDir, 'fonts', basename(font)))
    modules.add(join(root, font))
  }
}

/** Bundles one entry and all it imports into `outDir/<name>.cjs`; returns that path. */
export async function bundleForNode(entry, outDir, define = definesFor(hashOf([entry])), plugins = []) {
  const vite = await import('vite')
  const name = basename(entry).replace(/\.\w+$/, '')
  await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    define,
    plugins,
    // Everything goes into the file but Electron and SQLite: an installed Trailcase has no other node_modules.
    ssr: { noExternal: true, external },
    build: {
      ssr: join(root, entry),
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        external: [...builtinModules, /^node:/, ...external],
        output: {
          format: 'cjs',
          entryFileNames: `${name}.cjs`,
          codeSplitting: false,
          ...(name === 'trailcase' ? { banner: '#!/usr/bin/env node' } : {}),
        },
      },
    },
  })
  return join(outDir, `${name}.cjs`)
}

/**
 * The window, for a strict content security policy: no inline script, no polyfill, every asset a file of its own
 * (no `data:`). Addresses are relative, so the same files serve `app://` and the browser host.
 */
async function buildRenderer(outDir, define, modules) {
  if (!existsSync(join(root, page))) return
  const [vite, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
  // Whoever builds (a test runner sets NODE_ENV to `test`): the window is always the one that is shipped.
  process.env.NODE_ENV = 'production'
  await vite.build({
    mode: 'production',
    root: join(root, 'renderer/app'),
    base: './',
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define,
    plugins: [react(), moduleCollector(modules)],
    build: {
      outDir,
      emptyOutDir: false,
      sourcemap: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // One window on a local disk: a large file costs nothing that a warning could save.
      chunkSizeWarningLimit: 4_000,
    },
  })
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { only: { type: 'string' } } })
  if (values.only !== undefined && !(values.only in makers)) {
    process.stderr.write(`trailcase: --only takes ${Object.keys(makers).join(' or ')}\n`)
    process.exit(2)
  }
  await ensureBuiltOrExit(values.only ? [values.only] : undefined)
}
