import { assertNever } from '#shared/base/assert.ts'
import type { Bridge } from '#shared/contract/bridge.ts'
import { connect } from '#shared/contract/client.ts'
import { guarded, parseIncoming, type Engine, type EngineState, type OpenWish } from './engine.ts'
import { Observable } from './observable.ts'

/** The engine of the desktop program, through the pair of functions of its preload. */
export function bridgeEngine(bridge: Bridge): Engine {
  const state = new Observable<EngineState>({ kind: 'connecting' })
  const wish = new Observable<OpenWish | null>(null)
  const client = connect((message) => bridge.post(JSON.stringify(message)))
  let lives = 0

  bridge.listen((text) => {
    const message = parseIncoming(text)
    if (!message) return
    switch (message.kind) {
      case 'engine-ready':
        state.set({ kind: 'ready', life: ++lives })
        return
      case 'engine-gone':
        state.set({ kind: 'gone', failure: message.failure })
        client.fail(message.failure)
        return
      case 'open':
        wish.set(message)
        return
      case 'progress':
      case 'done':
      case 'failed':
        client.receive(message)
        return
      default:
        assertNever(message)
    }
  })
  return { ask: guarded(client.ask, state), state, wish, takeWish: () => wish.set(null), close: () => undefined }
}
