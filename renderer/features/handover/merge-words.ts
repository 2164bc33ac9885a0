import { counted, grouped } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'

type Found = Pick<OutputOf<'packages.mergePreview'>, 'annotations' | 'conflicts' | 'evidence' | 'nothingNew'>
type Kind = Found['annotations']['kinds'][number]['kind']

const names: Readonly<Record<Kind, readonly [string, string]>> = {
  bookmark: ['bookmark', 'bookmarks'],
  tag: ['tag', 'tags'],
  tagged: ['tagged event', 'tagged events'],
  finding: ['finding', 'findings'],
  'story block': ['block of the story', 'blocks of the story'],
  search: ['saved search', 'saved searches'],
  report: ['text of the report', 'texts of the report'],
  setting: ['setting', 'settings'],
  case: ['field of the case data', 'fields of the case data'],
}

/** `12 new bookmarks, 2 new files, 3 conflicts.` */
export function mergeSentence({ annotations, conflicts, evidence, nothingNew }: Found): string {
  if (nothingNew) return 'The package holds nothing that this case does not have.'
  const added = annotations.kinds
    .filter((one) => one.added > 0)
    .map(({ kind, added: n }) => counted(n, `new ${names[kind][0]}`, `new ${names[kind][1]}`))
  const changed = annotations.kinds.reduce((n, one) => n + one.changed, 0)
  const removed = annotations.kinds.reduce((n, one) => n + one.removed, 0)
  const parts = [
    ...(evidence.newFiles > 0 ? [counted(evidence.newFiles, 'new file')] : []),
    ...added,
    ...(changed > 0 ? [`${grouped(changed)} changed`] : []),
    ...(removed > 0 ? [`${grouped(removed)} removed`] : []),
    counted(conflicts.length, 'conflict'),
  ]
  return `${parts.join(', ')}.`
}

/** Per kind: what is new, changed, removed. */
export const mergeKinds = ({ annotations }: Found): readonly { readonly what: string; readonly words: string }[] =>
  annotations.kinds.map(({ kind, added, changed, removed }) => ({
    what: capital(names[kind][1]),
    words: `${grouped(added)} new, ${grouped(changed)} changed, ${grouped(removed)} removed`,
  }))

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
