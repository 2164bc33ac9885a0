import { randomUUID } from 'node:crypto'
import { eventTarget, nextExhibit, tagKey, type Bookmark, type StoryBlock } from '#shared/domain/annotation.ts'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'
import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Act } from './acts.ts'
import { eventNumbers } from './case-annotations.ts'
import { describeAct } from './describe-act.ts'
import { placesOf } from './event-places.ts'
import { conflictsOf, replacesOf, shownValue } from './fold-fields.ts'
import type { Operation } from './operations-log.ts'
import { uuidV7 } from './uuid-v7.ts'

/** No operation grows beyond about a megabyte, so that a package can be read line by line. */
export const PIECE_BYTES = 900_000

const newAct = (open: OpenCase): string => uuidV7(open.setting.now())

export type TagChange = { readonly changed: number; readonly already: number; readonly act: string | null }

/**
 * Puts a tag on events, or takes it off: one act, in as many operations as its list of places needs. Events that are so already
 * are left alone. @throws Refusal `no-examiner`, `cancelled` (then nothing was written).
 */
export function tagEvents(
  open: OpenCase,
  wish: {
    readonly tag: string
    readonly remove: boolean
    readonly index: EventIndex
    readonly positions: Bitmap
    readonly how: Readonly<Record<string, unknown>>
  },
  progress: (p: { phase: 'finding' | 'writing'; done: number; total: number }) => void,
  signal: AbortSignal,
): Promise<TagChange> {
  return open.annotated.exclusive(async () => {
    const { tag, remove, index, positions } = wish
    const known = open.annotated.byPosition(index).tags.get(nameOf(open, tag))
    const wanted = remove
      ? known
        ? positions.and(known)
        : positions.andNot(positions)
      : known
        ? positions.andNot(known)
        : positions
    const events = eventNumbers(index, wanted)
    const already = positions.count() - events.length
    if (events.length === 0) return { changed: 0, already, act: null }
    progress({ phase: 'finding', done: 0, total: events.length })
    const pieces = await placesOf(open.file.reader, events, PIECE_BYTES)
    stopIfCancelled(signal)
    progress({ phase: 'writing', done: 0, total: events.length })
    const act = newAct(open)
    const observed = remove ? { observed: open.annotated.additionsOf(tagKey(tag), events) } : {}
    const operations = pieces.map(({ places }) =>
      open.operation(remove ? 'tag.remove' : 'tag.add', `tag:${tagKey(tag)}`, {
        act,
        tag: nameOf(open, tag),
        files: places,
        ...observed,
      }),
    )
    const byOperation = new Map(operations.map((o, n) => [o.id, pieces[n]!.events]))
    await open.change(
      remove ? 'tag.remove' : 'tag.add',
      operations,
      { tag: nameOf(open, tag), events: events.length, ...wish.how },
      byOperation,
    )
    progress({ phase: 'writing', done: events.length, total: events.length })
    return { changed: events.length, already, act }
  })
}

/** A tag under the spelling it has in this case. */
export const nameOf = (open: OpenCase, tag: string): string =>
  open.annotated.state.tags.get(tagKey(tag))?.name ?? tag.normalize('NFC').trim()

/** Only the fields that really change (a conflict stays until one is chosen: `resolveConflict`), with the operations they knowingly replace. `all` writes every field, to bring a removed object back. */
export function fieldChange(open: OpenCase, target: string, wanted: Readonly<Record<string, unknown>>, all = false) {
  const object = open.annotated.state.objects.get(target)
  const fields = Object.keys(wanted).filter((field) => {
    if (wanted[field] === undefined) return false
    return (
      all ||
      canonicalJson(shownValue(object, field)) !== canonicalJson(wanted[field]) ||
      object?.fields.get(field) === undefined
    )
  })
  const pick = (from: (field: string) => unknown) =>
    Object.fromEntries(fields.flatMap((f) => (from(f) === undefined ? [] : [[f, from(f)]])))
  return {
    before: pick((f) => shownValue(object, f)),
    after: pick((f) => wanted[f]),
    replaces: replacesOf(object, fields),
  }
}

/** Sets fields of a described object. Nothing is written when nothing changes. */
export async function setFields(
  open: OpenCase,
  type: string,
  target: string,
  wanted: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { before, after, replaces } = fieldChange(open, target, wanted)
  if (Object.keys(after).length === 0) return false
  const act = newAct(open)
  await open.change(type, [open.operation(type, target, { act, before, after, replaces })], { target, before, after })
  return true
}

/** The kinds of operations that set fields, by the first word of what they are about. */
const settingTypes: ReadonlyMap<string, string> = new Map([
  ['tag', 'tag.define'],
  ['bookmark', 'bookmark.set'],
  ['finding', 'finding.set'],
  ['block', 'block.set'],
  ['search', 'search.set'],
  ['report', 'report.set'],
  ['setting', 'setting.set'],
  ['case', 'case.set'],
])

/**
 * Lets one of several values stand, by writing it again over all of them. The others stay in the history.
 * @param operation the operation that wrote the chosen value
 * @returns false where there is no such conflict, or that value does not stand any more
 */
export async function resolveConflict(
  open: OpenCase,
  wish: { readonly target: string; readonly field: string; readonly operation: string },
): Promise<boolean> {
  const { target, field, operation } = wish
  const object = target === 'case' ? await open.caseObject() : open.annotated.state.objects.get(target)
  const type = settingTypes.get(target.split(':', 1)[0]!)
  const values = object?.fields.get(field) ?? []
  const chosen = values.find((value) => value.operation === operation)
  if (!object || !type || !chosen || conflictsOf([object]).every((one) => one.field !== field)) return false
  const change = {
    before: { [field]: shownValue(object, field) },
    after: { [field]: chosen.value },
    replaces: replacesOf(object, [field]),
  }
  const body = target === 'case' ? change : { act: newAct(open), ...change }
  const others = values.filter((value) => value !== chosen).map(({ value, by, atMs }) => ({ value, by, atMs }))
  await open.change('conflict.resolve', [open.operation(type, target, body)], {
    target,
    field,
    chosen: { value: chosen.value, by: chosen.by, atMs: chosen.atMs },
    others,
  })
  return true
}

/** Bookmarks an event that has no bookmark of this examiner's yet. @throws Refusal `no-examiner`. */
export async function addBookmark(
  open: OpenCase,
  event: { readonly id: number; readonly sha256: string; readonly ordinal: number; readonly eventID: string },
  content: { readonly title: string; readonly note: string },
): Promise<string> {
  const { state } = open.annotated
  const exhibit = nextExhibit(open.actor, state.given, await open.copyMark())
  const place = { sha256: event.sha256, ordinal: event.ordinal }
  const body = { act: newAct(open), exhibit, eventID: event.eventID, after: content }
  const operation = open.operation('bookmark.add', eventTarget(place), body)
  await open.change('bookmark.add', [operation], {
    exhibit,
    event: operation.target,
    eventID: event.eventID,
    before: null,
    after: content,
  })
  open.annotated.placeBookmark(operation.id, event.id)
  return exhibit
}

/** Removes an object: a bookmark, a finding, a saved search. Its operations stay, and so does its exhibit number. */
export async function removeObject(
  open: OpenCase,
  type: string,
  target: string,
  before: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const object = open.annotated.state.objects.get(target)
  if (!object) return false
  const body = { act: newAct(open), before, observed: object.operations.map((o) => o.id) }
  await open.change(type, [open.operation(type, target, body)], { target, before, after: null })
  return true
}

export const bookmarkContent = (bookmark: Bookmark) => ({
  exhibit: bookmark.exhibit,
  title: bookmark.title,
  note: bookmark.note,
})

/**
 * Makes the story these blocks in this order, as one act. Only what differs is written: a block that stays where it was keeps its
 * place, so that two people can write at different ends.
 */
export async function setStory(open: OpenCase, blocks: readonly StoryBlock[]): Promise<number> {
  const { story, objects } = open.annotated.state
  const act = newAct(open)
  const operations: Operation[] = []
  const summary: Record<string, unknown>[] = []
  const wantedIds = new Set(blocks.map((b) => b.id))
  if (wantedIds.size < blocks.length)
    throw new Refusal('bad-input', 'Two blocks of the story have the same id. Give each its own.')
  for (const { id } of story) {
    if (wantedIds.has(id)) continue
    const object = objects.get(`block:${id}`)
    const before = { text: shownValue(object, 'text') ?? '', kind: shownValue(object, 'kind') ?? '' }
    operations.push(
      open.operation('block.remove', `block:${id}`, {
        act,
        before,
        observed: object?.operations.map((o) => o.id) ?? [],
      }),
    )
    summary.push({ target: `block:${id}`, before, after: null })
  }
  const orders = ordersFor(blocks.map(({ id }) => (story.some((b) => b.id === id) ? shownOrder(open, id) : undefined)))
  for (const [n, block] of blocks.entries()) {
    const change = fieldChange(
      open,
      `block:${block.id}`,
      { ...blockFields(block), order: orders[n]! },
      !story.some((b) => b.id === block.id),
    )
    if (Object.keys(change.after).length === 0) continue
    operations.push(open.operation('block.set', `block:${block.id}`, { act, ...change }))
    summary.push({ target: `block:${block.id}`, before: change.before, after: change.after })
  }
  if (operations.length > 0) await open.change('story.set', operations, { blocks: blocks.length, changes: summary })
  return operations.length
}

function shownOrder(open: OpenCase, id: string): number | undefined {
  const order = shownValue(open.annotated.state.objects.get(`block:${id}`), 'order')
  return typeof order === 'number' ? order : undefined
}

function blockFields(block: StoryBlock): Record<string, unknown> {
  switch (block.kind) {
    case 'prose':
      return { kind: block.kind, text: block.text, shows: '' }
    case 'finding':
      return { kind: block.kind, text: '', shows: block.finding }
    case 'exhibit':
      return { kind: block.kind, text: block.text, shows: block.exhibit }
    case 'view':
      return { kind: block.kind, text: block.text, shows: block.search }
  }
}

/**
 * Ascending places for a list: members that stand in ascending order already keep theirs, the others get one between their neighbours.
 *
 *   [1, 2, new, 3]  ->  [1, 2, 2.5, 3]        [3, 1, 2] (moved to the front)  ->  [0, 1, 2]
 */
export function ordersFor(known: readonly (number | undefined)[]): number[] {
  const kept = longestAscending(known)
  const out = new Array<number>(known.length)
  let last = -1
  for (let i = 0; i <= known.length; i++) {
    if (i < known.length && !kept.has(i)) continue
    const low = last < 0 ? undefined : out[last]!
    const high = i < known.length ? known[i]! : undefined
    const between = i - last - 1
    const step = low !== undefined && high !== undefined ? (high - low) / (between + 1) : 1
    for (let n = 1; n <= between; n++)
      out[last + n] = low === undefined ? (high ?? between + 1) - (between + 1 - n) : low + n * step
    if (i < known.length) out[i] = known[i]!
    last = i
  }
  const ascending = out.every((order, i) => i === 0 || order > out[i - 1]!)
  return ascending ? out : out.map((_, i) => i + 1)
}

/** Indices of a longest strictly ascending run of numbers. */
function longestAscending(values: readonly (number | undefined)[]): Set<number> {
  const ends: number[] = []
  const before = new Map<number, number>()
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (values[ends[middle]!]! < value) low = middle + 1
      else high = middle
    }
    if (low > 0) before.set(i, ends[low - 1]!)
    ends[low] = i
  }
  const kept = new Set<number>()
  for (let i = ends.at(-1); i !== undefined; i = before.get(i)) kept.add(i)
  return kept
}

/** Takes an act back with a new operation that names the operations it reverts. */
export async function undoAct(open: OpenCase, act: Act): Promise<void> {
  const reverts = act.operations.map((o) => o.id)
  const words = describeAct(act)
  await open.change(
    'annotation.undo',
    [open.operation('undo', 'annotations', { act: newAct(open), of: act.id, reverts })],
    { undone: words, reverts },
  )
}

/** Takes an undo back, so that what it had reverted stands again. */
export async function redoAct(open: OpenCase, redo: { readonly act: Act; readonly undo: Act }): Promise<void> {
  const reverts = redo.undo.operations.map((o) => o.id)
  const words = describeAct(redo.act)
  await open.change(
    'annotation.redo',
    [open.operation('redo', 'annotations', { act: newAct(open), of: redo.undo.id, reverts })],
    { redone: words, reverts },
  )
}

export const newObjectId = (): string => randomUUID()
