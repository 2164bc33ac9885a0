import { parseRanges } from '#shared/domain/annotation.ts'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { Act } from './acts.ts'
import type { AnnotationOperation } from './operation-bodies.ts'
import type { Places } from './event-places.ts'

/** Records that the places of an operation name. */
export function countPlaces(places: Places): number {
  let n = 0
  for (const text of Object.values(places)) for (const [first, last] of parseRanges(text) ?? []) n += last - first + 1
  return n
}

const quoted = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text
  return `"${visible(short)}"`
}

/** `title from "a" to "b"`, for each field. */
function changes(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string {
  return Object.entries(after)
    .map(([field, value]) =>
      before[field] === undefined
        ? `${field} ${quoted(value)}`
        : `${field} from ${quoted(before[field])} to ${quoted(value)}`,
    )
    .join(', ')
}

const nouns = {
  tag: 'tag',
  bookmark: 'bookmark',
  finding: 'finding',
  block: 'story block',
  search: 'saved search',
  report: 'report',
  setting: 'settings',
} as const

/** One operation in words, as the history shows it, with the file that it was read from. */
export function describeOperation(o: AnnotationOperation): string {
  const from = originOf(o)
  return from === undefined ? wordsOf(o) : `${wordsOf(o)}, read from ${quoted(from)}`
}

/** The file that an operation was read from. */
const originOf = ({ body }: AnnotationOperation): string | undefined =>
  'origin' in body ? body.origin?.file : undefined

function wordsOf(o: AnnotationOperation): string {
  switch (o.type) {
    case 'tag.add':
      return `tagged ${counted(countPlaces(o.body.files), 'event')} with ${quoted(o.body.tag)}`
    case 'tag.remove':
      return `took tag ${quoted(o.body.tag)} off ${counted(countPlaces(o.body.files), 'event')}`
    case 'bookmark.add':
      return `bookmarked as ${visible(o.body.exhibit)}${o.body.after.title === '' ? '' : `, title ${quoted(o.body.after.title)}`}${o.body.after.note === '' ? '' : `, note ${quoted(o.body.after.note)}`}`
    case 'bookmark.remove':
      return `removed bookmark ${visible(typeof o.body.before['exhibit'] === 'string' ? o.body.before['exhibit'] : '')}`.trimEnd()
    case 'finding.remove':
    case 'block.remove':
    case 'search.remove':
      return `removed a ${nouns[o.type.slice(0, o.type.indexOf('.')) as 'finding' | 'block' | 'search']}`
    case 'tag.define':
    case 'bookmark.set':
    case 'finding.set':
    case 'block.set':
    case 'search.set':
    case 'report.set':
    case 'setting.set': {
      const noun = nouns[o.target.split(':')[0] as keyof typeof nouns]
      return `${noun}: ${changes(o.body.before, o.body.after)}`
    }
    case 'undo':
      return 'took back an act'
    case 'redo':
      return 'brought back an act'
  }
}

/** What was read from a file in one go. */
function describeImport({ operations }: Act, file: string): string {
  const tagged = operations.reduce((n, o) => n + (o.type === 'tag.add' ? countPlaces(o.body.files) : 0), 0)
  const of = (type: AnnotationOperation['type']): number => operations.filter((o) => o.type === type).length
  const parts = [
    [tagged, 'tag'],
    [of('bookmark.add'), 'bookmark'],
    [of('bookmark.set'), 'note'],
  ] as const
  const words = parts.flatMap(([n, noun]) => (n === 0 ? [] : [counted(n, noun)]))
  return `read ${words.join(', ')} from ${quoted(file)}`
}

/** A whole act in words: its first operation, with the events of all its pieces. */
export function describeAct(act: Act): string {
  const first = act.operations[0]!
  const file = originOf(first)
  if (file !== undefined) return describeImport(act, file)
  if (first.type !== 'tag.add' && first.type !== 'tag.remove') return describeOperation(first)
  const total = act.operations.reduce((n, o) => n + ('files' in o.body ? countPlaces(o.body.files) : 0), 0)
  const events = counted(total, 'event')
  return first.type === 'tag.add'
    ? `tagged ${events} with ${quoted(first.body.tag)}`
    : `took tag ${quoted(first.body.tag)} off ${events}`
}
