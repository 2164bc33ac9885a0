import { canonicalJson } from '#shared/base/canonical-json.ts'
import { tagKey, type Conflict } from '#shared/domain/annotation.ts'
import type { MergedKind } from '#shared/contract/merging.ts'
import { foldCase, headerOf } from '../../annotations/case-header.ts'
import { countPlaces } from '../../annotations/describe-act.ts'
import { foldAnnotations, type AnnotationState } from '../../annotations/fold-annotations.ts'
import { conflictsOf, type FoldedObject } from '../../annotations/fold-fields.ts'
import { parseAnnotation, type AnnotationOperation } from '../../annotations/operation-bodies.ts'
import { operationText, type Operation } from '../../annotations/operations-log.ts'
import { shownConflicts, type ShownConflict } from '../../annotations/show-conflicts.ts'
import type { Connection } from '../../storage/sqlite.ts'
import { refused } from './check-package.ts'

export type KindCount = {
  readonly kind: MergedKind
  readonly added: number
  readonly changed: number
  readonly removed: number
}
export type AnnotationPlan = {
  /** Operations that the case does not have. */
  readonly fresh: readonly Operation[]
  readonly known: number
  readonly kinds: readonly KindCount[]
  readonly conflicts: readonly ShownConflict[]
}

/** Operations looked up at once. */
const PAGE = 500

/**
 * The operations of a package that a case does not have yet.
 * @throws Refusal `damaged` where one has the id of one here and says something else: no honest program writes that
 */
export async function freshOperations(
  reader: Pick<Connection, 'all'>,
  operations: AsyncIterable<Operation>,
): Promise<Pick<AnnotationPlan, 'fresh' | 'known'>> {
  const fresh: Operation[] = []
  let known = 0
  let held: Operation[] = []
  const sort = async () => {
    const here = await textsOf(
      reader,
      held.map((o) => o.id),
    )
    for (const operation of held) {
      const text = here.get(operation.id)
      if (text === undefined) fresh.push(operation)
      else if (text === operationText({ ...operation, body: canonicalJson(operation.body) })) known++
      else throw refused('an annotation in it has the id of one that is here and says something else')
    }
    held = []
  }
  for await (const operation of operations) {
    held.push(operation)
    if (held.length >= PAGE) await sort()
  }
  await sort()
  return { fresh, known }
}

async function textsOf(reader: Pick<Connection, 'all'>, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await reader.all<Omit<Operation, 'body'> & { body: string }>(
    `select o.id, o.time_ms as timeMs, o.examiner, o.type, o.target, o.body from json_each(?) j join operation o on o.id = j.value`,
    [JSON.stringify(ids)],
  )
  return new Map(rows.map((row) => [row.id, operationText(row)]))
}

/** What people have said, before or after a merge. */
type Said = { readonly state: AnnotationState; readonly caseObject: FoldedObject | undefined }

/** What fresh operations change in the state of a case, by kind, and which conflicts they bring. Pure. */
export function planAnnotations(
  ours: { readonly annotations: Iterable<AnnotationOperation>; readonly caseData: readonly Operation[] },
  fresh: readonly Operation[],
): Pick<AnnotationPlan, 'kinds' | 'conflicts'> {
  const own = [...ours.annotations]
  const parsed = fresh.flatMap((operation) => parseAnnotation(operation) ?? [])
  const before: Said = { state: foldAnnotations(own), caseObject: foldCase(ours.caseData) }
  const after: Said = {
    state: foldAnnotations([...own, ...parsed]),
    caseObject: foldCase([...ours.caseData, ...fresh]),
  }
  const had = new Set(conflicts(before).map(conflictKey))
  const brought = conflicts(after).filter((conflict) => !had.has(conflictKey(conflict)))
  return { kinds: countKinds(before, after, parsed), conflicts: shownConflicts(after.state, brought) }
}

const conflicts = ({ state, caseObject }: Said): Conflict[] => [
  ...(caseObject ? conflictsOf([caseObject]) : []),
  ...state.conflicts,
]
const conflictKey = ({ target, field, values }: Conflict): string =>
  JSON.stringify([target, field, values.map((value) => value.operation).sort()])

function countKinds(before: Said, after: Said, fresh: readonly AnnotationOperation[]): KindCount[] {
  const byId = (values: readonly { readonly id: string }[]) => values.map((value) => [value.id, value] as const)
  const kinds: [MergedKind, (said: Said) => Iterable<readonly [string, unknown]>][] = [
    ['bookmark', ({ state }) => state.bookmarks.map(({ exhibit: _, ...bookmark }) => [bookmark.id, bookmark] as const)],
    ['tag', ({ state }) => state.tags],
    ['finding', ({ state }) => byId(state.findings)],
    ['story block', ({ state }) => byId(state.story)],
    ['search', ({ state }) => byId(state.searches)],
    ['report', ({ state }) => Object.entries(state.report)],
    ['setting', ({ state }) => [['logViews', state.logViews] as const]],
    ['case', ({ caseObject }) => Object.entries(headerOf(caseObject))],
  ]
  const counts = kinds.map(([kind, listed]) => ({ kind, ...difference(listed(before), listed(after)) }))
  return [...counts, taggedRecords(fresh, after)].filter((n) => n.added + n.changed + n.removed > 0)
}

function difference(before: Iterable<readonly [string, unknown]>, after: Iterable<readonly [string, unknown]>) {
  const [old, now] = [texts(before), texts(after)]
  let [added, changed] = [0, 0]
  for (const [id, text] of now) {
    const known = old.get(id)
    if (known === undefined) added++
    else if (known !== text) changed++
  }
  return { added, changed, removed: [...old.keys()].filter((id) => !now.has(id)).length }
}

const texts = (values: Iterable<readonly [string, unknown]>): Map<string, string> =>
  new Map([...values].map(([id, value]) => [id, canonicalJson(value)]))

/** Records that the fresh operations tag, or take a tag off, each once for a tag. */
function taggedRecords(fresh: readonly AnnotationOperation[], { state }: Said): KindCount {
  let [added, removed] = [0, 0]
  for (const o of fresh) {
    if (state.reverted.has(o.id)) continue
    if (o.type === 'tag.add' && tagKey(o.body.tag) !== '') added += countPlaces(o.body.files)
    if (o.type === 'tag.remove') removed += countPlaces(o.body.files)
  }
  return { kind: 'tagged', added, changed: 0, removed }
}
