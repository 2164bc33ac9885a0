import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Bridge, FromDesktop } from '#shared/contract/bridge.ts'
import type { Failure } from '#shared/contract/contract.ts'
import { bridgeEngine } from '#renderer/client/bridge-engine.ts'
import type { Engine, EngineState } from '#renderer/client/engine.ts'
import { socketEngine } from '#renderer/client/socket-engine.ts'
import { logIn, startTestHost, type TestHost } from '#test/electron/web-host/host.ts'

const until = async (engine: Engine, kind: EngineState['kind']): Promise<EngineState> => {
  if (engine.state.get().kind !== kind)
    await new Promise<void>((resolve) => {
      const stop = engine.state.subscribe(() => {
        if (engine.state.get().kind !== kind) return
        stop()
        resolve()
      })
    })
  return engine.state.get()
}

describe('the engine over the browser host', () => {
  const open: { host?: TestHost; engine?: Engine } = {}
  afterEach(async () => {
    open.engine?.close()
    await open.host?.close()
  })

  /** The window's own client, on the socket that a browser would open. */
  async function start(): Promise<{ test: TestHost; engine: Engine; sockets: WebSocket[] }> {
    const test = await startTestHost()
    const cookie = await logIn(test.host)
    const sockets: WebSocket[] = []
    const engine = socketEngine(() => {
      const socket = new WebSocket(`ws://127.0.0.1:${test.host.port}/engine`, {
        headers: { cookie, origin: `http://127.0.0.1:${test.host.port}` },
      })
      socket.on('error', () => undefined)
      sockets.push(socket)
      return socket
    }, [20])
    open.host = test
    open.engine = engine
    return { test, engine, sockets }
  }

  it('answers what was asked before it was connected', async () => {
    const { engine } = await start()
    expect(engine.state.get()).toEqual({ kind: 'connecting' })
    expect(await engine.ask('host.describe', {})).toMatchObject({ ok: true, value: { kind: 'browser' } })
    expect(engine.state.get()).toEqual({ kind: 'ready', life: 1 })
  })

  it('says that the engine is gone, fails what was open, and connects again by itself', async () => {
    const { engine, sockets } = await start()
    await until(engine, 'ready')
    const asked = engine.ask('host.describe', {})
    sockets[0]?.terminate()
    expect(await asked).toMatchObject({ ok: false, code: 'unreadable' })
    expect(await until(engine, 'ready')).toEqual({ kind: 'ready', life: 2 })
    expect((await engine.ask('host.describe', {})).ok).toBe(true)
  })

  it('fails at once while nobody is there, and keeps trying', async () => {
    const { test, engine } = await start()
    await until(engine, 'ready')
    await test.host.close()
    await until(engine, 'gone')
    const reply = await engine.ask('host.describe', {})
    expect(reply).toMatchObject({ ok: false, message: expect.stringContaining('what was stored is safe') as string })
  })
})

describe('the engine over the desktop’s bridge', () => {
  /** The program around the window, as far as the bridge shows it. */
  function desktop(): { bridge: Bridge; posted: { id: number; name: string }[]; tell: (message: FromDesktop) => void } {
    const posted: { id: number; name: string }[] = []
    let listener: (text: string) => void = () => undefined
    return {
      posted,
      bridge: { post: (text) => posted.push(JSON.parse(text)), listen: (next) => (listener = next) },
      tell: (message) => listener(JSON.stringify(message)),
    }
  }
  const failure: Failure = { ok: false, code: 'internal', message: 'The engine stopped; the case is safe.' }

  it('is ready when it says so, and answers', async () => {
    const { bridge, posted, tell } = desktop()
    const engine = bridgeEngine(bridge)
    const asked = engine.ask('host.recent', {})
    expect(engine.state.get().kind).toBe('connecting')
    tell({ kind: 'engine-ready' })
    expect(posted).toMatchObject([{ kind: 'ask', name: 'host.recent' }])
    tell({ kind: 'done', id: posted[0]!.id, value: { cases: [] } })
    expect(await asked).toEqual({ ok: true, value: { cases: [] } })
  })

  it('fails everything that is open when the engine ends, and counts its lives', async () => {
    const { bridge, tell } = desktop()
    const engine = bridgeEngine(bridge)
    tell({ kind: 'engine-ready' })
    const asked = engine.ask('host.recent', {})
    tell({ kind: 'engine-gone', failure })
    expect(await asked).toEqual(failure)
    expect(await engine.ask('host.recent', {})).toEqual(failure)
    tell({ kind: 'engine-ready' })
    expect(engine.state.get()).toEqual({ kind: 'ready', life: 2 })
  })

  it('hands on the wish to open a case until it is taken up, and ignores what it does not know', () => {
    const { bridge, tell } = desktop()
    const engine = bridgeEngine(bridge)
    const wish = { kind: 'open', purpose: 'open-case', grant: 'g' as never, label: 'acme.trailcase' } as const
    tell(wish)
    expect(engine.wish.get()).toEqual(wish)
    engine.takeWish()
    expect(engine.wish.get()).toBeNull()
    for (const nothing of [null, 7, {}, { kind: 'done', id: 99, value: 1 }]) tell(nothing as never)
    expect(engine.state.get()).toEqual({ kind: 'connecting' })
  })
})
