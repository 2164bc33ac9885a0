import type { Failure, Reply } from '#shared/contract/contract.ts'

/** Where one piece of long work stands. */
export type JobState<Progress, Value> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: Progress | undefined; readonly stopping: boolean }
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly stopped: boolean }

export type JobEvent<Progress, Value> =
  | { readonly kind: 'started' }
  | { readonly kind: 'told'; readonly progress: Progress }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'ended'; readonly reply: Reply<Value> }
  | { readonly kind: 'forgotten' }

/** The next state. What comes late (progress after the end) changes nothing. */
export function nextJob<P, V>(state: JobState<P, V>, event: JobEvent<P, V>): JobState<P, V> {
  switch (event.kind) {
    case 'started':
      return { kind: 'running', progress: undefined, stopping: false }
    case 'told':
      return state.kind === 'running' ? { ...state, progress: event.progress } : state
    case 'stopped':
      return state.kind === 'running' ? { ...state, stopping: true } : state
    case 'ended':
      if (state.kind !== 'running') return state
      return event.reply.ok
        ? { kind: 'done', value: event.reply.value }
        : { kind: 'failed', failure: event.reply, stopped: event.reply.code === 'cancelled' }
    case 'forgotten':
      return state.kind === 'running' ? state : { kind: 'idle' }
  }
}
