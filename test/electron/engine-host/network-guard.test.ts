import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const { bundleForNode } = (await import(join(root, 'build/build.mjs'))) as {
  bundleForNode: (entry: string, folder: string) => Promise<string>
}

/** Each line is a way out. `open` is a server of the test's own that is there to be reached. */
const ways = [
  `net.connect(port, '127.0.0.1')`,
  `new net.Socket().connect(port, '127.0.0.1')`,
  `net.createServer()`,
  `new net.Server().listen(0)`,
  `tls.connect(port, '127.0.0.1')`,
  `http.get('http://127.0.0.1:' + port)`,
  `http.request('http://127.0.0.1:' + port).end()`,
  `https.get('https://127.0.0.1:' + port)`,
  `http2.connect('http://127.0.0.1:' + port)`,
  `dgram.createSocket('udp4')`,
  `dns.lookup('localhost', () => {})`,
  `dns.resolve('localhost', () => {})`,
  `dns.promises.lookup('localhost')`,
  `new dns.Resolver().resolve4('localhost', () => {})`,
  `await fetch('http://127.0.0.1:' + port)`,
  `require('node:child_process').spawn('true')`,
  `require('node:child_process').execFileSync('true')`,
]

const script = (guard: string | undefined): string => `
  const names = ['net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns']
  const [net, tls, http, https, http2, dgram, dns] = names.map((name) => require('node:' + name))
  const server = net.createServer((socket) => { connections++; socket.destroy() })
  let connections = 0
  server.listen(0, '127.0.0.1', async () => {
    const { port } = server.address()
    ${guard === undefined ? '' : `require(${JSON.stringify(guard)}).forbidNetwork()`}
    process.on('uncaughtException', () => {})
    process.on('unhandledRejection', () => {})
    const outcomes = []
    for (const way of ${JSON.stringify(ways)}) {
      try {
        await new Function('net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns', 'port', 'require', 'return (async () => { ' + way + ' })()')(net, tls, http, https, http2, dgram, dns, port, require)
        outcomes.push('went through')
      } catch (error) { outcomes.push(error.message) }
    }
    setTimeout(() => { console.log(JSON.stringify({ outcomes, connections })); process.exit(0) }, 200)
  })`

describe('the engine process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-guard-'))
  let guard: string
  beforeAll(async () => {
    guard = await bundleForNode('electron/engine-host/network-guard.ts', folder)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const run = (guarded: boolean): { outcomes: string[]; connections: number } =>
    JSON.parse(
      execFileSync(process.execPath, ['-e', script(guarded ? guard : undefined)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    )

  it('has no network and starts no programs: every way throws', () => {
    const { outcomes, connections } = run(true)
    expect(outcomes).toHaveLength(ways.length)
    for (const [n, outcome] of outcomes.entries())
      expect(outcome, ways[n]).toMatch(/^The engine has no network and starts no programs: \S+ was called\.$/)
    expect(connections).toBe(0)
  })

  it('would reach the server without the guard, so the test looks at the right thing', () => {
    expect(run(false).connections).toBeGreaterThan(3)
  })

  const worker = join(root, 'dist/node/parse-worker.cjs')
  it.skipIf(!existsSync(worker))('names no part of the network in the parse worker, which has its own modules', () => {
    const text = readFileSync(worker, 'utf8')
    const network = /require\("(?:node:)?(net|tls|https?|http2|dns|dgram|child_process)(?:\/[^"]*)?"\)/
    expect(text).toContain('require("node:worker_threads")')
    expect(network.exec(text)?.[0]).toBeUndefined()
    expect(/\b(fetch|WebSocket|EventSource)\(/.exec(text)?.[0]).toBeUndefined()
  })
})
