import { eventTarget, exhibitNumber, nextExhibit, parseExhibit, tagKey } from '#shared/domain/annotation.ts'
import { ensure } from '#shared/base/assert.ts'
import { fieldChange, PIECE_BYTES } from '../../annotations/annotate.ts'
import { placesOf } from '../../annotations/event-places.ts'
import type { Operation } from '../../annotations/operations-log.ts'
import { uuidV7 } from '../../annotations/uuid-v7.ts'
import type { OpenCase } from '../../open-case.ts'
import { eventIDsOf } from '../../queries/events-by-id.ts'
import { stopIfCancelled } from '../../refusal.ts'
import type { ImportPlan, PlannedWords } from './import-plan.ts'
import type { AnnotationSource, PlannedImport } from './plan-import.ts'

/**
 * Writes what a plan adds as one act: undo takes all of it back. Each operation carries the file that it comes from; the custody log has one entry.
 * @returns the act, or null when there is nothing to add
 */
export async function applyImport(
  open: OpenCase,
  { source, plan }: PlannedImport,
  progress: (p: { done: number; total: number }) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const act = uuidV7(open.setting.now())
  const from = { act, origin: originOf(source) }
  const tagged = await tagOperations(open, plan, from, progress, signal)
  const worded = await wordOperations(open, plan.words(), from, signal)
  const operations = [...tagged.keys(), ...worded.keys()]
  if (operations.length === 0) return null
  stopIfCancelled(signal)
  await open.change(
    'annotations.import',
    operations,
    { ...source, ...summaryOf(plan) },
    new Map([...tagged].map(([operation, events]) => [operation.id, events])),
  )
  for (const [operation, event] of worded)
    if (operation.type === 'bookmark.add') open.annotated.placeBookmark(operation.id, event)
  return act
}

type From = { readonly act: string; readonly origin: Origin }
type Origin = { readonly file: string; readonly sha256: string; readonly author: string }
const originOf = ({ file, sha256, author }: AnnotationSource): Origin => ({ file: file.slice(0, 300), sha256, author })

/** How much a plan adds, as the preview, the answer and the custody log say it. */
export function summaryOf(plan: ImportPlan): {
  readonly rows: number
  readonly tagged: number
  readonly bookmarks: number
  readonly notes: number
  readonly left: number
} {
  const words = plan.words()
  const notes = words.filter(({ bookmark }) => bookmark !== undefined).length
  return {
    rows: plan.rows,
    tagged: plan.tags().reduce((sum, { events }) => sum + events.length, 0),
    bookmarks: words.length - notes,
    notes,
    left: plan.left.total,
  }
}

async function tagOperations(
  open: OpenCase,
  plan: ImportPlan,
  from: From,
  progress: (p: { done: number; total: number }) => void,
  signal: AbortSignal,
): Promise<Map<Operation, Uint32Array>> {
  const made = new Map<Operation, Uint32Array>()
  const tags = plan.tags()
  const total = tags.reduce((sum, { events }) => sum + events.length, 0)
  let done = 0
  for (const { name, events } of tags) {
    stopIfCancelled(signal)
    progress({ done, total })
    for (const piece of await placesOf(open.file.reader, events, PIECE_BYTES))
      made.set(
        open.operation('tag.add', `tag:${tagKey(name)}`, { ...from, tag: name, files: piece.places }),
        piece.events,
      )
    done += events.length
  }
  return made
}

/** Changed notes and new bookmarks; those get exhibit numbers of who imports them, in the order of the rows. */
async function wordOperations(
  open: OpenCase,
  words: readonly PlannedWords[],
  from: From,
  signal: AbortSignal,
): Promise<Map<Operation, number>> {
  const made = new Map<Operation, number>()
  const events = words.map(({ event }) => event)
  const [eventIDs, places, number] = [
    await eventIDsOf(open.file, events, signal),
    await placesOfEach(open, events),
    await exhibitNumbers(open),
  ]
  for (const { event, bookmark, title, note } of words) {
    if (bookmark !== undefined) {
      const target = `bookmark:${bookmark}`
      made.set(open.operation('bookmark.set', target, { ...from, ...fieldChange(open, target, { note }) }), event)
      continue
    }
    const place = ensure(places.get(event), 'every event stands in a file of the case')
    const body = { ...from, exhibit: number(), eventID: eventIDs.get(event) ?? '', after: { title, note } }
    made.set(open.operation('bookmark.add', eventTarget(place), body), event)
  }
  return made
}

/** Gives the next exhibit number of who works on the case with each call. */
async function exhibitNumbers(open: OpenCase): Promise<() => string> {
  const first = nextExhibit(open.actor, open.annotated.state.given, await open.copyMark())
  const { prefix, number } = ensure(parseExhibit(first), 'an exhibit number has its form')
  let next = number
  return () => exhibitNumber(prefix, next++)
}

async function placesOfEach(
  open: OpenCase,
  events: readonly number[],
): Promise<ReadonlyMap<number, { sha256: string; ordinal: number }>> {
  const rows = await open.file.reader.all<{ id: number; sha256: string; ordinal: number }>(
    `select e.id, lower(hex(n.sha256)) as sha256, e.ordinal
     from json_each(?) j join event e on e.id = j.value join entry n on n.id = e.entry`,
    [JSON.stringify(events)],
  )
  return new Map(rows.map(({ id, sha256, ordinal }) => [id, { sha256, ordinal }]))
}
