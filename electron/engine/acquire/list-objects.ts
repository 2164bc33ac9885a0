import { stopIfCancelled, Refusal } from '../refusal.ts'
import { findPlaces, type Place } from './find-places.ts'
import { layoutOf, wantsKey, type KeyLayout, type Selection } from './layout.ts'
import type { BucketLists, ListedObject } from './object-store.ts'

export type WantedObject = ListedObject & { readonly layout: KeyLayout }

/** What the lists of a bucket say about a selection, before any object is read. */
export type Listing = {
  /** Objects that fit, as the bucket shows them now. */
  readonly current: readonly WantedObject[]
  /** Versions that fit and were replaced or deleted. */
  readonly older: readonly WantedObject[]
  readonly deleteMarkers: readonly WantedObject[]
  readonly leftOut: number
  readonly notes: readonly string[]
}

/** More than this is not held in memory: the selection must be narrowed. */
const MOST_OBJECTS = 3_000_000
/** Regions that are listed at the same time. */
const AT_ONCE = 8

/**
 * Lists what fits a selection. Only lists are asked for, and of them only the days that can hold something.
 * @throws Refusal `bad-input` when there is too much, `cancelled`
 */
export async function listObjects(
  lists: BucketLists,
  prefix: string,
  selection: Selection,
  told: (listed: number) => void,
  signal: AbortSignal,
): Promise<Listing> {
  const { places, notes } = await findPlaces(lists, prefix, selection)
  const found = new Found(selection)
  const queue = [...places]
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let place = queue.shift(); place; place = queue.shift()) await listPlace(lists, place, found, told, signal)
    }),
  )
  return found.listing(notes)
}

async function listPlace(
  lists: BucketLists,
  place: Place,
  found: Found,
  told: (listed: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of lists.pages(place.prefix, place.startAfter)) {
    stopIfCancelled(signal)
    for (const object of page) {
      if (place.before !== undefined && object.key >= place.before) return
      found.add(object)
    }
    told(found.listed)
  }
}

class Found {
  listed = 0
  readonly #selection: Selection
  readonly #current: WantedObject[] = []
  readonly #older: WantedObject[] = []
  readonly #markers: WantedObject[] = []
  #leftOut = 0

  constructor(selection: Selection) {
    this.#selection = selection
  }

  add(object: ListedObject): void {
    this.listed++
    const layout = layoutOf(object.key)
    if (!layout || !wantsKey(this.#selection, layout)) {
      this.#leftOut++
      return
    }
    const wanted = { ...object, layout }
    if (object.isDeleteMarker) this.#markers.push(wanted)
    else if (object.isLatest) this.#current.push(wanted)
    else this.#older.push(wanted)
    if (this.#current.length + this.#older.length > MOST_OBJECTS)
      throw new Refusal(
        'bad-input',
        `More than ${MOST_OBJECTS} objects fit. Narrow the selection by account, region or time, and acquire the rest in further runs.`,
      )
  }

  listing(notes: readonly string[]): Listing {
    for (const list of [this.#current, this.#older, this.#markers]) list.sort(byKey)
    return { current: this.#current, older: this.#older, deleteMarkers: this.#markers, leftOut: this.#leftOut, notes }
  }
}

const byKey = (a: ListedObject, b: ListedObject): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : (a.versionId ?? '') < (b.versionId ?? '') ? -1 : 1
