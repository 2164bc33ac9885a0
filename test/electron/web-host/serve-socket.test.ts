import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Answerer } from '#electron/web-host/serve-requests.ts'
import { serveSocket } from '#electron/web-host/socket.ts'
import type { FromEngine } from '#shared/contract/wire.ts'

const servers: WebSocketServer[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate()
    server.close()
  }
})

/** A socket pair whose far end answers with `answer`. */
async function pair(
  answer: Answerer,
): Promise<{ socket: WebSocket; heard: FromEngine[]; until: (enough: () => boolean) => Promise<void> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers.push(server)
  server.on('connection', (opened) => serveSocket(opened, answer))
  await once(server, 'listening')
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: FromEngine[] = []
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8')) as FromEngine))
  await once(socket, 'open')
  const until = async (enough: () => boolean) => {
    while (!enough()) await new Promise((done) => setTimeout(done, 5))
  }
  return { socket, heard, until }
}

const ask = (socket: WebSocket, id: number, input: unknown = {}) =>
  socket.send(JSON.stringify({ kind: 'ask', id, name: 'any', input }))
const whenStopped = (signal: AbortSignal) =>
  new Promise<{ ok: false; code: 'cancelled'; message: string }>((resolve) =>
    signal.addEventListener('abort', () => resolve({ ok: false, code: 'cancelled', message: 'Stopped.' })),
  )

describe('requests on one socket', () => {
  it('refuses a number that is in use, and more than 200 at once', async () => {
    const { socket, heard, until } = await pair((_name, _input, { signal }) => whenStopped(signal))
    for (let id = 1; id <= 200; id++) ask(socket, id)
    ask(socket, 7)
    ask(socket, 201)
    await until(() => heard.length === 2)
    expect(heard).toMatchObject([
      { kind: 'failed', id: 7, failure: { code: 'bad-input' } },
      { kind: 'failed', id: 201, failure: { code: 'denied' } },
    ])
  })

  it('gives a number free once its answer is sent', async () => {
    const { socket, heard, until } = await pair(() => Promise.resolve({ ok: true, value: 1 }))
    ask(socket, 1)
    await until(() => heard.length === 1)
    ask(socket, 1)
    await until(() => heard.length === 2)
    expect(heard.map((message) => message.kind)).toEqual(['done', 'done'])
  })

  it('cancels one request and leaves the other', async () => {
    const { socket, heard, until } = await pair((_name, _input, { signal }) => whenStopped(signal))
    ask(socket, 1)
    ask(socket, 2)
    socket.send(JSON.stringify({ kind: 'cancel', id: 2 }))
    await until(() => heard.length === 1)
    expect(heard).toMatchObject([{ kind: 'failed', id: 2, failure: { code: 'cancelled' } }])
  })

  it('tells the work to stop when the socket closes', async () => {
    let stopped = 0
    const { socket, until } = await pair(async (_name, _input, { signal }) => {
      const failure = await whenStopped(signal)
      stopped++
      return failure
    })
    for (let id = 0; id < 5; id++) ask(socket, id)
    socket.ping()
    await once(socket, 'pong')
    socket.terminate()
    await until(() => stopped === 5)
    expect(stopped).toBe(5)
  })

  it('stops reading and drops progress while the window does not keep up, and still delivers every answer', async () => {
    const large = 'x'.repeat(1_000_000)
    let told = 0
    const { socket, heard, until } = await pair((_name, _input, { progress }) => {
      for (let n = 0; n < 10; n++) {
        told++
        progress(large)
      }
      return Promise.resolve({ ok: true, value: large })
    })
    socket.pause()
    for (let id = 0; id < 20; id++) ask(socket, id)
    await until(() => told >= 10)
    socket.resume()
    await until(() => heard.filter((message) => message.kind === 'done').length === 20)
    expect(heard.filter((message) => message.kind === 'progress').length).toBeLessThan(told)
  })
})
