import { documentNumber, termNumber, type DocumentField, type TermField } from '#shared/domain/fields.ts'
import type { CaseStore } from '../storage/case-file.ts'
import { readPages } from '../storage/read-pages.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Bitmap, presentIn } from './bitmap.ts'
import { BoundedCache } from './bounded-cache.ts'
import {
  entryVector,
  copySegment,
  emptyVector,
  millisecondsVector,
  orderVector,
  packSegment,
  secondsVector,
  type SegmentRow,
  type Vector,
} from './segments.ts'
import { ValueSets } from './value-sets.ts'
import { deliveryOrder, identityOrder, timeOrder, type DeliveredFile } from './time-order.ts'

/** Room for columns, the sets of their values and their texts; with 700 MB for the engine as a whole (see ARCHITECTURE.md). */
const ROOM = 288_000_000

type Presence = { readonly events: Bitmap; readonly byteLength: number }

/**
 * All events of a case as vectors in time order: position 0 is the oldest event. Columns are read from the case file
 * when first asked for and kept; a filter, a count or a histogram then touches typed arrays only.
 */
export class EventIndex {
  readonly #reader: Connection
  /** How many event rows there are, hidden ones included: the length of every vector. */
  readonly length: number
  /** Position in time order -> event number - 1. */
  readonly order: Uint32Array
  /** Seconds since 1970 by position; 0 where the time is unknown. */
  readonly seconds: Uint32Array
  /** Milliseconds within the second by position, when any event has some. */
  readonly #milliseconds: Vector | undefined
  /** The events that count: all but thin copies that a fuller record replaced. */
  readonly visible: Bitmap
  /** Number of events that count. */
  readonly total: number
  readonly #kept = new BoundedCache(ROOM)
  #all: Bitmap | undefined
  /** Where a column is read to before it is put into the order of time: one after the other, so that none leaves garbage of its size. */
  #room: ArrayBuffer | undefined
  /** Made when asked for and let go when memory is wanted: few questions need it, and it is as large as a column. */
  #positions: WeakRef<Uint32Array> | undefined

  private constructor(
    reader: Connection,
    order: Uint32Array,
    seconds: Uint32Array,
    ms: Vector | undefined,
    hidden: readonly number[],
  ) {
    this.#reader = reader
    this.#milliseconds = ms
    this.length = order.length
    this.order = order
    this.seconds = seconds
    this.visible = Bitmap.full(order.length)
    for (const event of hidden) this.visible.remove(this.positionOf(event))
    this.total = this.visible.count()
  }

  /** Reads the time order (or sorts, when events came since it was stored) and nothing else. */
  static async load(reader: Connection): Promise<EventIndex> {
    const row = await reader.get<{ n: number }>('select coalesce(max(id), 0) as n from event')
    const length = row?.n ?? 0
    const seconds = Uint32Array.from(await readVector(reader, secondsVector, length))
    const ms = await milliseconds(reader, length)
    const order = (await storedOrder(reader, length)) ?? timeOrder(seconds, ms, identityOrder(length))
    const hidden = await reader.all<{ event: number }>('select event from hidden_event where event <= ?', [length])
    return new EventIndex(
      reader,
      order,
      gather(seconds, order).values as Uint32Array,
      ms && gather(ms, order).values,
      hidden.map((h) => h.event),
    )
  }

  eventAt(position: number): number {
    return this.order[position]! + 1
  }

  positionOf(event: number): number {
    let positions = this.#positions?.deref()
    if (!positions) {
      positions = new Uint32Array(this.length)
      for (let p = 0; p < this.length; p++) positions[this.order[p]!] = p
      this.#positions = new WeakRef(positions)
    }
    return positions[event - 1]!
  }

  /** The ids of a term field, by position. */
  term(field: TermField): Promise<Vector> {
    return this.vector(termNumber(field))
  }

  /** The events of each value of a term field, by the ids of its dictionary. */
  termSets(field: TermField): Promise<ValueSets> {
    return this.#kept.get(`sets ${termNumber(field)}`, async () => ValueSets.of(await this.term(field), 'terms'))
  }

  /** The events that have a value in a vector, by its number. The set is shared: not to be changed. */
  async present(number: number): Promise<Bitmap> {
    return (await this.#kept.get(`present ${number}`, async () => this.#presence(presentIn(await this.vector(number)))))
      .events
  }

  /** The events of each document of a field, by the numbers of documents. */
  documentSets(field: DocumentField): Promise<ValueSets> {
    const number = documentNumber(field)
    // The column itself is of no further use.
    return this.#kept.get(`sets ${number}`, async () => ValueSets.of(await this.#readColumn(number), 'documents'))
  }

  /** The ledger line each event stands in, by position. */
  entry(): Promise<Vector> {
    return this.vector(entryVector)
  }

  /** Any vector by its number, in time order. */
  vector(number: number): Promise<Vector> {
    return this.#kept.get(`column ${number}`, () => this.#readColumn(number))
  }

  async #readColumn(number: number): Promise<Vector> {
    const room = this.#room ?? new ArrayBuffer(this.length * 4)
    this.#room = undefined
    const { values, present } = gather(await readVector(this.#reader, number, this.length, room), this.order)
    this.#room = room
    void this.#kept.get(`present ${number}`, () => Promise.resolve(this.#presence(present)))
    return values
  }

  /** A set to be kept; one of all events is the same for every column and takes no room. */
  #presence(events: Bitmap): Presence {
    if (events.count() < this.length) return { events, byteLength: events.words.byteLength }
    return { events: (this.#all ??= Bitmap.full(this.length)), byteLength: 0 }
  }

  /** The dictionary of a term field: text by id; id 0 means absent and has the empty text. */
  async terms(field: TermField): Promise<readonly string[]> {
    const number = termNumber(field)
    return (await this.#kept.get(`terms ${number}`, () => readTerms(this.#reader, number))).texts
  }

  /** UTC milliseconds at a position, or `undefined` when the time is unknown. */
  timeAt(position: number): number | undefined {
    const second = this.seconds[position]!
    return second === 0 ? undefined : second * 1000 + (this.#milliseconds?.[position] ?? 0)
  }

  /** The first position whose time is `ms` or later; events without a time stand before all others. */
  positionAt(ms: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.timeAt(middle) ?? -Infinity) < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The position of the first event that has a time. */
  get firstDated(): number {
    return this.positionAt(0)
  }
}

/** A vector of zeros at the beginning of a room that is large enough. */
function vectorIn(room: ArrayBuffer, width: number, length: number): Vector {
  const out =
    width <= 1
      ? new Uint8Array(room, 0, length)
      : width === 2
        ? new Uint16Array(room, 0, length)
        : new Uint32Array(room, 0, length)
  return out.fill(0)
}

/** How many pieces of a vector are read at a time: as one answer, the memory of every thread of the database would keep its size. */
const PIECES = 64

async function readVector(reader: Connection, number: number, length: number, room?: ArrayBuffer): Promise<Vector> {
  const widest = await reader.get<{ width: number | null }>(
    'select max(width) as width from segment where field = ? and first <= ?',
    [number, length],
  )
  const out = room ? vectorIn(room, widest?.width ?? 0, length) : emptyVector(widest?.width ?? 0, length)
  for (let after = 0; ;) {
    const rows = await reader.all<SegmentRow>(
      'select first, count, width, bytes from segment where field = ? and first > ? and first <= ? order by first limit ?',
      [number, after, length, PIECES],
    )
    for (const row of rows) copySegment(row, out)
    const last = rows.at(-1)
    if (!last || rows.length < PIECES) return out
    after = last.first
  }
}

async function milliseconds(reader: Connection, length: number): Promise<Vector | undefined> {
  const some = await reader.get('select 1 from segment where field = ? and width > 0 limit 1', [millisecondsVector])
  return some ? readVector(reader, millisecondsVector, length) : undefined
}

type Texts = { readonly texts: readonly string[]; readonly byteLength: number }

/** What V8 takes for a short text beside its characters: its header, its place in the array, and rounding. */
const BYTES_PER_TEXT = 28

/** So many texts are read at a time, for the same reason as the pieces of a vector. */
const TEXTS = 10_000

async function readTerms(reader: Connection, field: number): Promise<Texts> {
  const texts = ['']
  for (let bytes = 0; ;) {
    // One text for many: rows by the hundred thousand are slow to hand over. Ids count up from 1 without a gap.
    const row = await reader.get<{ some: string; count: number }>(
      `select json_group_array(text order by id) as some, count(*) as count
       from (select id, text from term where field = ? and id >= ? order by id limit ?)`,
      [field, texts.length, TEXTS],
    )
    if (!row || row.count === 0) return { texts, byteLength: bytes }
    for (const text of JSON.parse(row.some) as string[]) texts.push(text)
    bytes += row.some.length + row.count * BYTES_PER_TEXT
  }
}

/** Values by event number -> values by position, and which positions have one: 0 is "absent". */
function gather(byNumber: Vector, order: Uint32Array): { readonly values: Vector; readonly present: Bitmap } {
  const values = emptyVector(byNumber.BYTES_PER_ELEMENT, order.length)
  const present = new Bitmap(order.length)
  for (let word = 0, p = 0; word < present.words.length; word++) {
    const end = Math.min(order.length, p + 32)
    let bits = 0
    for (let bit = 0; p < end; p++, bit++) {
      const value = byNumber[order[p]!]!
      values[p] = value
      if (value !== 0) bits |= 1 << bit
    }
    present.words[word] = bits
  }
  return { values, present }
}

/** The order stored at the end of the last import, if no event came since. */
async function storedOrder(reader: Connection, length: number): Promise<Uint32Array | undefined> {
  const pieces = await reader.all<{ id: number; count: number }>('select id, count from segment where field = ?', [
    orderVector,
  ])
  if (pieces.reduce((n, piece) => n + piece.count, 0) !== length) return undefined
  const order = new Uint32Array(length)
  for (const { id } of pieces) {
    const row = await reader.get<SegmentRow>('select first, count, width, bytes from segment where id = ?', [id])
    if (row) copySegment(row, order)
  }
  return order
}

/** How many values one stored piece of the order holds. */
const ORDER_PIECE = 1_000_000

/** Sorts all events by time and keeps the order in the case. Called at the end of an import. */
export async function storeTimeOrder(caseFile: CaseStore): Promise<void> {
  const reader = caseFile.reader
  const row = await reader.get<{ n: number }>('select coalesce(max(id), 0) as n from event')
  const length = row?.n ?? 0
  const files: DeliveredFile[] = []
  const pages = readPages<DeliveredFile & { readonly id: number }>(
    reader,
    'select id, path, first_event as firstEvent, event_count as count from entry where event_count > 0 and id > ? order by id limit ?',
    [],
    (row) => row.id,
  )
  for await (const rows of pages) files.push(...rows)
  const seconds = Uint32Array.from(await readVector(reader, secondsVector, length))
  const order = timeOrder(seconds, await milliseconds(reader, length), deliveryOrder(files, length))
  await caseFile.transaction(async (tx) => {
    await tx.run('delete from segment where field = ?', [orderVector])
    for (let first = 0; first < length; first += ORDER_PIECE) {
      const piece = order.slice(first, first + ORDER_PIECE)
      await tx.run('insert into segment (field, first, count, width, bytes) values (?, ?, ?, 4, ?)', [
        orderVector,
        first + 1,
        piece.length,
        packSegment(piece, 4),
      ])
    }
  })
}
