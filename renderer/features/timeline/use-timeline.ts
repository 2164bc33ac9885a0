import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { utcMs } from '#shared/base/time.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { ianaZone, UTC, type Zone } from '#shared/base/zone.ts'

/** The zone in which times are shown. */
export function useZone(): Zone {
  const name = useWorkspace((w) => w.zone)
  return useMemo(() => {
    const zone = ianaZone(name)
    return zone.ok ? zone.value : UTC
  }, [name])
}

/** From the first to the last event of the case, with a little room, and never less than a minute. */
export function useExtent(): TimeRange {
  const { firstEventMs, lastEventMs } = useOpenCase()
  return useMemo(() => {
    const [first, last] = [firstEventMs ?? 0, (lastEventMs ?? 0) + 1]
    const room = Math.max(30_000, Math.round((last - first) * 0.01))
    return { from: first - room, to: last + room }
  }, [firstEventMs, lastEventMs])
}

const REST_MS = 300

/**
 * What is shown, and how to move it. While it moves only the drawing follows; once it rests it becomes the range of the query, which all
 * places share. The whole extent is no range at all.
 */
export function useView(query: EventQuery, extent: TimeRange): readonly [TimeRange, (view: TimeRange) => void] {
  const asked = useMemo(
    () => ({ from: query.from ?? extent.from, to: query.to ?? extent.to }),
    [query.from, query.to, extent.from, extent.to],
  )
  const [moving, setMoving] = useState<TimeRange | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const move = useCallback(
    (view: TimeRange) => {
      setMoving(view)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        const isWhole = view.from <= extent.from && view.to >= extent.to
        useWorkspace.getState().ask(isWhole ? { from: undefined, to: undefined } : wholeSeconds(view))
        setMoving(undefined)
      }, REST_MS)
    },
    [extent],
  )
  return [moving ?? asked, move]
}

/** Beyond a minute nobody zooms to a millisecond, and whole seconds are easier to read. */
function wholeSeconds({ from, to }: TimeRange) {
  const step = to - from > 60_000 ? 1000 : 1
  return { from: utcMs(Math.floor(from / step) * step), to: utcMs(Math.ceil(to / step) * step) }
}

export const withoutRange = ({ text, facets, sort }: EventQuery): EventQuery => ({ text, facets, sort })
