import { tagKey, type Bookmark } from '#shared/domain/annotation.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { listActs, undoable } from './acts.ts'
import { resolveEach, resolvePlaces } from './event-places.ts'
import { foldAnnotations, type AnnotationState } from './fold-annotations.ts'
import { foldTag, type TagOperation } from './fold-tags.ts'
import { annotationTypes, parseAnnotation, type AnnotationOperation } from './operation-bodies.ts'
import { listOperations, type Operation } from './operations-log.ts'

/** A tag operation with the events of this case that it means. */
type ResolvedTag = TagOperation & { readonly elsewhere: number }

/**
 * What people have said about an open case, in memory: read when first asked for, kept up to date with each change, and looked up
 * again in the evidence when more of it has come.
 */
export class CaseAnnotations {
  readonly #reader: Connection
  readonly #operations = new Map<string, AnnotationOperation>()
  readonly #tagOperations = new Map<string, ResolvedTag>()
  #loading: Promise<void> | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #loads: Promise<unknown> = Promise.resolve()
  #state: AnnotationState | undefined
  /** By tag key, as bits by event number - 1. */
  #tags: Map<string, Bitmap> | undefined
  #bookmarkEvents: ReadonlyMap<string, number | undefined> = new Map()
  #bookmarksByEvent: ReadonlyMap<number, readonly Bookmark[]> | undefined
  #length = 0
  /** How far the evidence had come when places were last looked up. */
  #seen = { length: -1, total: -1 }
  #byPosition:
    { index: EventIndex; state: AnnotationState; tags: ReadonlyMap<string, Bitmap>; bookmarks: Bitmap } | undefined

  constructor(reader: Connection) {
    this.#reader = reader
  }

  /** One after the other: what is read before a change must still be true when it is written. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work)
    this.#queue = next.catch(() => undefined)
    return next
  }

  /** Reads everything again when next asked for, e.g. after a merge wrote operations by itself. */
  forget(): void {
    this.#operations.clear()
    this.#tagOperations.clear()
    this.#loading = undefined
    this.#seen = { length: -1, total: -1 }
    this.#changed()
  }

  /** Takes in operations that were just written. `events` are those that a tag operation means, where the caller knows them. */
  append(operations: readonly Operation[], events?: ReadonlyMap<string, Uint32Array>): void {
    if (!this.#loading) return
    for (const operation of operations) {
      const parsed = parseAnnotation(operation)
      if (!parsed) continue
      if (parsed.type === 'tag.add' || parsed.type === 'tag.remove') {
        const own = events?.get(parsed.id)
        if (!own) {
          this.forget()
          return
        }
        this.#addTagOperation(parsed, { events: own, elsewhere: 0 })
      } else this.#operations.set(parsed.id, parsed)
    }
    this.#changed()
  }

  #changed(): void {
    this.#state = undefined
    this.#tags = undefined
    this.#bookmarksByEvent = undefined
    this.#byPosition = undefined
  }

  /** What was said is the same, but where bookmarks stand is not. */
  #placed(): void {
    this.#bookmarksByEvent = undefined
    this.#byPosition = undefined
  }

  /** Makes sure that everything is read and stands for the events of this index. */
  load(index: EventIndex): Promise<void> {
    const next = this.#loads.then(() => this.#load(index))
    this.#loads = next.catch(() => undefined)
    return next
  }

  async #load(index: EventIndex): Promise<void> {
    await this.readOnce()
    const total = index.total
    if (this.#seen.length === index.length && this.#seen.total === total) return
    await this.#lookUp(total !== this.#seen.total - this.#seen.length + index.length)
    this.#length = index.length
    this.#seen = { length: index.length, total }
    this.#changed()
    await this.#lookUpBookmarks()
  }

  /** Reads the operations, without looking up their events: enough for what is not about single events. */
  readOnce(): Promise<void> {
    this.#loading ??= this.#readAll().catch((error: unknown) => {
      this.#loading = undefined
      throw error
    })
    return this.#loading
  }

  async #readAll(): Promise<void> {
    for (const operation of await listOperations(this.#reader, annotationTypes)) {
      const parsed = parseAnnotation(operation)
      if (!parsed) continue
      this.#operations.set(parsed.id, parsed)
    }
  }

  /** Finds the events of tag operations: of all, or only of those that name evidence which was not there yet. */
  async #lookUp(all: boolean): Promise<void> {
    for (const operation of this.#operations.values()) {
      if (operation.type !== 'tag.add' && operation.type !== 'tag.remove') continue
      const known = this.#tagOperations.get(operation.id)
      if (known && known.elsewhere === 0 && !all) continue
      this.#addTagOperation(operation, await resolvePlaces(this.#reader, operation.body.files))
    }
  }

  #addTagOperation(
    operation: Extract<AnnotationOperation, { type: 'tag.add' | 'tag.remove' }>,
    found: { events: Uint32Array; elsewhere: number },
  ): void {
    const kind = operation.type === 'tag.add' ? 'add' : 'remove'
    const observed = operation.type === 'tag.remove' ? operation.body.observed : []
    this.#operations.set(operation.id, operation)
    this.#tagOperations.set(operation.id, {
      id: operation.id,
      kind,
      tag: tagKey(operation.body.tag),
      observed,
      ...found,
    })
  }

  /** The event number of each bookmark; one whose evidence is not here has none. */
  async #lookUpBookmarks(): Promise<void> {
    const { bookmarks } = this.state
    const events = await resolveEach(
      this.#reader,
      bookmarks.map((b) => b.place),
    )
    this.#bookmarkEvents = new Map(bookmarks.map((b, n) => [b.id, events[n]]))
    this.#placed()
  }

  get operations(): Iterable<AnnotationOperation> {
    return this.#operations.values()
  }

  get state(): AnnotationState {
    return (this.#state ??= foldAnnotations(this.#operations.values()))
  }

  /** What undo and redo would take back for an examiner. */
  undoable(examiner: string): ReturnType<typeof undoable> {
    return undoable(listActs(this.#operations.values()), examiner)
  }

  /** Events by tag key, as bits by event number - 1. */
  get tagged(): ReadonlyMap<string, Bitmap> {
    if (this.#tags) return this.#tags
    const { reverted } = this.state
    const byTag = new Map<string, ResolvedTag[]>()
    for (const operation of this.#tagOperations.values()) {
      if (reverted.has(operation.id)) continue
      const known = byTag.get(operation.tag)
      if (known) known.push(operation)
      else byTag.set(operation.tag, [operation])
    }
    return (this.#tags = new Map([...byTag].map(([tag, own]) => [tag, foldTag(own, this.#length)])))
  }

  /** Places that carry a tag in evidence which is not here. */
  elsewhere(tag: string): number {
    let places = 0
    for (const operation of this.#tagOperations.values())
      if (operation.kind === 'add' && operation.tag === tag && !this.state.reverted.has(operation.id))
        places += operation.elsewhere
    return places
  }

  /** Additions of a tag that stand and cover any of these events: what a removal must name. */
  additionsOf(tag: string, events: Uint32Array): string[] {
    const wanted = new Bitmap(this.#length)
    for (const event of events) wanted.add(event - 1)
    const { reverted } = this.state
    return [...this.#tagOperations.values()]
      .filter(
        (o) =>
          o.kind === 'add' && o.tag === tag && !reverted.has(o.id) && o.events.some((event) => wanted.has(event - 1)),
      )
      .map((o) => o.id)
  }

  /** Whether an operation puts its tag on this event or takes it off. */
  concerns(operation: string, event: number): boolean {
    const events = this.#tagOperations.get(operation)?.events
    if (!events) return false
    let [low, high] = [0, events.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (events[middle]! < event) low = middle + 1
      else high = middle
    }
    return events[low] === event
  }

  /** The event a bookmark stands on, if its evidence is here. */
  eventOf(bookmark: Bookmark): number | undefined {
    return this.#bookmarkEvents.get(bookmark.id)
  }

  /** Tells where the event of a new bookmark is, so that it need not be looked up. */
  placeBookmark(id: string, event: number): void {
    this.#bookmarkEvents = new Map([...this.#bookmarkEvents, [id, event]])
    this.#placed()
  }

  tagsOf(event: number): string[] {
    const names: string[] = []
    for (const [key, events] of this.tagged)
      if (event <= events.length && events.has(event - 1)) names.push(this.state.tags.get(key)?.name ?? key)
    return names.sort()
  }

  /** The bookmarks on an event: one, or one of each examiner after a merge. */
  bookmarksOf(event: number): readonly Bookmark[] {
    if (!this.#bookmarksByEvent) {
      const byEvent = new Map<number, Bookmark[]>()
      for (const bookmark of this.state.bookmarks) {
        const at = this.eventOf(bookmark)
        if (at !== undefined) byEvent.set(at, [...(byEvent.get(at) ?? []), bookmark])
      }
      this.#bookmarksByEvent = byEvent
    }
    return this.#bookmarksByEvent.get(event) ?? []
  }

  /** The exhibit number of an event; where several examiners gave one, all of them. */
  exhibitOf(event: number): string | null {
    const bookmarks = this.bookmarksOf(event)
    return bookmarks.length === 0 ? null : bookmarks.map((b) => b.exhibit).join(', ')
  }

  /** Title and note of an event's bookmarks, and who made them. */
  wordsOf(event: number): { readonly title: string; readonly note: string; readonly authors: readonly string[] } {
    const said = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n')
    const bookmarks = this.bookmarksOf(event)
    const authors = [...new Set(bookmarks.map((b) => b.by))]
    return { title: said(bookmarks.map((b) => b.title)), note: said(bookmarks.map((b) => b.note)), authors }
  }

  /** Tags (by name) and bookmarks as bits by position, as queries need them. */
  byPosition(index: EventIndex): { readonly tags: ReadonlyMap<string, Bitmap>; readonly bookmarks: Bitmap } {
    const { state } = this
    if (this.#byPosition?.index === index && this.#byPosition.state === state) return this.#byPosition
    const tags = new Map<string, Bitmap>()
    for (const [key, events] of this.tagged) tags.set(state.tags.get(key)?.name ?? key, inTimeOrder(index, events))
    const bookmarks = new Bitmap(index.length)
    for (const bookmark of state.bookmarks) {
      const event = this.eventOf(bookmark)
      if (event !== undefined && event <= index.length) bookmarks.add(index.positionOf(event))
    }
    this.#byPosition = { index, state, tags, bookmarks }
    return this.#byPosition
  }
}

/** Bits by event number -> bits by position. */
function inTimeOrder(index: EventIndex, events: Bitmap): Bitmap {
  const out = new Bitmap(index.length)
  events.each((n) => {
    if (n < index.length) out.add(index.positionOf(n + 1))
  })
  return out
}

/** Event numbers of positions, ascending. */
export function eventNumbers(index: EventIndex, positions: Bitmap): Uint32Array {
  const out = new Uint32Array(positions.count())
  let at = 0
  positions.each((position) => (out[at++] = index.eventAt(position)))
  return out.sort()
}
