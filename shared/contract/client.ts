import type { Ask, Failure, OperationName, ProgressOf, Reply, OutputOf } from './contract.ts'
import type { FromEngine, ToEngine } from './wire.ts'

type Pending = {
  readonly settle: (reply: Reply<unknown>) => void
  readonly progress: ((p: unknown) => void) | undefined
}

/**
 * The asking side of the wire over any two-way channel. `receive` takes what the channel brings; `fail` answers everything
 * that is still open when the channel closes.
 */
export function connect(send: (message: ToEngine) => void): {
  ask: Ask
  receive: (message: FromEngine) => void
  fail: (failure: Failure) => void
} {
  const pending = new Map<number, Pending>()
  let last = 0
  const ask: Ask = (name, input, options) => {
    const id = ++last
    return new Promise((resolve) => {
      const stop = () => send({ kind: 'cancel', id })
      pending.set(id, {
        settle: (reply) => {
          pending.delete(id)
          options?.signal?.removeEventListener('abort', stop)
          resolve(reply as Reply<OutputOf<OperationName>> as never)
        },
        progress: options?.progress ? (p) => options.progress?.(p as ProgressOf<typeof name>) : undefined,
      })
      options?.signal?.addEventListener('abort', stop, { once: true })
      send({ kind: 'ask', id, name, input })
      if (options?.signal?.aborted === true) stop()
    })
  }
  return {
    ask,
    receive: (message) => {
      const entry = pending.get(message.id)
      if (!entry) return
      if (message.kind === 'progress') entry.progress?.(message.progress)
      else entry.settle(message.kind === 'done' ? { ok: true, value: message.value } : message.failure)
    },
    fail: (failure) => {
      for (const entry of [...pending.values()]) entry.settle(failure)
    },
  }
}
