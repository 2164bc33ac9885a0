import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { isOperationName, type EngineOperationName } from '#shared/contract/contract.ts'
import type { CaseId } from '#shared/contract/common.ts'
import { answer, type Handlers } from '#engine/answer.ts'
import type { Engine } from '#engine/engine.ts'
import { Refusal } from '#engine/refusal.ts'
import { Access } from './access.ts'
import type { Acquisitions } from './acquisitions.ts'
import { grantsIn, type Grants } from './grants.ts'
import { hostHandlers, type HostFacts } from './host-handlers.ts'
import type { RecentCases } from './recent-cases.ts'
import type { Roots } from './roots.ts'
import { securityHeaders } from './security-headers.ts'
import type { Answerer } from './serve-requests.ts'
import { serveSocket } from './socket.ts'
import { pageWithNonce, readWindowFiles, type WindowFile } from './window-files.ts'

export type WebHostSetting = {
  readonly engine: Engine
  readonly grants: Grants
  readonly roots: Roots
  readonly recent: RecentCases
  readonly facts: HostFacts
  /** Given where a person allowed the window to acquire from S3. */
  readonly acquisitions?: Acquisitions
  /** The built window. */
  readonly windowFolder: string
  /** 0: any free port. */
  readonly port: number
  /** How long cases stay open after the last window has gone, so that a reload finds them. Milliseconds. */
  readonly graceMs?: number
  /** Gets bugs, with their stack. */
  readonly log: (error: unknown) => void
}

export type WebHost = {
  readonly port: number
  /** An address with a new one-time token. */
  readonly newAddress: () => string
  readonly close: () => Promise<void>
}

/** The largest message a window may send. Queries are short; nothing in the contract needs more. */
const MOST_BYTES = 4_000_000
const GRACE_MS = 20_000

/** Starts the browser host on 127.0.0.1. @throws Refusal `unreadable` without a window, `denied` when the port is taken. */
export async function startWebHost(setting: WebHostSetting): Promise<WebHost> {
  const files = await readWindowFiles(setting.windowFolder)
  const server = createServer()
  const port = await listen(server, setting.port)
  const access = new Access(port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false })
  const cases = new OpenCases(setting)
  const answerer = answererOf(setting, cases)

  server.on('request', (request, response) => serveFile(request, response, access, files))
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, access, true)
    if (refusal !== undefined || request.url !== '/engine') {
      socket.end(`HTTP/1.1 ${refusal ?? 404} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      cases.windowCame()
      opened.on('close', () => cases.windowWent())
      serveSocket(opened, answerer)
    })
  })
  // A client that breaks the protocol is cut off; it learns nothing.
  server.on('clientError', (_error, socket) => socket.destroy())

  return {
    port,
    newAddress: () => `http://127.0.0.1:${port}/?token=${access.newToken()}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      setting.acquisitions?.close()
      await cases.closeAll()
    },
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Refusal(
          'unreadable',
          `Port ${port} cannot be used (${error.code ?? error.message}). Choose another with --port, or leave it out.`,
        ),
      ),
    )
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** The status with which a request is refused before anything is looked at, or nothing. */
function refusalOf(request: IncomingMessage, access: Access, isSocket: boolean): 401 | 403 | 421 | undefined {
  const { host, origin, cookie } = request.headers
  if (!access.isHost(host)) return 421
  if (isSocket ? !access.isOrigin(origin) : origin !== undefined && !access.isOrigin(origin)) return 403
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate') return 403
  return access.isSession(cookie) ? undefined : 401
}

const words: Readonly<Record<number, string>> = {
  401: 'Open the address that Trailcase printed in the terminal. Each works once; press Enter there for a new one.',
  403: 'This request came from another page.',
  404: 'There is no such file.',
  405: 'Only GET and HEAD.',
  421: 'This host answers only under its own address.',
}

type Page = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

const refused = (status: number): Page => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${words[status] ?? ''}\n`,
})

function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  files: ReadonlyMap<string, WindowFile>,
): void {
  const nonce = randomBytes(18).toString('base64')
  const { status, headers, body } = pageFor(request, access, files, nonce)
  response.writeHead(status, { ...securityHeaders(nonce), ...headers })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function pageFor(
  request: IncomingMessage,
  access: Access,
  files: ReadonlyMap<string, WindowFile>,
  nonce: string,
): Page {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refused(405)
  const refusal = refusalOf(request, access, false)
  const token = tokenOf(request.url)
  if ((refusal === undefined || refusal === 401) && token !== undefined && request.method === 'GET') {
    const cookie = access.redeem(token)
    if (cookie !== undefined) return { status: 303, headers: { location: '/', 'set-cookie': cookie }, body: '' }
    // A used address in a browser that is inside already does no harm; for anyone else it opens nothing.
    if (refusal === undefined) return { status: 303, headers: { location: '/' }, body: '' }
  }
  if (refusal !== undefined) return refused(refusal)
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const file = files.get(path === '/' ? '/index.html' : path)
  if (!file) return refused(404)
  const body = file.type.startsWith('text/html') ? pageWithNonce(file.bytes, nonce) : file.bytes
  return { status: 200, headers: { 'content-type': file.type }, body }
}

/** The token of `/?token=…`; nothing for any other address. */
const tokenOf = (url: string | undefined): string | undefined => /^\/\?token=([\w-]{20,100})$/.exec(url ?? '')?.[1]

/** Every request goes through the contract; grants are checked for their purpose; cases opened here are remembered. */
function answererOf(setting: WebHostSetting, cases: OpenCases): Answerer {
  const { engine, grants, facts, roots, recent, acquisitions } = setting
  const handlers = {
    ...hostHandlers(facts, grants, roots, recent, acquisitions),
    ...engine.handlers,
  } as unknown as Handlers
  return async (name, input, call) => {
    if (isOperationName(name) && !name.startsWith('host.') && !grants.fit(name as EngineOperationName, grantsIn(input)))
      return {
        ok: false,
        code: 'denied',
        message: 'This choice of a file was made for something else. Choose it again.',
      }
    const reply = await answer(handlers, name, input, call, setting.log)
    if (reply.ok) cases.note(reply.value)
    return reply
  }
}

/** The cases that windows of this host opened. They are closed when no window has been there for a while. */
class OpenCases {
  readonly #setting: WebHostSetting
  readonly #ids = new Set<CaseId>()
  #windows = 0
  #timer: NodeJS.Timeout | undefined

  constructor(setting: WebHostSetting) {
    this.#setting = setting
  }

  /** Whatever answer carries a case id is of a case that is open. */
  note(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    if ('caseId' in value) this.#ids.add(value.caseId as CaseId)
    if ('info' in value) this.note(value.info)
  }

  windowCame(): void {
    this.#windows++
    clearTimeout(this.#timer)
  }

  windowWent(): void {
    this.#windows--
    if (this.#windows > 0) return
    this.#timer = setTimeout(() => void this.closeAll(), this.#setting.graceMs ?? GRACE_MS)
    this.#timer.unref()
  }

  async closeAll(): Promise<void> {
    clearTimeout(this.#timer)
    const ids = [...this.#ids]
    this.#ids.clear()
    for (const id of ids) await this.#setting.engine.close(id).catch(this.#setting.log)
  }
}
