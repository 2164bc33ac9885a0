import type { Failure } from '#shared/contract/contract.ts'
import { parseToEngine, type FromEngine, type ToEngine } from '#shared/contract/wire.ts'
import type { Port } from './ports.ts'

/** Answers one request of a window. Never throws. */
export type Answerer = (
  name: string,
  input: unknown,
  call: { signal: AbortSignal; progress: (progress: unknown) => void },
) => Promise<{ readonly ok: true; readonly value: unknown } | Failure>

/** Requests of one window at one time; a window asks a handful. */
const MOST_OPEN = 200
/** The longest message of a window, in UTF-16 units; a window that sends a longer one is cut off. */
const MOST_LENGTH = 4_000_000

/**
 * Serves one window until its port closes; what it was still asking for is then cancelled. Messages are JSON texts;
 * whatever is not exactly one of ours is dropped.
 *
 * @returns ends the service: cancels everything and resolves when the last request has ended.
 */
export function servePort(port: Port, answer: Answerer, gone: () => void): () => Promise<void> {
  const open = new Map<number, { readonly controller: AbortController; readonly ended: Promise<void> }>()
  let isClosed = false

  const send = (message: FromEngine): void => {
    if (!isClosed) port.postMessage(JSON.stringify(message))
  }
  const refuse = (id: number, code: Failure['code'], message: string): void =>
    send({ kind: 'failed', id, failure: { ok: false, code, message } })
  const cancelAll = (): void => {
    for (const { controller } of open.values()) controller.abort()
  }
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    cancelAll()
    gone()
  }

  const ask = async (id: number, name: string, input: unknown, controller: AbortController): Promise<void> => {
    const progress = (value: unknown): void => {
      if (open.has(id)) send({ kind: 'progress', id, progress: value })
    }
    const reply = await answer(name, input, { signal: controller.signal, progress })
    open.delete(id)
    send(reply.ok ? { kind: 'done', id, value: reply.value } : { kind: 'failed', id, failure: reply })
  }
  const take = (message: ToEngine): void => {
    const { id } = message
    if (message.kind === 'cancel') return open.get(id)?.controller.abort()
    if (open.has(id)) {
      refuse(id, 'bad-input', 'A request with this number is being answered already.')
      return
    }
    if (open.size >= MOST_OPEN) {
      refuse(id, 'denied', 'Too many requests at once. Wait for some answers.')
      return
    }
    const controller = new AbortController()
    // Known as open before its handler runs, which may end at once.
    const ended = Promise.resolve().then(() => ask(id, message.name, message.input, controller))
    open.set(id, { controller, ended })
  }

  port.on('message', ({ data }) => {
    if (isClosed || typeof data !== 'string') return
    if (data.length > MOST_LENGTH) {
      close()
      port.close()
      return
    }
    const message = parse(data)
    if (message) take(message)
  })
  port.on('close', close)
  port.start()

  return async () => {
    cancelAll()
    await Promise.all([...open.values()].map(({ ended }) => ended))
  }
}

function parse(text: string): ToEngine | undefined {
  try {
    return parseToEngine(JSON.parse(text))
  } catch {
    return undefined
  }
}
