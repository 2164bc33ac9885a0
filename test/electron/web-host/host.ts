import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { Engine } from '#engine/engine.ts'
import { Grants } from '#electron/web-host/grants.ts'
import { RecentCases } from '#electron/web-host/recent-cases.ts'
import { Roots } from '#electron/web-host/roots.ts'
import { startWebHost, type WebHost } from '#electron/web-host/start-web-host.ts'
import { connect } from '#shared/contract/client.ts'
import type { Ask, Failure } from '#shared/contract/contract.ts'
import type { FromEngine } from '#shared/contract/wire.ts'
import { root } from '#test/architecture/cruise.ts'

/** A browser host on a folder of its own, with the real engine behind it. */
export type TestHost = {
  readonly host: WebHost
  readonly grants: Grants
  /** The granted root; the world outside it is `folder`. */
  readonly rootFolder: string
  readonly folder: string
  readonly bugs: unknown[]
  readonly close: () => Promise<void>
}

export async function startTestHost(
  options: { graceMs?: number; startCase?: string; startPackage?: string } = {},
): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-host-'))
  const windowFolder = join(folder, 'window')
  const rootFolder = join(folder, 'granted')
  mkdirSync(join(windowFolder, 'assets'), { recursive: true })
  mkdirSync(rootFolder)
  writeFileSync(
    join(windowFolder, 'index.html'),
    '<!doctype html><html><head><title>Window</title></head><body></body></html>',
  )
  writeFileSync(join(windowFolder, 'assets/app.js'), 'globalThis.started = true')
  writeFileSync(join(windowFolder, 'secret.key'), 'not for the window')
  writeFileSync(join(folder, 'outside.txt'), 'outside')

  const grants = new Grants()
  const recent = new RecentCases(join(folder, 'data/recent-cases.json'))
  const now = () => Date.now()
  const engine = new Engine(
    {
      now,
      workerPath: join(root, 'dist/node/parse-worker.cjs'),
      version: '0.0.0',
      commit: 'test',
      temporaryFolder: folder,
    },
    {
      spend: (grant) => grants.spend(grant),
      opened: (path, title, number) => void recent.note(path, title, number, now()),
    },
  )
  const bugs: unknown[] = []
  const host = await startWebHost({
    engine,
    grants,
    recent,
    roots: await Roots.of([rootFolder]),
    facts: {
      version: '0.0.0',
      commit: 'test',
      startCase: options.startCase ?? null,
      startPackage: options.startPackage ?? null,
      examiner: null,
    },
    windowFolder,
    port: 0,
    ...(options.graceMs !== undefined && { graceMs: options.graceMs }),
    log: (error) => bugs.push(error),
  })
  return {
    host,
    grants,
    rootFolder,
    folder,
    bugs,
    close: async () => {
      await host.close()
      await engine.closeAll()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

/** One HTTP request with exactly these headers; unlike `fetch` it lets a test lie about Host and leaves `..` in the path. */
export function get(
  host: WebHost,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: host.port, path, method, headers: { host: `127.0.0.1:${host.port}`, ...headers } },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

/** Spends a fresh token; gives the session cookie as a `cookie` header. */
export async function logIn(host: WebHost): Promise<string> {
  const { pathname, search } = new URL(host.newAddress())
  const { headers } = await get(host, pathname + search)
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

export type TestWindow = { readonly ask: Ask; readonly socket: WebSocket; readonly close: () => Promise<void> }

/** A socket as the window opens it. */
export async function openSocket(host: WebHost, cookie: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/engine`, {
    headers: { cookie, origin: `http://127.0.0.1:${host.port}` },
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** A window that can ask. */
export async function openWindow(host: WebHost, cookie?: string): Promise<TestWindow> {
  const socket = await openSocket(host, cookie ?? (await logIn(host)))
  const client = connect((message) => socket.send(JSON.stringify(message)))
  socket.on('message', (data: Buffer) => client.receive(JSON.parse(data.toString('utf8')) as FromEngine))
  const gone: Failure = { ok: false, code: 'unreadable', message: 'gone' }
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      client.fail(gone)
      resolve()
    })
  })
  return {
    ask: client.ask,
    socket,
    close: () => {
      socket.close()
      return closed
    },
  }
}

/** The status with which an upgrade is refused, or 101. */
export function upgradeStatus(
  host: WebHost,
  headers: Readonly<Record<string, string>>,
  path = '/engine',
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('open', () => {
      resolve(101)
      socket.close()
    })
  })
}
