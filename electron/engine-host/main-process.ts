import type { Failure, Reply } from '#shared/contract/contract.ts'
import type { FromEngineHost, ToEngineHost } from './protocol.ts'

type Question = Extract<FromEngineHost, { readonly id: number }>
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

const stopped: Failure = {
  ok: false,
  code: 'cancelled',
  message: 'Stopped as you asked. What was finished before is kept.',
}

/** The asking side towards the main process: each question has one reply. */
export class MainProcess {
  readonly #post: (message: FromEngineHost) => void
  readonly #waiting = new Map<number, (reply: Reply<unknown>) => void>()
  #last = 0

  constructor(post: (message: FromEngineHost) => void) {
    this.#post = post
  }

  /** A person may take their time with a dialog: there is no time limit, but `signal` ends the wait. */
  ask(question: WithoutId<Question>, signal: AbortSignal): Promise<Reply<unknown>> {
    if (signal.aborted) return Promise.resolve(stopped)
    const id = ++this.#last
    return new Promise((resolve) => {
      const settle = (reply: Reply<unknown>): void => {
        this.#waiting.delete(id)
        signal.removeEventListener('abort', stop)
        resolve(reply)
      }
      const stop = (): void => settle(stopped)
      signal.addEventListener('abort', stop, { once: true })
      this.#waiting.set(id, settle)
      this.#post({ ...question, id })
    })
  }

  receive(message: Extract<ToEngineHost, { kind: 'reply' }>): void {
    this.#waiting.get(message.id)?.(message.reply)
  }
}
