import type { WebSocket } from 'ws'
import type { Failure } from '#shared/contract/contract.ts'
import { Refusal } from '#engine/refusal.ts'
import { parseToEngine, type FromEngine, type ToEngine } from '#shared/contract/wire.ts'

/** Answers one request; `engine/answer.ts` behind the host's own checks. Never throws. */
export type Answerer = (
  name: string,
  input: unknown,
  call: { signal: AbortSignal; progress: (progress: unknown) => void },
) => Promise<{ readonly ok: true; readonly value: unknown } | Failure>

/** Requests of one window at one time; a window asks a handful. */
const MOST_OPEN = 200
/** Unsent bytes at which no more is read from the socket, and progress is dropped, until the window has caught up. */
const HIGH_WATER = 8_000_000

/** Serves one window until its socket closes; what it was still asking for is then cancelled. */
export function serveSocket(socket: WebSocket, answer: Answerer): void {
  const open = new Map<number, AbortController>()

  const send = (message: FromEngine): void => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(message), () => {
      if (socket.isPaused && socket.bufferedAmount < HIGH_WATER / 2) socket.resume()
    })
    if (socket.bufferedAmount >= HIGH_WATER && !socket.isPaused) socket.pause()
  }
  const refuse = (id: number, code: Failure['code'], message: string): void =>
    send({ kind: 'failed', id, failure: { ok: false, code, message } })

  const ask = async (id: number, name: string, input: unknown): Promise<void> => {
    if (open.has(id)) {
      refuse(id, 'bad-input', 'A request with this number is being answered already.')
      return
    }
    if (open.size >= MOST_OPEN) {
      refuse(id, 'denied', 'Too many requests at once. Wait for some answers.')
      return
    }
    const controller = new AbortController()
    open.set(id, controller)
    const reply = await answer(name, input, {
      signal: controller.signal,
      progress: (progress) => {
        if (open.has(id) && socket.bufferedAmount < HIGH_WATER) send({ kind: 'progress', id, progress })
      },
    })
    open.delete(id)
    send(reply.ok ? { kind: 'done', id, value: reply.value } : { kind: 'failed', id, failure: reply })
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const message = isBinary ? undefined : parseMessage(data)
    if (message?.kind === 'ask') void ask(message.id, message.name, message.input)
    else if (message) open.get(message.id)?.abort(stopped())
  })
  // Broken frames end in `close`, which follows.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    for (const controller of open.values()) controller.abort(stopped())
  })
}

/** What work throws where it notices: an expected failure, not a bug. */
const stopped = (): Refusal => new Refusal('cancelled', 'Stopped as you asked. What was finished before is kept.')

function parseMessage(data: Buffer): ToEngine | undefined {
  try {
    return parseToEngine(JSON.parse(data.toString('utf8')))
  } catch {
    return undefined
  }
}
