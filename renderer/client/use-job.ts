import { useCallback, useMemo, useReducer, useRef } from 'react'
import type { AskOf, OperationName, OutputOf, ProgressOf, Reply } from '#shared/contract/contract.ts'
import { useEngine } from './engine-context.tsx'
import { nextJob, type JobEvent, type JobState } from './job-state.ts'

export type Job<N extends OperationName> = {
  readonly state: JobState<ProgressOf<N>, OutputOf<N>>
  /** Starts the work; gives its answer, which `state` holds too. One at a time: a second start gets a failure. */
  readonly start: (input: AskOf<N>) => Promise<Reply<OutputOf<N>>>
  /** Asks to stop; the work ends cleanly and keeps what is stored. */
  readonly cancel: () => void
  /** Back to idle, once the outcome has been seen. */
  readonly forget: () => void
}

/**
 * Long work with progress and cancel. It goes on when the component that started it is gone, so keep the hook in a component
 * that stays (the shell) and hand the job down.
 */
export function useJob<N extends OperationName>(name: N): Job<N> {
  const engine = useEngine()
  const [state, tell] = useReducer<JobState<ProgressOf<N>, OutputOf<N>>, [JobEvent<ProgressOf<N>, OutputOf<N>>]>(
    nextJob,
    { kind: 'idle' },
  )
  const running = useRef<AbortController | null>(null)

  const start = useCallback(
    async (input: AskOf<N>): Promise<Reply<OutputOf<N>>> => {
      if (running.current)
        return { ok: false, code: 'locked', message: 'This is running already. Wait for it, or cancel it.' }
      const controller = new AbortController()
      running.current = controller
      tell({ kind: 'started' })
      const reply = await engine.ask(name, input, {
        signal: controller.signal,
        progress: (progress) => tell({ kind: 'told', progress }),
      })
      running.current = null
      tell({ kind: 'ended', reply })
      return reply
    },
    [engine, name],
  )
  const cancel = useCallback(() => {
    running.current?.abort()
    tell({ kind: 'stopped' })
  }, [])
  const forget = useCallback(() => tell({ kind: 'forgotten' }), [])
  return useMemo(() => ({ state, start, cancel, forget }), [state, start, cancel, forget])
}
