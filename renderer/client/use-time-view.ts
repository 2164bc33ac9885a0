import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { utcMs } from '#shared/base/time.ts'
import { useOpenCase, useWorkspace } from './workspace.ts'

/** A span of time in ms since 1970 UTC; `to` is not part of it. */
type Span = { readonly from: number; readonly to: number }

/** A wheel turns in many small steps: the question is asked when it rests. */
const REST_MS = 250

/** From the first to the last event of the case, so that the last one is inside; nothing when it holds no event. */
export function useCaseExtent(): Span | undefined {
  const { firstEventMs, lastEventMs } = useOpenCase()
  return useMemo(
    () => (firstEventMs === null || lastEventMs === null ? undefined : { from: firstEventMs, to: lastEventMs + 1000 }),
    [firstEventMs, lastEventMs],
  )
}

/**
 * What is shown of the time, and how to move it. While it moves only the drawing follows; once it rests it becomes the range of the query, which all
 * places share. The whole extent is no range at all.
 */
export function useTimeView(extent: Span): readonly [Span, (view: Span) => void] {
  const { from, to } = useWorkspace((w) => w.view.query)
  const [moving, setMoving] = useState<Span | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const shown = useMemo(() => ({ from: from ?? extent.from, to: to ?? extent.to }), [from, to, extent.from, extent.to])
  // Another range, from a step back or a field, ends the movement.
  useEffect(() => {
    clearTimeout(timer.current)
    setMoving(undefined)
  }, [from, to])
  useEffect(() => () => clearTimeout(timer.current), [])
  const move = useCallback(
    (view: Span) => {
      setMoving(view)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        useWorkspace.getState().ask(rangeOf(view, extent))
        setMoving(undefined)
      }, REST_MS)
    },
    [extent],
  )
  return [moving ?? shown, move]
}

/** Beyond a minute nobody zooms to a millisecond, and whole seconds are easier to read. */
function rangeOf({ from, to }: Span, extent: Span) {
  if (from <= extent.from && to >= extent.to) return { from: undefined, to: undefined }
  const step = to - from > 60_000 ? 1000 : 1
  return { from: utcMs(Math.floor(from / step) * step), to: utcMs(Math.ceil(to / step) * step) }
}
