import type { Insight } from '#shared/contract/explore.ts'
import type { Bitmap } from '../vectors/bitmap.ts'
import type { QueryWorld } from './evaluate.ts'
import { readRows, type EventRow } from './event-rows.ts'

const FIELDS = ['sharedEventID', 'recipientAccountId', 'awsRegion', 'otherFields']
const MOST = 400

type Details = {
  state?: unknown
  eventSource?: unknown
  eventName?: unknown
  insightType?: unknown
  errorCode?: unknown
  insightContext?: {
    statistics?: { baseline?: { average?: unknown }; insight?: { average?: unknown } }
    attributions?: unknown
  }
}

const unannotated = { tagsOf: () => [], exhibitOf: () => null }
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/**
 * Insights events as pairs: AWS writes one record at the start and one at the end, with the same sharedEventID (user guide,
 * "CloudTrail Insights event fields"). Rates are per minute.
 */
export async function pairInsights(world: QueryWorld, insights: Bitmap): Promise<Insight[]> {
  const rows = await readRows(world, insights.page(0, MOST), FIELDS, unannotated)
  const pairs = new Map<string, Insight>()
  for (const row of rows) {
    const [shared, account, region, other] = row.values
    const details = detailsOf(other ?? null)
    const key = shared ?? `event ${row.id}`
    pairs.set(
      key,
      taken(pairs.get(key), { row, details, shared: shared ?? '', account: account ?? '', region: region ?? '' }),
    )
  }
  return [...pairs.values()]
}

type Half = {
  readonly row: EventRow
  readonly details: Details
  readonly shared: string
  readonly account: string
  readonly region: string
}

function taken(known: Insight | undefined, { row, details, shared, account, region }: Half): Insight {
  const isEnd = details.state === 'End'
  const statistics = details.insightContext?.statistics
  return {
    sharedEventID: shared,
    startEvent: isEnd ? (known?.startEvent ?? null) : row.id,
    endEvent: isEnd ? row.id : (known?.endEvent ?? null),
    startMs: isEnd ? (known?.startMs ?? null) : row.timeMs,
    endMs: isEnd ? row.timeMs : (known?.endMs ?? null),
    eventSource: text(details.eventSource),
    eventName: text(details.eventName),
    insightType: text(details.insightType),
    errorCode: typeof details.errorCode === 'string' ? details.errorCode : null,
    account,
    region,
    baselineAverage: number(statistics?.baseline?.average) ?? known?.baselineAverage ?? null,
    insightAverage: number(statistics?.insight?.average) ?? known?.insightAverage ?? null,
    attributions: attributionsOf(details),
  }
}

function detailsOf(json: string | null): Details {
  if (json === null) return {}
  const value = JSON.parse(json) as { insightDetails?: unknown }
  const details = value.insightDetails
  return typeof details === 'object' && details !== null ? details : {}
}

/** The first value of each attribute: AWS lists the strongest first. */
function attributionsOf(details: Details): Insight['attributions'] {
  const list = details.insightContext?.attributions
  if (!Array.isArray(list)) return []
  return list.slice(0, 5).flatMap((entry: unknown) => {
    const { attribute, insight } = (entry ?? {}) as { attribute?: unknown; insight?: unknown }
    const first = Array.isArray(insight)
      ? (insight[0] as { value?: unknown; average?: unknown } | undefined)
      : undefined
    return first ? [{ attribute: text(attribute), value: text(first.value), average: number(first.average) }] : []
  })
}
