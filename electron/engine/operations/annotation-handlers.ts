import type { AnnotationStateShown, BookmarkShown } from '#shared/contract/annotations.ts'
import type { InputOf } from '#shared/contract/contract.ts'
import type { Bookmark, Tag } from '#shared/domain/annotation.ts'
import { tagKey } from '#shared/domain/annotation.ts'
import type { Act } from '../annotations/acts.ts'
import { listActs } from '../annotations/acts.ts'
import {
  addBookmark,
  bookmarkContent,
  nameOf,
  newObjectId,
  redoAct,
  removeObject,
  resolveConflict,
  setFields,
  setStory,
  tagEvents,
  undoAct,
} from '../annotations/annotate.ts'
import { describeAct } from '../annotations/describe-act.ts'
import { conflictsOf } from '../annotations/fold-fields.ts'
import { shownConflicts, type ShownConflict } from '../annotations/show-conflicts.ts'
import { compareHead, custodyHead, custodyNames, listCustody } from '../annotations/list-custody.ts'
import { listHistory, type About } from '../annotations/list-history.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import type { OpenCase } from '../open-case.ts'
import type { QueryWorld } from '../queries/evaluate.ts'
import { readEvent } from '../queries/event-details.ts'
import { readRows } from '../queries/event-rows.ts'
import { ask } from '../queries/question.ts'
import { Refusal } from '../refusal.ts'
import { Bitmap } from '../vectors/bitmap.ts'

type Names =
  | 'annotations.state'
  | 'annotations.resolve'
  | 'annotations.undo'
  | 'annotations.redo'
  | 'annotations.history'
  | 'tags.define'
  | 'tags.apply'
  | 'tags.remove'
  | 'bookmarks.set'
  | 'bookmarks.remove'
  | 'findings.set'
  | 'findings.remove'
  | 'story.set'
  | 'searches.save'
  | 'searches.list'
  | 'searches.remove'
  | 'custody.list'
  | 'custody.head'
  | 'custody.logViews'

type TagCall = Parameters<EngineHandlers['tags.apply']>[1]

export function annotationHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  /** The case with its annotations read, ready to be changed: without an examiner nothing begins. */
  const changing = async (
    caseId: InputOf<'annotations.undo'>['caseId'],
  ): Promise<{ open: OpenCase; world: QueryWorld }> => {
    const open = engine.case(caseId)
    open.requireExaminer()
    return { open, world: await open.world() }
  }
  const tag = async (
    { caseId, tag: name, events }: InputOf<'tags.apply'>,
    remove: boolean,
    { progress, signal }: TagCall,
  ) => {
    const { open, world } = await changing(caseId)
    const positions = await selectedPositions(world, events, signal)
    const how = events.kind === 'query' ? { query: events.query } : {}
    return tagEvents(open, { tag: name, remove, index: world.index, positions, how }, progress, signal)
  }
  return {
    'annotations.state': async ({ caseId }) => {
      const open = engine.case(caseId)
      return shownState(open, await open.world())
    },
    'annotations.resolve': async ({ caseId, ...wish }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const resolved = await resolveConflict(open, wish)
        return { resolved, conflicts: await conflictsNow(open) }
      })
    },
    'tags.define': async ({ caseId, name, ...fields }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const known = open.annotated.state.tags.has(tagKey(name))
        await setFields(open, 'tag.define', `tag:${tagKey(name)}`, {
          ...(known ? {} : { name: name.normalize('NFC') }),
          ...fields,
        })
        return shownTag(open, tagKey(name))
      })
    },
    'tags.apply': (input, call) => tag(input, false, call),
    'tags.remove': (input, call) => tag(input, true, call),
    'bookmarks.set': async ({ caseId, event, exhibit, title, note }) => {
      const { open, world } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const known = findBookmark(open, event, exhibit)
        if (!known && exhibit !== undefined)
          throw new Refusal('not-found', `There is no bookmark ${exhibit} in this case.`)
        if (!known && event === undefined)
          throw new Refusal('bad-input', 'Say which event to bookmark, or which exhibit to change.')
        if (known) {
          await setFields(open, 'bookmark.set', `bookmark:${known.id}`, { title, note })
          return shownBookmark(open, world, known.exhibit)
        }
        const place = await placeOf(open, world, event!)
        return shownBookmark(open, world, await addBookmark(open, place, { title: title ?? '', note: note ?? '' }))
      })
    },
    'bookmarks.remove': async ({ caseId, exhibit }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const known = open.annotated.state.bookmarks.find((b) => b.exhibit === exhibit)
        return {
          removed:
            known !== undefined &&
            (await removeObject(open, 'bookmark.remove', `bookmark:${known.id}`, bookmarkContent(known))),
        }
      })
    },
    'findings.set': async ({ caseId, id, ...fields }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const { findings } = open.annotated.state
        if (id !== undefined && !findings.some((f) => f.id === id))
          throw new Refusal('not-found', 'This finding is not in the case any more. Write it as a new one.')
        const order = id === undefined ? findings.reduce((most, f) => Math.max(most, f.order), 0) + 1 : undefined
        const target = id ?? newObjectId()
        const starting =
          id === undefined
            ? { title: '', statement: '', kind: 'hypothesis', confidence: 'low', alternatives: [], exhibits: [], order }
            : {}
        await setFields(open, 'finding.set', `finding:${target}`, { ...starting, ...defined(fields) })
        return mutable(open.annotated.state.findings.find((f) => f.id === target)!)
      })
    },
    'findings.remove': async ({ caseId, id }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const known = open.annotated.state.findings.find((f) => f.id === id)
        return {
          removed: known !== undefined && (await removeObject(open, 'finding.remove', `finding:${id}`, { ...known })),
        }
      })
    },
    'story.set': async ({ caseId, blocks }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const changed = await setStory(open, blocks)
        return { story: [...open.annotated.state.story], changed }
      })
    },
    'searches.save': async ({ caseId, id, name, kind, query, layout, note }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        if (id !== undefined && !open.annotated.state.searches.some((s) => s.id === id))
          throw new Refusal('not-found', 'This saved search is not in the case any more. Save it as a new one.')
        const target = id ?? newObjectId()
        await setFields(open, 'search.set', `search:${target}`, { name, kind, query, layout, note })
        return open.annotated.state.searches.find((s) => s.id === target)!
      })
    },
    'searches.list': async ({ caseId }) => {
      const open = engine.case(caseId)
      await open.world()
      return { searches: [...open.annotated.state.searches] }
    },
    'searches.remove': async ({ caseId, id }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const known = open.annotated.state.searches.find((s) => s.id === id)
        return {
          removed:
            known !== undefined &&
            (await removeObject(open, 'search.remove', `search:${id}`, { name: known.name, query: known.query })),
        }
      })
    },
    'annotations.undo': async ({ caseId, act: wanted }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const act =
          wanted === undefined
            ? open.annotated.undoable(open.actor).undo
            : listActs(open.annotated.operations).find((a) => a.id === wanted)
        if (wanted !== undefined && !act) throw new Refusal('not-found', 'This act is not in the case.')
        if (act?.operations.some((o) => open.annotated.state.reverted.has(o.id)))
          throw new Refusal('bad-input', 'This act has been undone already.')
        if (act) await undoAct(open, act)
        return { undone: offer(act) }
      })
    },
    'annotations.redo': async ({ caseId }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        const { redo } = open.annotated.undoable(open.actor)
        if (redo) await redoAct(open, redo)
        return { redone: offer(redo?.act) }
      })
    },
    'annotations.history': async ({ caseId, about, offset, limit }) => {
      const open = engine.case(caseId)
      await open.world()
      const wanted: About = about.kind === 'event' ? { ...about, places: await placesOfEvent(open, about.id) } : about
      const entries = listHistory(open.annotated, wanted)
      return { total: entries.length, entries: entries.slice(offset, offset + limit) }
    },
    'custody.list': async ({ caseId, ...wish }) => {
      const { reader } = engine.case(caseId).file
      return { ...(await listCustody(reader, wish)), ...(await custodyNames(reader)) }
    },
    'custody.head': async ({ caseId, noted }) => {
      const { reader } = engine.case(caseId).file
      return { ...(await custodyHead(reader)), noted: noted ? await compareHead(reader, noted) : null }
    },
    'custody.logViews': async ({ caseId, on }) => {
      const { open } = await changing(caseId)
      return open.annotated.exclusive(async () => {
        await setFields(open, 'setting.set', 'setting', { logViews: on })
        return { logViews: on }
      })
    },
  }
}

async function selectedPositions(
  world: QueryWorld,
  events: InputOf<'tags.apply'>['events'],
  signal: AbortSignal,
): Promise<Bitmap> {
  if (events.kind === 'query') return (await ask(world, events.query, signal)).events
  const { index } = world
  const positions = new Bitmap(index.length)
  for (const id of events.ids) {
    if (id > index.length) throw new Refusal('not-found', `There is no event ${id} in this case.`)
    positions.add(index.positionOf(id))
  }
  return positions.and(index.visible)
}

/** One's own bookmark on the event, or any by its exhibit number. */
function findBookmark(open: OpenCase, event: number | undefined, exhibit: string | undefined): Bookmark | undefined {
  const { bookmarks } = open.annotated.state
  if (exhibit !== undefined) return bookmarks.find((b) => b.exhibit === exhibit)
  const here = bookmarks.filter((b) => open.annotated.eventOf(b) === event)
  return here.find((b) => b.by === open.actor) ?? here[0]
}

async function placeOf(open: OpenCase, world: QueryWorld, event: number) {
  if (event > world.index.length || !world.index.visible.has(world.index.positionOf(event)))
    throw new Refusal('not-found', 'There is no such event in this case.')
  const row = await open.file.reader.get<{ sha256: string; ordinal: number }>(
    'select lower(hex(n.sha256)) as sha256, e.ordinal from event e join entry n on n.id = e.entry where e.id = ?',
    [event],
  )
  const [shown] = await readRows(world, [world.index.positionOf(event)], ['eventID'], open.annotated)
  return { id: event, sha256: row!.sha256, ordinal: row!.ordinal, eventID: shown?.values[0] ?? '' }
}

async function placesOfEvent(open: OpenCase, event: number) {
  const { places } = await readEvent(open.file.reader, open.inflated, event)
  return places.map((p) => ({ sha256: p.fileSha256, ordinal: p.ordinal }))
}

function shownTag(open: OpenCase, key: string): Tag & { techniques: string[] } {
  const definition = open.annotated.state.tags.get(key)
  const none = { name: nameOf(open, key), colour: 0, tactic: '', techniques: [], description: '', retired: false }
  const { techniques, ...rest } = definition ?? none
  return {
    ...rest,
    techniques: [...techniques],
    events: open.annotated.tagged.get(key)?.count() ?? 0,
    elsewhere: open.annotated.elsewhere(key),
  }
}

async function shownState(open: OpenCase, world: QueryWorld): Promise<AnnotationStateShown> {
  const { state } = open.annotated
  const offers = open.examiner ? open.annotated.undoable(open.examiner.name) : undefined
  return {
    tags: [...state.tags.keys()].map((key) => shownTag(open, key)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    bookmarks: await shownBookmarks(open, world, state.bookmarks),
    findings: state.findings.map(mutable),
    story: [...state.story],
    searches: [...state.searches],
    conflicts: await conflictsNow(open),
    logViews: state.logViews,
    undo: offer(offers?.undo),
    redo: offer(offers?.redo?.act),
  }
}

async function conflictsNow(open: OpenCase): Promise<ShownConflict[]> {
  const { state } = open.annotated
  const caseObject = await open.caseObject()
  return shownConflicts(state, [...(caseObject ? conflictsOf([caseObject]) : []), ...state.conflicts])
}

const BOOKMARK_FIELDS = ['eventName', 'eventSource', 'principal']

async function shownBookmarks(
  open: OpenCase,
  world: QueryWorld,
  bookmarks: readonly Bookmark[],
): Promise<BookmarkShown[]> {
  const events = bookmarks.flatMap((b) => open.annotated.eventOf(b) ?? [])
  const rows = await readRows(
    world,
    events.map((event) => world.index.positionOf(event)),
    BOOKMARK_FIELDS,
    open.annotated,
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return bookmarks.map((bookmark) => {
    const row = byId.get(open.annotated.eventOf(bookmark) ?? -1)
    const [eventName = null, eventSource = null, principal = null] = row?.values ?? []
    return {
      ...bookmark,
      place: { ...bookmark.place },
      event: row ? { id: row.id, timeMs: row.timeMs, eventName, eventSource, principal } : null,
    }
  })
}

async function shownBookmark(open: OpenCase, world: QueryWorld, exhibit: string): Promise<BookmarkShown> {
  const own = open.annotated.state.bookmarks.filter((b) => b.exhibit === exhibit)
  const [shown] = await shownBookmarks(open, world, own)
  if (!shown) throw new Refusal('not-found', `There is no bookmark ${exhibit} in this case.`)
  return shown
}

const offer = (act: Act | undefined) => (act ? { act: act.id, words: describeAct(act), atMs: act.atMs } : null)

const mutable = <T extends { readonly alternatives: readonly string[]; readonly exhibits: readonly string[] }>(
  finding: T,
) => ({
  ...finding,
  alternatives: [...finding.alternatives],
  exhibits: [...finding.exhibits],
})

/** Without the members that were not given, which must not overwrite a default. */
const defined = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined))
