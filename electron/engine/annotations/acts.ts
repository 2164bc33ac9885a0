import { inOrder } from './effective.ts'
import type { AnnotationOperation } from './operation-bodies.ts'

/** What one person did in one go: the operations that are undone together. */
export type Act = {
  readonly id: string
  readonly examiner: string
  readonly atMs: number
  readonly operations: readonly AnnotationOperation[]
}

/** All acts, oldest first. */
export function listActs(operations: Iterable<AnnotationOperation>): Act[] {
  const acts = new Map<string, AnnotationOperation[]>()
  for (const operation of [...operations].sort(inOrder)) {
    const known = acts.get(operation.body.act)
    if (known) known.push(operation)
    else acts.set(operation.body.act, [operation])
  }
  return [...acts].map(([id, own]) => ({ id, examiner: own[0]!.examiner, atMs: own[0]!.timeMs, operations: own }))
}

/**
 * What undo and redo would take back next for an examiner: only one's own acts, the latest first. A new act empties what can be
 * redone, as everywhere.
 */
export function undoable(
  acts: readonly Act[],
  examiner: string,
): { readonly undo: Act | undefined; readonly redo: { readonly act: Act; readonly undo: Act } | undefined } {
  const done: Act[] = []
  let undone: { act: Act; undo: Act }[] = []
  for (const act of acts) {
    if (act.examiner !== examiner) continue
    const first = act.operations[0]!
    if (first.type === 'undo') {
      const { of } = first.body
      const at = done.findLastIndex((one) => one.id === of)
      if (at >= 0) undone.push({ act: done.splice(at, 1)[0]!, undo: act })
    } else if (first.type === 'redo') {
      const { of } = first.body
      const at = undone.findLastIndex((one) => one.undo.id === of)
      if (at >= 0) done.push(undone.splice(at, 1)[0]!.act)
    } else {
      done.push(act)
      undone = []
    }
  }
  return { undo: done.at(-1), redo: undone.at(-1) }
}
