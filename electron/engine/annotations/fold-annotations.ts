import {
  emptyReportTexts,
  parseEventTarget,
  tagKey,
  type Bookmark,
  type Conflict,
  type Finding,
  type GivenExhibit,
  type ReportTexts,
  type StoryBlock,
  type TagDefinition,
} from '#shared/domain/annotation.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { inOrder, revertedIds } from './effective.ts'
import {
  conflictsOf,
  foldFields,
  presentObjects,
  shownValue,
  type FieldOperation,
  type FoldedObject,
  type Removal,
} from './fold-fields.ts'
import type { AnnotationOperation, AnnotationType } from './operation-bodies.ts'

export type SavedSearch = {
  readonly id: string
  readonly name: string
  readonly kind: 'search' | 'view'
  readonly query: EventQuery
  readonly layout: string
  readonly note: string
  readonly by: string
  readonly atMs: number
}

/** Everything that people have said about a case, but for which events carry which tag (`fold-tags.ts`). */
export type AnnotationState = {
  /** By tag key. Also tags that were only ever put on events and never described. */
  readonly tags: ReadonlyMap<string, TagDefinition>
  /** By exhibit number. */
  readonly bookmarks: readonly Bookmark[]
  readonly findings: readonly Finding[]
  readonly story: readonly StoryBlock[]
  readonly searches: readonly SavedSearch[]
  readonly report: ReportTexts
  readonly logViews: boolean
  readonly conflicts: readonly Conflict[]
  /** Every exhibit number that was ever given: none is given twice. */
  readonly given: readonly GivenExhibit[]
  /** The exhibit number under which each bookmark is shown, by the operation that gave it. */
  readonly exhibits: ReadonlyMap<string, string>
  /** Operations that were taken back. */
  readonly reverted: ReadonlySet<string>
  /** All described objects by target, for edits that must name what they replace. */
  readonly objects: ReadonlyMap<string, FoldedObject>
}

const SETTING: readonly AnnotationType[] = [
  'tag.define',
  'bookmark.set',
  'finding.set',
  'block.set',
  'search.set',
  'report.set',
  'setting.set',
]

/** The state that a set of operations adds up to. Their order does not matter, and an operation given twice counts once. */
export function foldAnnotations(all: Iterable<AnnotationOperation>): AnnotationState {
  const operations = [...new Map([...all].map((o) => [o.id, o])).values()].sort(inOrder)
  const undos = operations.flatMap((o) =>
    o.type === 'undo' || o.type === 'redo' ? [{ id: o.id, reverts: o.body.reverts }] : [],
  )
  const reverted = revertedIds(undos)
  const standing = operations.filter((o) => !reverted.has(o.id))
  const objects = foldFields(standing.flatMap(toFieldOperation))
  const present = presentObjects(objects, standing.flatMap(toRemoval))
  const exhibits = shownExhibits(operations)
  const of = (kind: string): FoldedObject[] => present.filter((o) => o.target.startsWith(`${kind}:`))
  return {
    tags: tagsOf(standing, of('tag')),
    bookmarks: bookmarksOf(standing, present, exhibits),
    findings: of('finding').map(toFinding).sort(byOrder),
    story: of('block').sort(byOrderField).flatMap(toBlock),
    searches: of('search').flatMap(toSearch),
    report: toReportTexts(objects.get('report')),
    logViews: shownValue(objects.get('setting'), 'logViews') === true,
    conflicts: conflictsOf(present),
    given: operations.flatMap((o) =>
      o.type === 'bookmark.add' ? [{ exhibit: o.body.exhibit, examiner: o.examiner }] : [],
    ),
    exhibits,
    reverted,
    objects,
  }
}

function toFieldOperation(o: AnnotationOperation): FieldOperation[] {
  if (o.type === 'bookmark.add') return [{ ...o, target: `bookmark:${o.id}`, after: o.body.after, replaces: {} }]
  if (!SETTING.includes(o.type) || !('replaces' in o.body)) return []
  return [{ ...o, after: o.body.after, replaces: o.body.replaces }]
}

function toRemoval(o: AnnotationOperation): Removal[] {
  return o.type !== 'tag.remove' && 'observed' in o.body ? [{ ...o, observed: o.body.observed }] : []
}

const text = (object: FoldedObject | undefined, field: string): string => {
  const value = shownValue(object, field)
  return typeof value === 'string' ? value : ''
}
// Each field's form was checked when its operation was read (operation-bodies.ts).
const list = (object: FoldedObject | undefined, field: string): readonly never[] =>
  (shownValue(object, field) ?? []) as readonly never[]
const idOf = (object: FoldedObject): string => object.target.slice(object.target.indexOf(':') + 1)
const written = (object: FoldedObject): { by: string; atMs: number } => {
  const first = object.operations[0]!
  return { by: first.examiner, atMs: first.timeMs }
}

function tagsOf(
  standing: readonly AnnotationOperation[],
  described: readonly FoldedObject[],
): Map<string, TagDefinition> {
  const tags = new Map<string, TagDefinition>()
  for (const o of standing)
    if (o.type === 'tag.add' && !tags.has(tagKey(o.body.tag))) tags.set(tagKey(o.body.tag), undescribed(o.body.tag))
  for (const object of described) {
    const colour = shownValue(object, 'colour')
    const name = text(object, 'name')
    const used = tags.get(idOf(object))?.name ?? idOf(object)
    const plain = undescribed(name === '' ? used : name)
    tags.set(idOf(object), {
      ...plain,
      colour: typeof colour === 'number' ? colour : plain.colour,
      tactic: text(object, 'tactic'),
      techniques: list(object, 'techniques'),
      description: text(object, 'description'),
      retired: shownValue(object, 'retired') === true,
    })
  }
  return tags
}

/** A tag that nobody has described yet. Its colour follows from its name, so that it is the same on every laptop. */
function undescribed(name: string): TagDefinition {
  let sum = 0
  for (const character of tagKey(name)) sum = (sum * 31 + character.codePointAt(0)!) % 8191
  return { name, colour: sum % 8, tactic: '', techniques: [], description: '', retired: false }
}

/**
 * Exhibit numbers as they are shown: one that two operations gave (in two copies of one file that knew nothing of each other) carries the
 * end of its operation's id. Removed and undone ones count, so that a number, once marked, stays as it is.
 */
function shownExhibits(operations: readonly AnnotationOperation[]): Map<string, string> {
  const byNumber = new Map<string, string[]>()
  for (const o of operations)
    if (o.type === 'bookmark.add') {
      const ids = byNumber.get(o.body.exhibit)
      if (ids) ids.push(o.id)
      else byNumber.set(o.body.exhibit, [o.id])
    }
  const shown = new Map<string, string>()
  for (const [number, ids] of byNumber)
    for (const id of ids) {
      const isAlone = ids.length === 1 && !number.includes('~')
      const end = id.slice(-4)
      const isPlain = ids.every((other) => other === id || !other.endsWith(end))
      shown.set(id, isAlone ? number : `${number}~${isPlain ? end : id}`)
    }
  return shown
}

function bookmarksOf(
  standing: readonly AnnotationOperation[],
  present: readonly FoldedObject[],
  exhibits: ReadonlyMap<string, string>,
): Bookmark[] {
  const described = new Map(present.map((object) => [object.target, object]))
  const bookmarks = standing.flatMap((o): Bookmark[] => {
    if (o.type !== 'bookmark.add') return []
    const place = parseEventTarget(o.target)
    const object = described.get(`bookmark:${o.id}`)
    if (!place || !object) return []
    return [
      {
        id: o.id,
        exhibit: exhibits.get(o.id) ?? o.body.exhibit,
        place,
        eventID: o.body.eventID,
        title: text(object, 'title'),
        note: text(object, 'note'),
        by: o.examiner,
        atMs: o.timeMs,
      },
    ]
  })
  return bookmarks.sort((a, b) => (a.exhibit < b.exhibit ? -1 : a.exhibit > b.exhibit ? 1 : 0))
}

function toFinding(object: FoldedObject): Finding {
  const order = shownValue(object, 'order')
  return {
    id: idOf(object),
    ...written(object),
    title: text(object, 'title'),
    statement: text(object, 'statement'),
    kind: (shownValue(object, 'kind') ?? 'hypothesis') as Finding['kind'],
    confidence: (shownValue(object, 'confidence') ?? 'low') as Finding['confidence'],
    alternatives: list(object, 'alternatives'),
    exhibits: list(object, 'exhibits'),
    order: typeof order === 'number' ? order : 0,
  }
}
const byOrder = (a: Finding, b: Finding): number => a.order - b.order || (a.id < b.id ? -1 : 1)
const byOrderField = (a: FoldedObject, b: FoldedObject): number =>
  orderOf(a) - orderOf(b) || (a.target < b.target ? -1 : 1)
const orderOf = (object: FoldedObject): number => {
  const order = shownValue(object, 'order')
  return typeof order === 'number' ? order : 0
}

function toBlock(object: FoldedObject): StoryBlock[] {
  const [id, words, shows] = [idOf(object), text(object, 'text'), text(object, 'shows')]
  switch (shownValue(object, 'kind')) {
    case 'prose':
      return [{ id, kind: 'prose', text: words }]
    case 'finding':
      return [{ id, kind: 'finding', finding: shows }]
    case 'exhibit':
      return [{ id, kind: 'exhibit', exhibit: shows, text: words }]
    case 'view':
      return [{ id, kind: 'view', search: shows, text: words }]
    default:
      return []
  }
}

function toSearch(object: FoldedObject): SavedSearch[] {
  const query = shownValue(object, 'query') as EventQuery | undefined
  if (!query) return []
  const kind = shownValue(object, 'kind') === 'view' ? 'view' : 'search'
  return [
    {
      id: idOf(object),
      name: text(object, 'name'),
      kind,
      query,
      layout: text(object, 'layout'),
      note: text(object, 'note'),
      ...written(object),
    },
  ]
}

function toReportTexts(object: FoldedObject | undefined): ReportTexts {
  if (!object) return emptyReportTexts
  return {
    title: text(object, 'title'),
    summary: text(object, 'summary'),
    limitations: list(object, 'limitations'),
    distribution: list(object, 'distribution'),
    revisions: list(object, 'revisions'),
  }
}
