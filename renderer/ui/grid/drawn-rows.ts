/** Where a list was lately scrolled to, in px from its start, the newest last. */
export type Trail = readonly number[]

/** As many positions as a second of scrolling passes. */
const KEPT = 60

export const NO_TRAIL: Trail = []

export const addToTrail = (trail: Trail, top: number): Trail =>
  trail.at(-1) === top ? trail : [...trail.slice(1 - KEPT), top]

/**
 * The position whose rows are drawn: where the list was scrolled to, or, while rows of it are on their way, where it was last that all
 * rows are there. So a bar that is dragged shows rows all the way and never an empty list.
 * @param isThere whether all rows in sight at a position have come
 */
export function drawnTop(top: number, trail: Trail, isThere: (top: number) => boolean): number {
  if (isThere(top)) return top
  return trail.findLast(isThere) ?? top
}
