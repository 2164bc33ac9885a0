import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'

/** A question that is answered sooner than this is not worth a word, in ms. */
const LONG_MS = 1000

export type LongQuestions =
  | { readonly kind: 'none' }
  /** Being answered for so many whole seconds; `stop` ends the engine's work on them. */
  | { readonly kind: 'running'; readonly seconds: number; readonly stop: () => void }
  /** Stopped by the person: what is on screen belongs to an earlier question. */
  | { readonly kind: 'stopped'; readonly again: () => void }

/** What is asked and takes longer than a second, over all panels together. */
export function useLongQuestions(): LongQuestions {
  const client = useQueryClient()
  const isAsking = useIsFetching() > 0
  const [seconds, setSeconds] = useState(0)
  const [isStopped, setStopped] = useState(false)
  useEffect(() => {
    if (!isAsking) return
    setStopped(false)
    const timer = setInterval(() => setSeconds((n) => n + 1), LONG_MS)
    return () => {
      clearInterval(timer)
      setSeconds(0)
    }
  }, [isAsking])
  const stop = useCallback(() => {
    void client.cancelQueries({ fetchStatus: 'fetching' }).then(() => setStopped(true))
  }, [client])
  const again = useCallback(() => {
    setStopped(false)
    void client.refetchQueries({
      type: 'active',
      predicate: (query) => query.state.data === undefined || query.state.isInvalidated,
    })
  }, [client])
  if (isAsking) return seconds > 0 ? { kind: 'running', seconds, stop } : { kind: 'none' }
  return isStopped ? { kind: 'stopped', again } : { kind: 'none' }
}
