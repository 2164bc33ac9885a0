import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser } from 'playwright-core'
import { openPage, type PageOptions, type WatchedPage } from './browser.ts'

const trailcase = join(import.meta.dirname, '../../dist/node/trailcase.cjs')

/** Whether the program and its window are built; `npm run journeys` builds them first. */
export const isBuilt = existsSync(trailcase) && existsSync(join(import.meta.dirname, '../../dist/renderer/index.html'))

export type RunningHost = {
  /** An empty folder of this test; also the only folder that the picker shows, as `root`. */
  readonly folder: string
  /** The one-time address. Spent by the first page; later pages of the same browser context need none. */
  readonly address: string
  /** Opens a page in a context of its own with the one-time address. Once per host. */
  readonly open: (browser: Browser, options?: PageOptions) => Promise<WatchedPage>
  /** Ends the host as Ctrl-C does. */
  readonly stop: () => Promise<void>
  /** Ends it without warning, as a crash does. */
  readonly kill: () => Promise<void>
  /** Stops and removes the folder. */
  readonly close: () => Promise<void>
}

export type HostOptions = {
  /** From `newFolder()`, with what the test has put there; made new if left out. */
  readonly folder?: string
  /** The case to open at once. */
  readonly case?: string
  readonly examiner?: string
  readonly port?: number
  /** Whether the window may acquire from S3. */
  readonly acquires?: boolean
}

/** A folder with the `root` that the picker will show and a `home` for the person's own data. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-journey-'))
  mkdirSync(join(folder, 'root'))
  mkdirSync(join(folder, 'home'))
  return folder
}

/** Starts the real browser host on a folder of its own: what a person gets with `trailcase serve`. */
export async function startHost(options: HostOptions = {}): Promise<RunningHost> {
  const folder = options.folder ?? newFolder()
  const home = join(folder, 'home')
  const args = [
    'serve',
    ...(options.case === undefined ? [] : [options.case]),
    '--no-open',
    '--root',
    join(folder, 'root'),
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    ...(options.acquires === true ? ['--acquire'] : []),
    ...(options.examiner === undefined ? [] : ['--examiner', options.examiner]),
  ]
  const child = start(args, home, folder)
  const address = await firstLine(child)
  const end = (signal: NodeJS.Signals) => ended(child, signal)
  return {
    folder,
    address,
    open: (browser, pageOptions) => openPage(browser, address, pageOptions),
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    close: async () => {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs one command of the command line to its end, with the same home folder as `startHost` of that folder. */
export async function runTrailcase(
  folder: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string }> {
  const home = join(folder, 'home')
  const child = start(args, home, folder)
  let stdout = ''
  child.stdout?.on('data', (part: Buffer) => (stdout += part.toString('utf8')))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, stdout }
}

function start(args: readonly string[], home: string, cwd: string): ChildProcess {
  return spawn(process.execPath, [trailcase, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: join(home, 'data'), TMPDIR: tmpdir() },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function firstLine(child: ChildProcess): Promise<string> {
  const stdout = child.stdout
  if (!stdout) throw new Error('This should not happen: the host was started without a pipe')
  let said = ''
  child.stderr?.on('data', (part: Buffer) => (said += part.toString('utf8')))
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`The host ended with ${String(code)}: ${said}`)))
  })
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill(signal)
  })
}
