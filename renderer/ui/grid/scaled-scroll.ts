/**
 * Scrolling a list taller than a browser can draw. Chromium stops at 33,554,432 px, ten million rows of 24 px need 240,000,000.
 * The canvas is at most MAX_CANVAS high and divided into pages; each page adds an offset, so that a small movement is exact to the
 * pixel and a long jump of the scroll bar is proportional (the way SlickGrid pages its canvas):
 *
 *     list     0 |--------- p --------|---------| total
 *     canvas   0 |- p -|- p -| ... |            | canvas        list position = scrollTop + offset(page)
 *
 * Pure: the caller owns the state and the element.
 */
export type ScrollShape = {
  readonly total: number
  readonly view: number
  readonly canvas: number
  readonly page: number
  readonly pages: number
  readonly gain: number
}
export type ScrollState = { readonly scrollTop: number; readonly page: number; readonly offset: number }

const MAX_CANVAS = 8_000_000

/** The shape for `total` px of rows seen through `view` px. */
export function scrollShape(total: number, view: number): ScrollShape {
  const canvas = Math.min(total, MAX_CANVAS)
  if (canvas === total) return { total, view, canvas, page: Math.max(1, total), pages: 1, gain: 1 }
  const page = canvas / 100
  const pages = Math.floor(total / page)
  return { total, view, canvas, page, pages, gain: (total - canvas) / (pages - 1) }
}

export const TOP: ScrollState = { scrollTop: 0, page: 0, offset: 0 }

/** Where the view stands in the list, in px from its start. */
export const listTop = (shape: ScrollShape, state: ScrollState): number =>
  Math.min(Math.max(0, shape.total - shape.view), Math.max(0, state.scrollTop + state.offset))

const pageAt = (shape: ScrollShape, top: number): number =>
  Math.min(shape.pages - 1, Math.max(0, Math.floor(top / shape.page)))
const offsetOf = (shape: ScrollShape, page: number): number => Math.round(page * shape.gain)

/** The state that shows the list from `top` px on. */
export function scrollTo(shape: ScrollShape, top: number): ScrollState {
  const clamped = Math.min(Math.max(0, shape.total - shape.view), Math.max(0, top))
  const page = shape.pages === 1 ? 0 : pageAt(shape, clamped)
  const offset = shape.pages === 1 ? 0 : offsetOf(shape, page)
  return { scrollTop: clamped - offset, page, offset }
}

/**
 * The state after the element reports a new `scrollTop`. `exact` says that the person scrolls (wheel, touch) rather than drags the bar,
 * however far one event carries. If the result's `scrollTop` differs from the one given, the element must be set to it.
 */
export function scrolled(shape: ScrollShape, state: ScrollState, scrollTop: number, exact: boolean): ScrollState {
  if (shape.pages === 1) return { scrollTop, page: 0, offset: 0 }
  if (exact || Math.abs(scrollTop - state.scrollTop) < shape.view) {
    const top = scrollTop + state.offset
    return pageAt(shape, top) === state.page ? { ...state, scrollTop } : scrollTo(shape, top)
  }
  const room = shape.canvas - shape.view
  const page = room <= 0 ? 0 : pageAt(shape, scrollTop * ((shape.total - shape.view) / room))
  return { scrollTop, page, offset: offsetOf(shape, page) }
}
