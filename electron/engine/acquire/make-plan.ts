import type { AcquirePlan } from '#shared/contract/acquire.ts'
import { utcMs } from '#shared/base/time.ts'
import { dayText, DAY_MS } from './layout.ts'
import type { Listing, WantedObject } from './list-objects.ts'

/** Classes that S3 reads only after a restore (user guide, "Using Amazon S3 storage classes"). */
const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE'])

/** US dollars, S3 Standard in us-east-1: list and get requests per 1,000, data out to the internet per GB beyond the free first 100 GB a month. */
const PRICE = { list: 0.005, get: 0.0004, transfer: 0.09 }
const BASIS =
  'List prices of S3 Standard in us-east-1 ($0.005 per 1,000 list requests, $0.0004 per 1,000 get requests, $0.09 per GB sent to the internet, ' +
  'without the free allowance). Within AWS nothing is charged for sending; other regions and storage classes differ, and archived objects cost a restore.'

/** The objects that a run fetches, in the order of their keys. */
export const objectsToFetch = (listing: Listing, olderVersions: boolean): readonly WantedObject[] =>
  olderVersions ? [...listing.current, ...listing.older] : listing.current

/** Sums up a listing: how much it is, of what, and what fetching it would cost. Pure. */
export function makePlan(
  listing: Listing,
  facts: {
    readonly olderVersions: boolean
    readonly versioning: AcquirePlan['versioning']
    readonly listRequests: number
    readonly notes: readonly string[]
  },
): AcquirePlan {
  const objects = objectsToFetch(listing, facts.olderVersions)
  const bytes = sumOf(objects)
  const archived = objects.filter((o) => ARCHIVED.has(o.storageClass))
  const shown = new Set(listing.current.map((o) => o.key))
  const deleted = new Set(
    [...listing.older, ...listing.deleteMarkers.filter((m) => m.isLatest)]
      .map((o) => o.key)
      .filter((key) => !shown.has(key)),
  )
  return {
    objects: objects.length,
    bytes,
    days: new Set(objects.map(dayOf).filter((day) => day !== null)).size,
    leftOut: listing.leftOut,
    archived: { objects: archived.length, bytes: sumOf(archived) },
    groups: groupsOf(objects),
    versioning: facts.versioning,
    olderVersions: listing.older.length,
    deleteMarkers: listing.deleteMarkers.length,
    deletedKeys: deleted.size,
    cost: {
      listRequests: facts.listRequests,
      getRequests: objects.length,
      requestsUsd: usd((facts.listRequests * PRICE.list + objects.length * PRICE.get) / 1000),
      transferUsd: usd((bytes / 1e9) * PRICE.transfer),
      basis: BASIS,
    },
    notes: [...facts.notes, ...listing.notes],
  }
}

const sumOf = (objects: readonly WantedObject[]): number => objects.reduce((sum, o) => sum + o.size, 0)
/** To a hundredth of a cent. */
const usd = (amount: number): number => Math.ceil(amount * 10_000) / 10_000

function dayOf({ layout }: WantedObject): string | null {
  if (layout.day !== null) return dayText(layout.day)
  return layout.delivered === null ? null : dayText(utcMs(layout.delivered - (layout.delivered % DAY_MS)))
}

function groupsOf(objects: readonly WantedObject[]): AcquirePlan['groups'] {
  const groups = new Map<string, AcquirePlan['groups'][number]>()
  for (const object of objects) {
    const { organization, account, kind, region } = object.layout
    const name = [organization, account, kind, region].join('/')
    const group = groups.get(name) ?? {
      organization,
      account,
      kind,
      region,
      objects: 0,
      bytes: 0,
      firstDay: null,
      lastDay: null,
    }
    const day = dayOf(object)
    groups.set(name, {
      ...group,
      objects: group.objects + 1,
      bytes: group.bytes + object.size,
      firstDay: day !== null && (group.firstDay === null || day < group.firstDay) ? day : group.firstDay,
      lastDay: day !== null && (group.lastDay === null || day > group.lastDay) ? day : group.lastDay,
    })
  }
  return [...groups.values()]
}
