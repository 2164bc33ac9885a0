import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
// Packing takes some seconds, twice.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

type Node = {
  readonly files?: Record<string, Node>
  readonly size?: number
  readonly offset?: string
  readonly unpacked?: boolean
}

/**
 * The files of an app.asar: path -> bytes, undefined for those that lie unpacked beside it.
 *
 *   | 4 | header size | … | JSON length | JSON, padded | file bytes, at their offsets … |
 */
function readAsar(file: string): Map<string, Buffer | undefined> {
  const archive = readFileSync(file)
  const start = 8 + archive.readUInt32LE(4)
  const header = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as Node
  const found = new Map<string, Buffer | undefined>()
  const walk = (node: Node, path: string): void => {
    for (const [name, child] of Object.entries(node.files ?? {})) walk(child, path === '' ? name : `${path}/${name}`)
    if (node.files) return
    const from = start + Number(node.offset)
    found.set(path, node.unpacked ? undefined : archive.subarray(from, from + (node.size ?? 0)))
  }
  walk(header, '')
  return found
}

/** Electron's folder in outline: a program that carries the fuse wire (eight fuses, all on) and the files that packing expects. */
function writeStandIn(folder: string): void {
  const wire = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u000811111111'
  mkdirSync(join(folder, 'locales'), { recursive: true })
  mkdirSync(join(folder, 'resources'))
  writeFileSync(join(folder, 'electron'), `stand-in ${wire}`, { mode: 0o755 })
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak'])
    writeFileSync(join(folder, name), '')
}

/** Opens the sample investigation in the packed engine's process and prints the answer. */
const engineInOutline = `
  const { EventEmitter } = require('node:events')
  const main = Object.assign(new EventEmitter(), {
    postMessage: ({ kind }) => kind === 'ready' && main.emit('message', { data: { kind: 'window' }, ports: [port] }),
  })
  const port = Object.assign(new EventEmitter(), {
    start: () => setImmediate(() => port.emit('message', { data: JSON.stringify({ kind: 'ask', id: 1, name: 'cases.openSample', input: {} }), ports: [] })),
    close: () => undefined,
    postMessage: (text) => {
      if (!['done', 'failed'].includes(JSON.parse(text).kind)) return
      require('node:fs').writeSync(1, text)
      main.emit('message', { data: { kind: 'stop' }, ports: [] })
    },
  })
  process.parentPort = main
  process.argv.splice(1, 0, 'engine-host')
  require('./dist/node/engine-host.cjs')`

describe.skipIf(process.platform !== 'linux')('what electron-builder packs', () => {
  const work = mkdtempSync(join(tmpdir(), 'trailcase-packed-'))
  const pack = async (name: string): Promise<string> => {
    const options = ['--linux', '--dir', '--config', 'build/electron-builder.json']
    const places = [`-c.electronDist=${join(work, 'electron')}`, `-c.directories.output=${join(work, name)}`]
    await run(process.execPath, ['node_modules/electron-builder/cli.js', ...options, ...places], { cwd: root })
    return join(work, name, 'linux-unpacked')
  }
  let app: string
  let files: Map<string, Buffer | undefined>

  beforeAll(async () => {
    writeStandIn(join(work, 'electron'))
    app = await pack('first')
    files = readAsar(join(app, 'resources/app.asar'))
  })
  afterAll(() => {
    rmSync(work, { recursive: true, force: true })
  })

  it('is the bundles, SQLite with its two helpers, and nothing else', () => {
    const packages = [...files.keys()]
      .filter((path) => path.startsWith('node_modules/'))
      .map((path) => path.split('/')[1])
    expect([...new Set(packages)].sort()).toEqual(['bindings', 'file-uri-to-path', 'sqlite3'])
    const rest = [...files.keys()].filter((path) => !/^(node_modules|dist\/(node|renderer))\//.test(path))
    expect(rest.sort()).toEqual(['LICENSE', 'package.json'])
    expect([...files.keys()].filter((path) => /\.(map|ts|tsx|cc|gyp|o)$/.test(path))).toEqual([])
  })

  it('holds no updater', () => {
    const code = [...files].filter(([path]) => path.startsWith('dist/') && /\.(c?js)$/.test(path))
    for (const [path, bytes] of code) expect(bytes?.includes('electron-updater'), path).toBe(false)
    expect([...files.keys()].filter((path) => path.includes('app-update.yml'))).toEqual([])
  })

  it('sets the fuses: no Node mode, no options from outside, only the packed application', () => {
    const program = readFileSync(join(app, 'trailcase'), 'latin1')
    const wire = /dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX[^]{2}([01r]{8})/.exec(program)?.[1]
    // Run as Node, cookie encryption, NODE_OPTIONS, inspect, asar integrity, only asar, browser snapshot (as it came), file privileges.
    expect(wire).toMatch(/^010011[01]0$/)
  })

  it('is the same, byte for byte, when packed again', async () => {
    const again = await pack('second')
    const archive = (folder: string): Buffer => readFileSync(join(folder, 'resources/app.asar'))
    expect(archive(again).equals(archive(app))).toBe(true)
  })

  it('runs from its archive: SQLite answers, and so do the command line and the engine of the window', async () => {
    const out = join(work, 'extracted')
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(out, path)), { recursive: true })
      if (bytes) writeFileSync(join(out, path), bytes)
      else cpSync(join(app, 'resources/app.asar.unpacked', path), join(out, path))
    }
    const ask = `const { Database } = require('sqlite3'); new Database(':memory:').get('select 6 * 7 as n', (e, row) => console.log(e ?? row.n))`
    expect((await run(process.execPath, ['-e', ask], { cwd: out })).stdout).toBe('42\n')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(existsSync(join(out, 'dist/node/trailcase.cjs'))).toBe(true)
    const trailcase = async (...args: string[]): Promise<string> =>
      (await run(process.execPath, ['dist/node/trailcase.cjs', ...args], { cwd: out })).stdout
    expect(await trailcase('--version')).toContain(version)
    evidence('09:00 alice ConsoleLogin\n09:05 alice StopLogging').writeTo(join(work, 'evidence'))
    const file = join(work, 'packed.trailcase')
    await trailcase('import', file, join(work, 'evidence'), '--examiner', 'A. Rossi', '--json')
    expect(JSON.parse(await trailcase('count', file, '--by', 'eventName', '--json'))).toMatchObject({ total: 2 })

    // The engine's process, with a main and a window that only pass texts on.
    const sample = await run(
      process.execPath,
      ['-e', engineInOutline, JSON.stringify({ version, commit: 'abc', temporaryFolder: work })],
      {
        cwd: out,
        env: { ...process.env, XDG_DATA_HOME: work, HOME: work },
      },
    )
    expect(JSON.parse(sample.stdout)).toMatchObject({ kind: 'done', value: { events: 4489 } })
  })
})
