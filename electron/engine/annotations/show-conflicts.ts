import type { Conflict } from '#shared/domain/annotation.ts'
import { visible } from '#shared/base/visible.ts'
import { shownValue, type FoldedObject } from './fold-fields.ts'
import type { AnnotationState } from './fold-annotations.ts'

export type ShownConflict = Conflict & {
  /** The object in words. */
  readonly what: string
}

/** Conflicts with what they are about in words. */
export const shownConflicts = (state: AnnotationState, conflicts: readonly Conflict[]): ShownConflict[] =>
  conflicts.map((conflict) => ({ ...conflict, what: describeTarget(state, conflict.target) }))

/** `bookmark AR-0001`, `finding "Keys were stolen"`, `case data`. Text of people is made visible and cut. */
function describeTarget(state: AnnotationState, target: string): string {
  const colon = target.indexOf(':')
  const kind = colon < 0 ? target : target.slice(0, colon)
  const id = target.slice(colon + 1)
  const object = state.objects.get(target)
  switch (kind) {
    case 'tag':
      return `tag ${quoted(state.tags.get(id)?.name ?? id)}`
    case 'bookmark':
      return `bookmark ${visible(state.exhibits.get(id) ?? id)}`
    case 'finding':
      return `finding ${quoted(textOf(object, 'title'))}`
    case 'block':
      return `story block ${quoted(textOf(object, 'text'))}`
    case 'search':
      return `saved search ${quoted(textOf(object, 'name'))}`
    case 'report':
      return 'report texts'
    case 'setting':
      return 'settings'
    case 'case':
      return 'case data'
    default:
      return visible(target)
  }
}

function textOf(object: FoldedObject | undefined, field: string): string {
  const value = shownValue(object, field)
  return typeof value === 'string' ? value : ''
}

const quoted = (text: string): string => `"${visible(text.length > 60 ? `${text.slice(0, 59)}…` : text)}"`
