import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { AskOf, Failure, OperationName, OutputOf } from '#shared/contract/contract.ts'
import { askKey } from './ask-key.ts'
import { useEngine } from './engine-context.tsx'

/** A failed answer on its way through the memory of answers. */
class AskFailed extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

export type Asked<T> = {
  /** The newest answer there is, also of an earlier question while the present one is being answered. */
  readonly value: T | undefined
  /** Why the present question has no answer. */
  readonly failure: Failure | undefined
  /** Nothing can be shown yet. */
  readonly isLoading: boolean
  /** `value` answers an earlier question or an earlier state of the case: draw it dimmed. */
  readonly isStale: boolean
  /** Asks the same again. */
  readonly again: () => void
}

export type AskOptions = {
  /** Asks again after so many milliseconds, for what changes by itself (an import is running). */
  readonly everyMs?: number | undefined
  /** Whether the answer of an earlier question is shown meanwhile. Default true. */
  readonly keepsPrevious?: boolean
}

/**
 * Asks one operation and draws again when the answer comes. The question is the key: an equal one is not asked twice; a new
 * one wins over the one before, which is cancelled. `null` asks nothing.
 */
export function useAsk<N extends OperationName>(
  name: N,
  input: AskOf<N> | null,
  options: AskOptions = {},
): Asked<OutputOf<N>> {
  const engine = useEngine()
  const { everyMs, keepsPrevious = true } = options
  const query = useQuery<OutputOf<N>, AskFailed>({
    queryKey: askKey(name, input),
    enabled: input !== null,
    queryFn: async ({ signal }) => {
      if (input === null) throw new Error('This should not happen: a question that is switched off was asked')
      const reply = await engine.ask(name, input, { signal })
      if (reply.ok) return reply.value
      throw new AskFailed(reply)
    },
    refetchInterval: everyMs ?? false,
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
    // Answers are plain JSON of the engine's own; comparing them deeply costs more than drawing them.
    structuralSharing: false,
  })
  const { refetch } = query
  const again = useCallback(() => void refetch(), [refetch])
  return {
    value: query.data,
    failure: query.error?.failure,
    isLoading: query.isPending && query.isFetching,
    isStale: query.isPlaceholderData || (query.isFetching && query.data !== undefined && everyMs === undefined),
    again,
  }
}
