import type { Failure } from '#shared/contract/contract.ts'
import { parseToEngine, type FromEngine, type ToEngine } from '#shared/contract/wire.ts'
import { Refusal } from '#engine/refusal.ts'

/** Answers one request; `engine/answer.ts` behind the host's own checks. Never throws. */
export type Answerer = (
  name: string,
  input: unknown,
  call: { signal: AbortSignal; progress: (progress: unknown) => void },
) => Promise<{ readonly ok: true; readonly value: unknown } | Failure>

/** The way back to the window. */
export type Channel = {
  readonly send: (text: string) => void
  /** False while the window does not keep up: progress is then dropped, answers never. */
  readonly hasRoom: () => boolean
}

export type Requests = {
  /** Takes what the window sent; what is not exactly one of our messages is dropped. */
  readonly take: (text: string) => void
  readonly cancelAll: () => void
  /** Resolves when everything that is open now has ended. */
  readonly ended: () => Promise<void>
}

/** Requests of one window at one time; a window asks a handful. */
const MOST_OPEN = 200

/** Serves the requests of one window over any channel of texts: a socket, a message port. */
export function serveRequests(answer: Answerer, channel: Channel): Requests {
  const open = new Map<number, { readonly controller: AbortController; ended: Promise<void> }>()

  const send = (message: FromEngine): void => channel.send(JSON.stringify(message))
  const refuse = (id: number, code: Failure['code'], message: string): void =>
    send({ kind: 'failed', id, failure: { ok: false, code, message } })

  const work = async (id: number, name: string, input: unknown, signal: AbortSignal): Promise<void> => {
    const progress = (value: unknown): void => {
      if (open.has(id) && channel.hasRoom()) send({ kind: 'progress', id, progress: value })
    }
    const reply = await answer(name, input, { signal, progress })
    open.delete(id)
    send(reply.ok ? { kind: 'done', id, value: reply.value } : { kind: 'failed', id, failure: reply })
  }
  const ask = (id: number, name: string, input: unknown): void => {
    if (open.has(id)) {
      refuse(id, 'bad-input', 'A request with this number is being answered already.')
      return
    }
    if (open.size >= MOST_OPEN) {
      refuse(id, 'denied', 'Too many requests at once. Wait for some answers.')
      return
    }
    const controller = new AbortController()
    // It counts as open before its handler runs, which may end at once.
    const request = { controller, ended: Promise.resolve() }
    open.set(id, request)
    request.ended = work(id, name, input, controller.signal)
  }

  return {
    take: (text) => {
      const message = parseMessage(text)
      if (message?.kind === 'ask') ask(message.id, message.name, message.input)
      else if (message) open.get(message.id)?.controller.abort(stopped())
    },
    cancelAll: () => {
      for (const { controller } of open.values()) controller.abort(stopped())
    },
    ended: async () => {
      await Promise.all([...open.values()].map((one) => one.ended))
    },
  }
}

/** What work throws where it notices: an expected failure, not a bug. */
const stopped = (): Refusal => new Refusal('cancelled', 'Stopped as you asked. What was finished before is kept.')

function parseMessage(text: string): ToEngine | undefined {
  try {
    return parseToEngine(JSON.parse(text))
  } catch {
    return undefined
  }
}
