import { counted } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { isAddress } from '#shared/domain/query/network.ts'
import { indicatorMeanings, type ConfirmedIndicator, type NamedIndicator } from '#shared/domain/export.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { QueryWorld } from './evaluate.ts'
import { ask } from './question.ts'

/** Values that a message names. */
const MOST_NAMED = 3

/**
 * Where a selection has the values that its examiner names as indicators: how often, first and last, under which exhibits.
 * @param positions of the selection, ascending or descending; all of them have a time
 * @throws Refusal `bad-input` for an address that is none, and for values that no event of the selection has: an indicator that was
 * mistyped must not leave the house as one. `no-examiner` when nobody is there who could confirm it.
 */
export async function seenIndicators(
  open: OpenCase,
  world: QueryWorld,
  positions: readonly number[],
  named: readonly NamedIndicator[],
  signal: AbortSignal,
): Promise<ConfirmedIndicator[]> {
  const { index } = world
  const { bookmarks } = open.annotated.byPosition(index)
  const selection = new Bitmap(index.length)
  for (const position of positions) selection.add(position)
  const [confirmedBy, confirmedAt] = [open.actor, utcMs(open.setting.now())]
  const seen: ConfirmedIndicator[] = []
  const missing: string[] = []
  for (const { kind, value } of distinct(named)) {
    const { name, field } = indicatorMeanings[kind]
    if (kind === 'address' && !isAddress(value))
      throw new Refusal(
        'bad-input',
        `${visible(cutMiddle(value, 200))} is no IP address. Name it as it stands in sourceIPAddress.`,
      )
    const facets = [{ field, values: [value], exclude: false }]
    const events = (await ask(world, { text: '', facets, sort: 'eventTime' }, signal)).events.and(selection)
    const [first] = events.page(0, 1)
    const [last] = events.page(0, 1, true)
    if (first === undefined || last === undefined) {
      missing.push(`${name.toLowerCase()} ${visible(cutMiddle(value, 200))}`)
      continue
    }
    const exhibits: string[] = []
    events.and(bookmarks).each((position) => {
      const exhibit = open.annotated.exhibitOf(index.eventAt(position))
      if (exhibit !== null) exhibits.push(exhibit)
    })
    const [firstSeen, lastSeen] = [utcMs(index.timeAt(first) ?? 0), utcMs(index.timeAt(last) ?? 0)]
    seen.push({ kind, value, events: events.count(), exhibits, firstSeen, lastSeen, confirmedBy, confirmedAt })
  }
  if (missing.length > 0)
    throw new Refusal(
      'bad-input',
      `No event of the selection has the ${missing.slice(0, MOST_NAMED).join(', the ')}${missing.length > MOST_NAMED ? ` and ${counted(missing.length - MOST_NAMED, 'more value')}` : ''}. Check how it is written, or ask for more events.`,
    )
  return seen
}

const distinct = (named: readonly NamedIndicator[]): readonly NamedIndicator[] => [
  ...new Map(named.map((one) => [`${one.kind} ${one.value}`, one])).values(),
]
