// Runs before `npm start` and `npm test`, so also on a fresh clone where nothing is installed yet: plain Node only.
// Installs what package-lock.json names, makes sure that SQLite's binary loads, and with --with-browser that a
// Chromium is there for the journeys. Says one line about each thing it does, nothing when all is well.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './find-chromium.mjs'

const root = join(import.meta.dirname, '..')
const say = (line) => process.stderr.write(`trailcase: ${line}\n`)

/** Ends with a message that says what to do, without a stack trace. */
function stop(line) {
  say(line)
  process.exit(1)
}

function run(command, args, env = {}) {
  // Stdout belongs to the command that the person asked for.
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } }).status === 0
}

/** npm as it was started; `npm_execpath` is npm's own script, which spares us the shell that Windows needs for `npm.cmd`. */
function npm(args, env) {
  const own = process.env.npm_execpath
  return own?.endsWith('.js') ? run(process.execPath, [own, ...args], env) : run('npm', args, env)
}

/** npm notes what it installed in node_modules/.package-lock.json; every package that the lock asks for must be there. */
function installedAsLocked() {
  const notes = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(notes)) return false
  const installed = JSON.parse(readFileSync(notes, 'utf8')).packages ?? {}
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) => path === '' || optional || link || installed[path]?.version === version,
  )
}

/** Asked in a process of its own: a binary for another system can end the process that loads it. */
const sqliteLoads = () =>
  spawnSync(process.execPath, ['-e', "require('sqlite3')"], { cwd: root, stdio: 'ignore' }).status === 0

/** Installs Debian packages as root or through sudo that asks nothing. */
function aptInstall(...packages) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return false
  const isRoot = process.getuid?.() === 0
  const apt = (...args) =>
    isRoot
      ? run('apt-get', args, { DEBIAN_FRONTEND: 'noninteractive' })
      : run('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args])
  say(`installing ${packages.join(', ')} with apt-get`)
  return apt('-q', 'update') && apt('-q', 'install', '-y', '--no-install-recommends', ...packages)
}

const hasCompiler = () =>
  ['make', 'g++', 'python3'].every((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0)

function ensurePackages() {
  if (installedAsLocked()) return
  say('installing the packages of package-lock.json (npm ci, a minute or two)')
  // Without scripts: the only one we need builds SQLite, and ensureSqlite can say what is wrong where npm would undo everything.
  if (!npm(['ci', '--ignore-scripts', '--loglevel=error']))
    stop(
      'npm ci failed. The lines above say why; it needs the npm registry or a mirror of it (npm config set registry …).',
    )
}

function ensureSqlite() {
  if (sqliteLoads()) return
  // The published binary wants a newer glibc than Debian 12 has, so SQLite is compiled for this machine.
  say('compiling SQLite for this machine (about a minute)')
  if (!hasCompiler() && !aptInstall('build-essential', 'python3'))
    stop(
      'SQLite must be compiled and make, g++ or python3 is missing. Install them (Debian: apt-get install build-essential python3) and try again.',
    )
  if (!npm(['rebuild', 'sqlite3', '--loglevel=error'], { npm_config_build_from_source: 'true' }) || !sqliteLoads())
    stop('SQLite could not be compiled. The lines above say why.')
}

function ensureBrowser() {
  if (findChromium()) return
  if (aptInstall('chromium', 'fonts-dejavu-core') && findChromium()) return
  stop(
    'no Chromium found for the journeys. Install it (Debian: apt-get install chromium) or set TRAILCASE_CHROMIUM to its path, then try again.',
  )
}

ensurePackages()
ensureSqlite()
if (process.argv.includes('--with-browser')) ensureBrowser()
