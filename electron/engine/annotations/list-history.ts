import { eventTarget, tagKey, type EventPlace } from '#shared/domain/annotation.ts'
import { inOrder } from './effective.ts'
import type { CaseAnnotations } from './case-annotations.ts'
import { describeOperation } from './describe-act.ts'
import type { AnnotationOperation } from './operation-bodies.ts'

export type About =
  | { readonly kind: 'all' }
  | { readonly kind: 'event'; readonly id: number; readonly places: readonly EventPlace[] }
  | { readonly kind: 'exhibit'; readonly exhibit: string }
  | { readonly kind: 'finding'; readonly id: string }
  | { readonly kind: 'tag'; readonly tag: string }

export type HistoryEntry = {
  readonly operation: string
  readonly act: string
  readonly type: string
  readonly words: string
  readonly undone: boolean
  readonly by: string
  readonly atMs: number
}

/** The operations on something, newest first. Nothing is ever missing here: edits, removals and undos are operations too. */
export function listHistory(annotated: CaseAnnotations, about: About): HistoryEntry[] {
  const { reverted } = annotated.state
  const all = [...annotated.operations]
  const own = all.filter(concerning(annotated, all, about))
  const ids = new Set(own.map((o) => o.id))
  const takenBack = all.filter(
    (o) => (o.type === 'undo' || o.type === 'redo') && !ids.has(o.id) && reverts(o, ids, all),
  )
  return [...own, ...takenBack]
    .sort((a, b) => inOrder(b, a))
    .map((o) => ({
      operation: o.id,
      act: o.body.act,
      type: o.type,
      words: describeOperation(o),
      undone: reverted.has(o.id),
      by: o.examiner,
      atMs: o.timeMs,
    }))
}

function reverts(o: AnnotationOperation, ids: ReadonlySet<string>, all: readonly AnnotationOperation[]): boolean {
  if (o.type !== 'undo' && o.type !== 'redo') return false
  if (o.body.reverts.some((id) => ids.has(id))) return true
  if (o.type === 'undo') return false
  const undone = new Set(o.body.reverts)
  return all.some((one) => one.type === 'undo' && undone.has(one.id) && one.body.reverts.some((id) => ids.has(id)))
}

function concerning(
  annotated: CaseAnnotations,
  all: readonly AnnotationOperation[],
  about: About,
): (o: AnnotationOperation) => boolean {
  switch (about.kind) {
    case 'all':
      return () => true
    case 'tag':
      return (o) => o.target === `tag:${tagKey(about.tag)}`
    case 'finding':
      return (o) => o.target === `finding:${about.id}`
    case 'exhibit': {
      const made = all.filter(
        (o) =>
          o.type === 'bookmark.add' &&
          (o.body.exhibit === about.exhibit || annotated.state.exhibits.get(o.id) === about.exhibit),
      )
      const targets = new Set(made.map((o) => `bookmark:${o.id}`))
      return (o) => targets.has(o.target) || made.includes(o)
    }
    case 'event': {
      const targets = new Set(about.places.map(eventTarget))
      const bookmarks = all.filter((o) => o.type === 'bookmark.add' && targets.has(o.target))
      for (const o of bookmarks) targets.add(`bookmark:${o.id}`)
      return (o) => targets.has(o.target) || annotated.concerns(o.id, about.id)
    }
  }
}
