import { tagKey, tagShape, type Bookmark } from '#shared/domain/annotation.ts'
import { describeQuery } from '#shared/domain/query/describe.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import type { ReportSelection, RowComment, TimelineRow } from '#shared/domain/report.ts'
import { counted } from '#shared/base/count.ts'
import { displayUtc, utcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { OpenCase } from '../../open-case.ts'
import { readRows, type EventRow } from '../../queries/event-rows.ts'
import type { QueryWorld } from '../../queries/evaluate.ts'
import { ask, understand } from '../../queries/question.ts'
import { Refusal } from '../../refusal.ts'
import { Bitmap } from '../../vectors/bitmap.ts'
import type { ReportWish } from './report-wish.ts'

/** A printed event, before it is known which number its file has in the evidence list. */
export type SelectedRow = { readonly event: number; readonly entry: number; readonly row: Omit<TimelineRow, 'file'> }
export type Selected = { readonly rows: readonly SelectedRow[]; readonly selection: ReportSelection }

/** More rows than anybody reads on paper: exports are for that. */
export const MOST_ROWS = 50_000
const FIELDS = ['principal', 'eventSource', 'eventName', 'sourceIPAddress', 'userAgent', 'errorCode', '_record']

/**
 * The events that a report prints, and the account of those it does not. Every bookmark of the case is either a row or in the list
 * of exclusions with its reason (SOLVE-IT DFW-1152). @throws Refusal `bad-input` for more rows than paper bears, BadQuery.
 */
export async function selectRows(
  open: OpenCase,
  world: QueryWorld,
  wish: ReportWish,
  signal: AbortSignal,
): Promise<Selected> {
  const { index } = world
  const wanted = await scopeOf(open, world, wish, signal)
  const dated = wanted.and(Bitmap.range(index.length, index.firstDated, index.length))
  const count = dated.count()
  if (count > MOST_ROWS)
    throw new Refusal(
      'bad-input',
      `This report would print ${counted(count, 'event')}. Print at most ${counted(MOST_ROWS, 'event')}: narrow the scope, or export the events instead.`,
    )
  const undated = wanted.count() - count
  const positions = dated.page(0, count, wish.sort === '-eventTime')
  const shown = await readRows(world, positions, FIELDS, open.annotated)
  const entries = await index.entry()
  const rows = shown.map((row) => ({ event: row.id, entry: entries[row.position]!, row: timelineRow(open, row) }))
  const printed = new Set(shown.map((row) => row.id))
  return {
    rows,
    selection: {
      total: index.total,
      filter:
        filterWords(wish) + (undated > 0 ? `, without ${counted(undated, 'event')} whose time cannot be read` : ''),
      sort: wish.sort === 'eventTime' ? 'event time, oldest first' : 'event time, newest first',
      bookmarksInCase: open.annotated.state.bookmarks.length,
      excluded: await exclusions(open, world, printed),
    },
  }
}

async function scopeOf(open: OpenCase, world: QueryWorld, { scope }: ReportWish, signal: AbortSignal): Promise<Bitmap> {
  const { visible: counting } = world.index
  switch (scope.kind) {
    case 'bookmarks':
      return (await world.bookmarks()).and(counting)
    case 'tag': {
      const name = open.annotated.state.tags.get(tagKey(scope.tag))?.name
      const tagged = name === undefined ? undefined : (await world.tags()).get(name)
      if (!tagged) throw new Refusal('not-found', `No event of this case carries the tag ${visible(scope.tag)}.`)
      return tagged.and(counting)
    }
    case 'query':
      return (await ask(world, scope.query, signal)).events
  }
}

function filterWords({ scope }: ReportWish): string {
  switch (scope.kind) {
    case 'bookmarks':
      return 'bookmarked events'
    case 'tag':
      return `events tagged ${scope.tag}`
    case 'query':
      return queryWords(scope.query)
  }
}

/** A question as it was typed and as it was understood. */
export function queryWords(query: EventQuery): string {
  const parts = [
    query.text.trim() === '' ? 'every event' : `${query.text.trim()} (${describeQuery(understand(query.text))})`,
    ...(query.from === undefined ? [] : [`from ${displayUtc(query.from)}`]),
    ...(query.to === undefined ? [] : [`before ${displayUtc(query.to)}`]),
    ...query.facets.map((f) => `${f.field} ${f.exclude ? 'none of' : 'one of'} ${f.values.join(', ')}`),
  ]
  return parts.join('; ')
}

function timelineRow(open: OpenCase, row: EventRow): Omit<TimelineRow, 'file'> {
  const [principal, eventSource, eventName, address, userAgent, errorCode, ordinal] = row.values
  const bookmarks = open.annotated.bookmarksOf(row.id)
  const { tags } = open.annotated.state
  return {
    exhibit: bookmarks[0]?.exhibit ?? null,
    time: utcMs(row.timeMs ?? 0),
    who: shortPrincipal(principal ?? ''),
    whoFull: principal ?? '',
    service: eventSource ?? '',
    event: eventName ?? '',
    from: address ?? '',
    userAgent: userAgent ?? '',
    result: { kind: row.access, code: errorCode ?? '' },
    tags: row.tags.map((name) => ({ name, shape: tagShape(tags.get(tagKey(name))?.colour ?? 0) })),
    comments: bookmarks.map(commentOf).filter(({ title, note }) => title !== '' || note !== ''),
    record: Number(ordinal) + 1,
    integrity: row.integrity,
  }
}

/** Title and note; a second bookmark on the same event says whose it is. */
const commentOf = (b: Bookmark, n: number): RowComment => ({
  title: n === 0 ? b.title : `${b.exhibit}: ${b.title}`,
  note: b.note,
})

/** `svc-backup` of `arn:aws:iam::111122223333:user/svc-backup`, `AdminRole/alice` of an assumed role. */
export function shortPrincipal(principal: string): string {
  if (!principal.startsWith('arn:')) return principal
  const resource = principal.slice(principal.lastIndexOf(':') + 1)
  const kind = ['user/', 'assumed-role/', 'role/', 'federated-user/'].find((prefix) => resource.startsWith(prefix))
  const short = kind === undefined ? resource : resource.slice(kind.length)
  return kind === 'user/' || kind === 'role/' ? short.slice(short.lastIndexOf('/') + 1) : short
}

async function exclusions(
  open: OpenCase,
  world: QueryWorld,
  printed: ReadonlySet<number>,
): Promise<ReportSelection['excluded']> {
  const out: { exhibit: string; event: number | undefined; reason: string; eventID: string }[] = []
  for (const bookmark of open.annotated.state.bookmarks) {
    const event = open.annotated.eventOf(bookmark)
    const { exhibit, eventID } = bookmark
    if (event === undefined)
      out.push({
        exhibit,
        event,
        eventID,
        reason: `its evidence is not in this case (file SHA-256 ${bookmark.place.sha256}, record ${bookmark.place.ordinal + 1})`,
      })
    else if (!printed.has(event)) out.push({ exhibit, event, eventID, reason: '' })
    else {
      const first = open.annotated.bookmarksOf(event)[0]!
      if (first.exhibit !== exhibit)
        out.push({
          exhibit,
          event,
          eventID,
          reason: `the same event as ${first.exhibit}, printed there with both comments`,
        })
    }
  }
  const positions = out.flatMap(({ event }) => (event === undefined ? [] : [world.index.positionOf(event)]))
  const rows = new Map((await readRows(world, positions, ['eventName'], open.annotated)).map((row) => [row.id, row]))
  return out.map(({ exhibit, event, reason, eventID }) => {
    const row = rows.get(event ?? -1)
    const timeMs = row?.timeMs ?? null
    const why = reason !== '' ? reason : timeMs === null ? 'its time cannot be read' : 'outside the filter'
    return {
      exhibit,
      time: timeMs === null ? null : utcMs(timeMs),
      event: row?.values[0] ?? `eventID ${eventID}`,
      reason: why,
    }
  })
}
