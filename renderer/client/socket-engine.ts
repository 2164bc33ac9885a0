import { connect } from '#shared/contract/client.ts'
import type { Failure } from '#shared/contract/contract.ts'
import type { ToEngine } from '#shared/contract/wire.ts'
import { guarded, parseIncoming, type Engine, type EngineState } from './engine.ts'
import { Observable } from './observable.ts'

/** What is used of a WebSocket. */
export type Socket = {
  send(text: string): void
  close(): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'open' | 'close', listener: () => void): void
}

/** The first attempts to connect again follow soon; later ones every five seconds. Milliseconds. */
const PAUSES = [250, 500, 1000, 2000, 5000]

const gone: Failure = {
  ok: false,
  code: 'unreadable',
  message:
    'Trailcase does not answer; what was stored is safe. If it was ended, start it again and open the address that it prints.',
}

/** The engine of the browser host. Connects again by itself when the socket closes; what was asked by then fails. */
export function socketEngine(open: () => Socket, pauses: readonly number[] = PAUSES): Engine {
  const state = new Observable<EngineState>({ kind: 'connecting' })
  const client = connect(send)
  let socket: Socket
  let isOpen = false
  let waiting: string[] = []
  let lives = 0
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  function send(message: ToEngine): void {
    const text = JSON.stringify(message)
    if (isOpen) socket.send(text)
    else waiting.push(text)
  }

  function start(): void {
    const fresh = open()
    socket = fresh
    fresh.addEventListener('open', () => {
      isOpen = true
      failures = 0
      state.set({ kind: 'ready', life: ++lives })
      const unsent = waiting
      waiting = []
      for (const text of unsent) fresh.send(text)
    })
    fresh.addEventListener('message', ({ data }) => {
      const message = typeof data === 'string' ? parseIncoming(data) : undefined
      if (message && 'id' in message) client.receive(message)
    })
    fresh.addEventListener('close', () => {
      isOpen = false
      if (ended) return
      waiting = []
      state.set({ kind: 'gone', failure: gone })
      client.fail(gone)
      timer = setTimeout(start, pauses[Math.min(failures++, pauses.length - 1)])
    })
  }

  start()
  return {
    ask: guarded(client.ask, state),
    state,
    wish: new Observable(null),
    takeWish: () => undefined,
    close: () => {
      ended = true
      clearTimeout(timer)
      socket.close()
    },
  }
}
