/** The parts of an operation that all folds need. `reverts` names the operations that an undo or redo takes back. */
export type Ordered = { readonly id: string; readonly timeMs: number; readonly examiner: string }
export type Reverting = { readonly id: string; readonly reverts: readonly string[] }

/** The order in which operations are shown and ties are broken: the same on every laptop, whatever came first there. */
export function inOrder(a: Ordered, b: Ordered): number {
  return a.timeMs - b.timeMs || compareText(a.examiner, b.examiner) || compareText(a.id, b.id)
}
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The operations that are taken back. An undo takes back what it names unless it is itself taken back (a redo):
 *
 *   tag <- undo <- redo      the redo stands, so the undo does not, so the tag does
 *
 * Does not depend on the order of its input. Undos that name each other in a ring, which no honest program writes, stand
 * for nothing.
 */
export function revertedIds(undos: readonly Reverting[]): ReadonlySet<string> {
  const byId = new Map(undos.map((undo) => [undo.id, undo]))
  const openReverters = new Map<string, number>()
  for (const undo of undos)
    for (const id of new Set(undo.reverts)) if (byId.has(id)) openReverters.set(id, (openReverters.get(id) ?? 0) + 1)
  const reverted = new Set<string>()
  const settled = [...byId.values()].filter((undo) => !openReverters.has(undo.id))
  for (let undo = settled.pop(); undo; undo = settled.pop()) {
    const stands = !reverted.has(undo.id)
    for (const id of new Set(undo.reverts)) {
      if (stands) reverted.add(id)
      const open = openReverters.get(id)
      if (open === undefined) continue
      if (open > 1) openReverters.set(id, open - 1)
      else {
        openReverters.delete(id)
        settled.push(byId.get(id)!)
      }
    }
  }
  return reverted
}
