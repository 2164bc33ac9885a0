import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { addToTrail, drawnTop, NO_TRAIL, type Trail } from './drawn-rows.ts'
import { listTop, scrolled, scrollShape, scrollTo, TOP, type ScrollState } from './scaled-scroll.ts'

export const ROW_HEIGHT = 24
const START = { state: TOP, trail: NO_TRAIL }

/** Rows that are drawn above and below those in sight, so that a turn of the wheel finds them there before the next frame. */
export const AROUND = 12

/** The rows that are drawn for a position, the first and the last. */
export const rowsAround = (
  top: number,
  view: number,
  rowCount: number,
  around: number = AROUND,
): readonly [first: number, last: number] => [
  Math.max(0, Math.floor(top / ROW_HEIGHT) - around),
  Math.min(rowCount - 1, Math.ceil((top + view) / ROW_HEIGHT) + around),
]

/** So long rows seen before stand where others are on their way; then their places are drawn empty, which says what is going on. */
const HELD_MS = 400

/** The position whose rows are drawn (see `drawnTop`). */
export function useDrawnTop(
  { top, trail }: { readonly top: number; readonly trail: Trail },
  view: number,
  rowCount: number,
  rows: { readonly row: (index: number) => unknown },
): number {
  const isThere = (at: number): boolean => {
    const last = Math.min(rowCount, Math.ceil((at + view) / ROW_HEIGHT)) - 1
    for (let index = Math.floor(at / ROW_HEIGHT); index <= last; index++)
      if (rows.row(index) === undefined) return false
    return true
  }
  const [given, giveUp] = useState<number | undefined>(undefined)
  const drawn = drawnTop(top, trail, isThere)
  const held = drawn !== top
  useEffect(() => {
    if (!held) return
    const timer = setTimeout(() => giveUp(top), HELD_MS)
    return () => clearTimeout(timer)
  }, [held, top])
  return given === top ? top : drawn
}

/** Where a list of any height stands in an element that cannot be as tall (see `scaled-scroll.ts`). */
export function useScaledScroll(
  scroller: { readonly current: HTMLDivElement | null },
  rowCount: number,
  view: number,
  resultKey: string,
) {
  const shape = useMemo(() => scrollShape(rowCount * ROW_HEIGHT, view), [rowCount, view])
  const [{ state, trail }, setState] = useState<{ readonly state: ScrollState; readonly trail: Trail }>(START)
  const current = useRef<ScrollState>(TOP)
  const handAt = useRef(-1000)

  const put = useCallback(
    (next: ScrollState): void => {
      current.current = next
      const element = scroller.current
      if (element && element.scrollTop !== next.scrollTop) element.scrollTop = next.scrollTop
      setState((before) => ({ state: next, trail: addToTrail(before.trail, listTop(shape, next)) }))
    },
    [scroller, shape],
  )

  const latest = useRef(put)
  useLayoutEffect(() => {
    latest.current = put
  }, [put])
  useLayoutEffect(() => {
    latest.current(TOP)
    setState(START)
  }, [resultKey])
  // Another height of the list or of the view: stay at the same row.
  useLayoutEffect(() => put(scrollTo(shape, listTop(shape, current.current))), [put, shape])

  const top = listTop(shape, state)
  return {
    top,
    trail,
    /** The last step went further than what is in sight: none of the rows around would be met again. */
    isFar: Math.abs(top - (trail.at(-2) ?? top)) > view,
    offset: state.offset,
    canvas: shape.canvas,
    /** The person turns the wheel or swipes: what follows is an exact movement. */
    onHand: () => {
      handAt.current = performance.now()
    },
    onScroll: () => {
      const scrollTop = scroller.current?.scrollTop ?? 0
      if (scrollTop === current.current.scrollTop) return
      // Drawn before this frame is: else its new rows would come one frame late, as an empty strip.
      flushSync(() => put(scrolled(shape, current.current, scrollTop, performance.now() - handAt.current < 250)))
    },
    reveal: (row: number) => {
      const now = listTop(shape, current.current)
      const rowTop = row * ROW_HEIGHT
      const away = Math.max(now - rowTop, rowTop + ROW_HEIGHT - now - view)
      // A far jump puts the row in the middle, a step only brings it in.
      if (away > view) put(scrollTo(shape, rowTop - Math.floor(view / ROW_HEIGHT / 2) * ROW_HEIGHT))
      else if (rowTop < now) put(scrollTo(shape, rowTop))
      else if (rowTop + ROW_HEIGHT > now + view) put(scrollTo(shape, rowTop + ROW_HEIGHT - view))
    },
  }
}
