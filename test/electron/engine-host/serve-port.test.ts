import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connect } from '#shared/contract/client.ts'
import type { FromEngine } from '#shared/contract/wire.ts'
import { answer, type Handlers } from '#engine/answer.ts'
import type { Answerer } from '#electron/web-host/serve-requests.ts'
import { servePort } from '#electron/engine-host/serve-port.ts'
import { fakeChannel, type FakePort } from '#test/fixtures/fake-electron.ts'

const settle = async (): Promise<void> => {
  for (let n = 0; n < 5; n++) await new Promise((done) => setImmediate(done))
}

function serve(answerer: Answerer) {
  const { port1, port2 } = fakeChannel()
  let gone = false
  const stop = servePort(port1, answerer, () => (gone = true))
  const client = connect((message) => port2.postMessage(JSON.stringify(message)))
  const heard: FromEngine[] = []
  port2.onmessage = ({ data }) => {
    const message = JSON.parse(data as string) as FromEngine
    heard.push(message)
    client.receive(message)
  }
  return { ask: client.ask, window: port2, engine: port1, heard, stop, isGone: () => gone }
}

/** Waits for its signal, then answers that it was stopped. */
const untilStopped: Answerer = (_name, _input, { signal, progress }) =>
  new Promise((resolve) => {
    progress({ seconds: 1 })
    signal.addEventListener('abort', () => resolve({ ok: false, code: 'cancelled', message: 'Stopped.' }))
  })

const send = (port: FakePort, message: unknown): void =>
  port.postMessage(typeof message === 'string' ? message : JSON.stringify(message))

describe('a window served over a port', () => {
  it('gets answers, progress and coded failures', async () => {
    const { ask, heard } = serve((name, _input, { progress }) => {
      progress({ seconds: 2 })
      return Promise.resolve(
        name === 'host.recent' ? { ok: true, value: { cases: [] } } : { ok: false, code: 'denied', message: 'No.' },
      )
    })
    expect(await ask('host.recent', {})).toEqual({ ok: true, value: { cases: [] } })
    expect(await ask('host.describe', {})).toEqual({ ok: false, code: 'denied', message: 'No.' })
    expect(heard.filter((message) => message.kind === 'progress')).toHaveLength(2)
  })

  it('stops a request that is cancelled, and no other', async () => {
    const { ask } = serve(untilStopped)
    const controller = new AbortController()
    const stopped = ask('host.recent', {}, { signal: controller.signal })
    let other = 'open'
    void ask('host.describe', {}).then(() => (other = 'ended'))
    await settle()
    controller.abort()
    expect(await stopped).toMatchObject({ code: 'cancelled' })
    expect(other).toBe('open')
  })

  it('stops everything when the window has gone', async () => {
    const signals: AbortSignal[] = []
    const { window, isGone } = serve((name, input, call) => {
      signals.push(call.signal)
      return untilStopped(name, input, call)
    })
    send(window, { kind: 'ask', id: 1, name: 'a', input: {} })
    send(window, { kind: 'ask', id: 2, name: 'b', input: {} })
    await settle()
    window.close()
    await settle()
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true])
    expect(isGone()).toBe(true)
  })

  it('waits for the last request to end before it says that it has stopped', async () => {
    let release: (() => void) | undefined
    const { window, stop } = serve(() => new Promise((resolve) => (release = () => resolve({ ok: true, value: null }))))
    send(window, { kind: 'ask', id: 1, name: 'a', input: {} })
    await settle()
    let hasStopped = false
    void stop().then(() => (hasStopped = true))
    await settle()
    expect(hasStopped).toBe(false)
    release?.()
    await settle()
    expect(hasStopped).toBe(true)
  })

  it('refuses a number that is in use, and more requests at once than a window has', async () => {
    const { window, heard } = serve(untilStopped)
    for (let id = 0; id < 201; id++) send(window, { kind: 'ask', id, name: 'a', input: {} })
    send(window, { kind: 'ask', id: 0, name: 'a', input: {} })
    await settle()
    const failures = heard.flatMap((message) => (message.kind === 'failed' ? [[message.id, message.failure.code]] : []))
    expect(failures).toEqual([
      [200, 'denied'],
      [0, 'bad-input'],
    ])
  })

  it('cuts off a window that sends a message of 4 MB', async () => {
    const { window, engine, isGone } = serve(untilStopped)
    send(window, 'x'.repeat(4_000_001))
    await settle()
    expect(isGone()).toBe(true)
    expect(engine.isClosed).toBe(true)
  })

  it('is not harmed by 10,000 malformed messages', async () => {
    let asked = 0
    const handlers = { 'host.recent': () => Promise.resolve({ asked: ++asked }) } as Handlers
    const bugs: unknown[] = []
    const { window, heard } = serve((name, input, call) =>
      answer(handlers, name, input, call, (error) => bugs.push(error)),
    )
    const kind = fc.constantFrom('ask', 'cancel', 'done', '__proto__', 7, null)
    const name = fc.oneof(
      fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty', 'cases.open', 'sources.import'),
      fc.string(),
    )
    const id = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null), fc.constant({}))
    const message = fc.oneof(
      fc.record({ kind, id, name, input: fc.anything() }, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
      fc.string().map((text) => `{"kind":"ask","id":1,"name":"host.describe","input":${text}`),
    )
    for (const text of fc.sample(message, { numRuns: 9_990, seed: 1 })) window.postMessage(text)
    for (const value of [
      undefined,
      null,
      1,
      true,
      [],
      {},
      new Uint8Array(3),
      { kind: 'ask', id: 1 },
      Number.NaN,
      new Map(),
    ])
      window.postMessage(value)
    const last = 123_456_789_123
    send(window, { kind: 'ask', id: last, name: 'host.recent', input: {} })
    await settle()
    expect(heard.at(-1)).toEqual({ kind: 'done', id: last, value: { asked: 1 } })
    expect(bugs).toEqual([])
    expect(
      heard.every(
        (one) => one.kind !== 'failed' || ['unknown-operation', 'bad-input', 'denied'].includes(one.failure.code),
      ),
    ).toBe(true)
  })
})
