import { describe, expect, it } from 'vitest'
import { bridgeOverPort } from '#electron/preload/bridge-over-port.ts'
import { fakeChannel } from '#test/fixtures/fake-electron.ts'

const gone = { kind: 'engine-gone', failure: { ok: false, code: 'internal', message: 'gone' } } as const
const settle = async (): Promise<void> => {
  for (let n = 0; n < 5; n++) await new Promise((done) => setImmediate(done))
}

describe('what the window is given', () => {
  it('is one pair of functions that cannot be replaced', () => {
    const { bridge } = bridgeOverPort()
    expect(Object.keys(bridge)).toEqual(['post', 'listen'])
    expect(Object.isFrozen(bridge)).toBe(true)
  })

  it('carries texts to the engine and back, and keeps what came before its port', async () => {
    const { bridge, hear } = bridgeOverPort()
    const { port1, port2 } = fakeChannel()
    const asked: unknown[] = []
    const heard: string[] = []
    port1.on('message', ({ data }: { data: unknown }) => asked.push(data))
    port1.start()
    bridge.post('early')
    hear({ kind: 'engine-ready' }, port2)
    bridge.post('late')
    port1.postMessage('answer')
    await settle()
    bridge.listen((text) => heard.push(text))
    port1.postMessage('next')
    await settle()
    expect(asked).toEqual(['early', 'late'])
    expect(heard).toEqual(['{"kind":"engine-ready"}', 'answer', 'next'])
  })

  it('keeps requests for the next engine when one has ended, and hears nothing of the old one', async () => {
    const { bridge, hear } = bridgeOverPort()
    const [first, second] = [fakeChannel(), fakeChannel()]
    const heard: string[] = []
    const asked: unknown[] = []
    bridge.listen((text) => heard.push(text))
    second.port1.on('message', ({ data }: { data: unknown }) => asked.push(data))
    second.port1.start()
    hear({ kind: 'engine-ready' }, first.port2)
    hear(gone)
    bridge.post('again')
    first.port1.postMessage('from the grave')
    await settle()
    expect(asked).toEqual([])
    hear({ kind: 'engine-ready' }, second.port2)
    await settle()
    expect(asked).toEqual(['again'])
    expect(heard.map((text) => (JSON.parse(text) as { kind: string }).kind)).toEqual([
      'engine-ready',
      'engine-gone',
      'engine-ready',
    ])
  })

  it('refuses what is not a text of bearable length, and drops what is not a text from the other side', async () => {
    const { bridge, hear } = bridgeOverPort()
    const { port1, port2 } = fakeChannel()
    const heard: string[] = []
    bridge.listen((text) => heard.push(text))
    hear({ kind: 'engine-ready' }, port2)
    for (const message of [{ kind: 'ask' }, 7, null, 'x'.repeat(4_000_001)])
      expect(() => bridge.post(message as string)).toThrow(TypeError)
    expect(() => bridge.listen('no function' as never)).toThrow(TypeError)
    port1.postMessage({ no: 'text' })
    await settle()
    expect(heard).toEqual(['{"kind":"engine-ready"}'])
  })
})
