import { parseRanges, rangesOf, type EventPlace, type Range } from '#shared/domain/annotation.ts'
import type { Connection } from '../storage/sqlite.ts'

/** Events named by their place in the evidence: record numbers as ranges, per SHA-256 of the file. */
export type Places = Readonly<Record<string, string>>
export type ResolvedPlaces = {
  /** Numbers of the events in this case, ascending. */
  readonly events: Uint32Array
  /** Places in evidence that this case does not hold. */
  readonly elsewhere: number
}

/** Values per statement: as one JSON text, so that no limit of parameters is met. */
const PER_STATEMENT = 20_000

type FileRow = {
  sha: string
  entry: number
  first: number | null
  count: number
  firstOrdinal: number | null
  lastOrdinal: number | null
}

/** The events of this case at the given places. A record that another file delivered first is found as its occurrence. */
export async function resolvePlaces(reader: Connection, places: Places): Promise<ResolvedPlaces> {
  const files = Object.keys(places)
  const found: number[] = []
  let elsewhere = 0
  for (let from = 0; from < files.length; from += PER_STATEMENT) {
    const part = files.slice(from, from + PER_STATEMENT)
    const known = await filesByHash(reader, part)
    const difficult: { file: FileRow; ranges: readonly Range[] }[] = []
    for (const sha of part) {
      const ranges = parseRanges(places[sha]!) ?? []
      const file = known.get(sha)
      if (!file) elsewhere += ranges.reduce((n, [first, last]) => n + last - first + 1, 0)
      else if (!addContiguous(found, file, ranges)) difficult.push({ file, ranges })
    }
    elsewhere += await addDifficult(reader, found, difficult)
  }
  const events = await withoutHidden(reader, Uint32Array.from(found).sort())
  return { events: distinct(events), elsewhere }
}

async function filesByHash(reader: Connection, hashes: readonly string[]): Promise<Map<string, FileRow>> {
  const rows = await reader.all<FileRow>(
    `select lower(hex(o.sha256)) as sha, n.id as entry, n.first_event as first, coalesce(n.event_count, 0) as count,
            (select ordinal from event where id = n.first_event) as firstOrdinal,
            (select ordinal from event where id = n.first_event + n.event_count - 1) as lastOrdinal
     from json_each(?) j join original o on o.sha256 = unhex(j.value) join entry n on n.original = o.id
     where n.outcome <> 'duplicate' order by n.id desc`,
    [JSON.stringify(hashes)],
  )
  return new Map(rows.map((row) => [row.sha, row]))
}

/** Whether all records of the file up to its last event are events in the order of the file, as in nearly every file. */
const isContiguous = (file: FileRow): boolean =>
  file.count > 0 && file.lastOrdinal! - file.firstOrdinal! === file.count - 1

function addContiguous(found: number[], file: FileRow, ranges: readonly Range[]): boolean {
  if (!isContiguous(file)) return false
  if (ranges.some(([first, last]) => first < file.firstOrdinal! || last > file.lastOrdinal!)) return false
  for (const [first, last] of ranges)
    for (let ordinal = first; ordinal <= last; ordinal++) found.push(file.first! + ordinal - file.firstOrdinal!)
  return true
}

/** Files with gaps or duplicates: looks each record up, among the file's events and among occurrences. Gives how many it did not find. */
async function addDifficult(
  reader: Connection,
  found: number[],
  files: readonly { file: FileRow; ranges: readonly Range[] }[],
): Promise<number> {
  if (files.length === 0) return 0
  const rows = await reader.all<{ entry: number; ordinal: number; event: number }>(
    `select e.entry, e.ordinal, e.id as event from json_each(?1) j join entry n on n.id = j.value
       join event e on e.id between n.first_event and n.first_event + n.event_count - 1
     union all select o.entry, o.ordinal, o.event from json_each(?1) j join occurrence o on o.entry = j.value`,
    [JSON.stringify(files.map(({ file }) => file.entry))],
  )
  const records = new Map<number, Map<number, number>>()
  for (const { entry, ordinal, event } of rows) {
    const known = records.get(entry) ?? new Map<number, number>()
    records.set(entry, known)
    if (!known.has(ordinal)) known.set(ordinal, event)
  }
  let missing = 0
  for (const { file, ranges } of files) {
    const known = records.get(file.entry)
    for (const [first, last] of ranges) {
      let hits = 0
      if (known && last - first < known.size) {
        for (let ordinal = first; ordinal <= last; ordinal++) {
          const event = known.get(ordinal)
          if (event !== undefined) hits += found.push(event) > 0 ? 1 : 0
        }
      } else if (known)
        for (const [ordinal, event] of known)
          if (ordinal >= first && ordinal <= last) hits += found.push(event) > 0 ? 1 : 0
      missing += last - first + 1 - hits
    }
  }
  return missing
}

/** The event at each place, in the order given; `undefined` where its evidence is not here. */
export async function resolveEach(reader: Connection, places: readonly EventPlace[]): Promise<(number | undefined)[]> {
  const out = new Array<number | undefined>(places.length).fill(undefined)
  for (let from = 0; from < places.length; from += PER_STATEMENT) {
    const rows = await reader.all<{ n: number; event: number }>(
      `select j.key as n, e.id as event from json_each(?) j join original o on o.sha256 = unhex(j.value ->> 0)
         join entry n on n.original = o.id and n.outcome <> 'duplicate'
         join event e on e.id = n.first_event + (j.value ->> 1) - (select ordinal from event where id = n.first_event)
       where e.entry = n.id and e.ordinal = j.value ->> 1 and not exists (select 1 from hidden_event h where h.event = e.id)`,
      [JSON.stringify(places.slice(from, from + PER_STATEMENT).map((p) => [p.sha256, p.ordinal]))],
    )
    for (const { n, event } of rows) out[from + n] = event
  }
  for (const [n, place] of places.entries())
    if (out[n] === undefined)
      out[n] = (await resolvePlaces(reader, { [place.sha256]: String(place.ordinal) })).events[0]
  return out
}

/** A thin copy that a fuller record replaced lends what was said of it to the fuller one. */
async function withoutHidden(reader: Connection, sorted: Uint32Array): Promise<Uint32Array> {
  if (sorted.length === 0) return sorted
  const rows = await reader.all<{ event: number; by: number }>('select event, replaced_by as "by" from hidden_event')
  if (rows.length === 0) return sorted
  const replaced = new Map(rows.map((row) => [row.event, row.by]))
  return sorted
    .map((event) => {
      let at = event
      for (let hops = 0; hops < 10; hops++) at = replaced.get(at) ?? at
      return at
    })
    .sort()
}

function distinct(sorted: Uint32Array): Uint32Array {
  let kept = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!
  return sorted.slice(0, kept)
}

/** Beyond this many events, reading the list of all files once is cheaper than asking for each event. */
const ONE_BY_ONE = 20_000
type FileOfEvents = { sha: string; first: number; count: number; firstOrdinal: number; lastOrdinal: number }

/**
 * The places of events, as pieces of at most `pieceBytes` of JSON text: one operation each. Every piece carries the events it names.
 * @param events ascending
 */
export async function placesOf(
  reader: Connection,
  events: Uint32Array,
  pieceBytes: number,
): Promise<{ places: Places; events: Uint32Array }[]> {
  const pieces = new Pieces(pieceBytes)
  if (events.length <= ONE_BY_ONE)
    await eachFileByEvent(reader, events, (sha, ordinals, own) => pieces.add(sha, ordinals, own))
  else await eachFile(reader, events, (sha, ordinals, own) => pieces.add(sha, ordinals, own))
  return pieces.finish()
}

type EachFile = (sha: string, ordinals: readonly number[], events: Uint32Array) => void

async function eachFileByEvent(reader: Connection, events: Uint32Array, visit: EachFile): Promise<void> {
  const rows = await reader.all<{ sha: string; ordinal: number }>(
    `select lower(hex(n.sha256)) as sha, e.ordinal from json_each(?) j join event e on e.id = j.value join entry n on n.id = e.entry order by e.id`,
    [JSON.stringify([...events])],
  )
  for (let from = 0; from < rows.length;) {
    let to = from
    while (to < rows.length && rows[to]!.sha === rows[from]!.sha) to++
    visit(
      rows[from]!.sha,
      rows.slice(from, to).map((row) => row.ordinal),
      events.subarray(from, to),
    )
    from = to
  }
}

async function eachFile(reader: Connection, events: Uint32Array, visit: EachFile): Promise<void> {
  let at = 0
  let after = 0
  while (at < events.length) {
    const files = await reader.all<FileOfEvents & { id: number }>(
      `select n.id, lower(hex(n.sha256)) as sha, n.first_event as first, n.event_count as count,
              (select ordinal from event where id = n.first_event) as firstOrdinal,
              (select ordinal from event where id = n.first_event + n.event_count - 1) as lastOrdinal
       from entry n where n.event_count > 0 and n.first_event > ? order by n.first_event limit 200000`,
      [after],
    )
    for (const file of files) {
      const from = at
      while (at < events.length && events[at]! < file.first + file.count) at++
      if (at > from)
        visit(file.sha, await ordinalsOf(reader, file, events.subarray(from, at)), events.subarray(from, at))
      if (at === events.length) return
    }
    const last = files.at(-1)
    if (!last) return
    after = last.first
  }
}

async function ordinalsOf(reader: Connection, file: FileOfEvents, events: Uint32Array): Promise<number[]> {
  if (file.lastOrdinal - file.firstOrdinal === file.count - 1)
    return Array.from(events, (event) => file.firstOrdinal + event - file.first)
  const row = await reader.get<{ all: string }>(
    'select json_group_array(ordinal order by id) as "all" from event where id between ? and ?',
    [file.first, file.first + file.count - 1],
  )
  const ordinals = JSON.parse(row?.all ?? '[]') as number[]
  return Array.from(events, (event) => ordinals[event - file.first]!)
}

/** Records of one file per entry of a piece: a file with millions of scattered records is spread over pieces. */
const PER_FILE = 50_000

class Pieces {
  readonly #limit: number
  readonly #done: { places: Places; events: Uint32Array }[] = []
  #places: Record<string, string> = {}
  #events: Uint32Array[] = []
  #bytes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(sha: string, ordinals: readonly number[], events: Uint32Array): void {
    for (let from = 0; from < ordinals.length; from += PER_FILE) {
      const ranges = rangesOf(ordinals.slice(from, from + PER_FILE))
      const bytes = ranges.length + sha.length + 6
      if (this.#bytes + bytes > this.#limit || Object.hasOwn(this.#places, sha)) this.#next()
      this.#places[sha] = ranges
      this.#events.push(events.subarray(from, from + PER_FILE))
      this.#bytes += bytes
    }
  }

  finish(): { places: Places; events: Uint32Array }[] {
    this.#next()
    return this.#done
  }

  #next(): void {
    if (this.#events.length === 0) return
    const all = new Uint32Array(this.#events.reduce((n, part) => n + part.length, 0))
    let at = 0
    for (const part of this.#events) {
      all.set(part, at)
      at += part.length
    }
    this.#done.push({ places: this.#places, events: all })
    this.#places = {}
    this.#events = []
    this.#bytes = 0
  }
}
