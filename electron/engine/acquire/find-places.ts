import { utcMs } from '#shared/base/time.ts'
import {
  DAY_MS,
  dayFolder,
  isOrganization,
  lastDelivery,
  LAKE,
  wantsAccount,
  wantsKind,
  wantsRegion,
  type Selection,
} from './layout.ts'
import type { BucketLists } from './object-store.ts'

/** A stretch of the bucket's listing: keys with `prefix`, from `startAfter` on, until one is not before `before`. */
export type Place = {
  readonly prefix: string
  readonly startAfter?: string
  readonly before?: string
}

export type Places = { readonly places: readonly Place[]; readonly notes: readonly string[] }

/** Folders looked into while searching for `AWSLogs/`, and how deep. A trail's prefix has up to 200 characters. */
const MOST_FOLDERS = 500
const DEEPEST = 6

/**
 * Where objects that fit can lie, by asking for folders only:
 *
 *     prefix of the trail -> AWSLogs/ -> organization, account -> kind -> region     then a range of days within
 *
 * Nothing is found by an empty list; `unlisted` says that the store does not list folders, and all is listed instead.
 */
export async function findPlaces(lists: BucketLists, prefix: string, selection: Selection): Promise<Places> {
  const wanted = asFolder(prefix)
  const at = rootEnd(wanted)
  const found = at === undefined ? await searchRoots(lists, wanted) : { roots: [wanted.slice(0, at)], notes: [] }
  const places: Place[] = []
  for (const root of found.roots) places.push(...(await below(lists, root, wanted, selection)))
  if (places.length > 0 || !(await hidesFolders(lists, found.roots[0] ?? wanted, wanted)))
    return { places, notes: found.notes }
  return {
    places: [{ prefix: wanted }],
    notes: ['The store does not list folders, so everything with the prefix was listed and selected by its key.'],
  }
}

/** A name without `/` at its end is a folder, unless it is the beginning of a file's name. */
function asFolder(prefix: string): string {
  const plain = prefix.startsWith('/') ? prefix.slice(1) : prefix
  const last = plain.slice(plain.lastIndexOf('/') + 1)
  return plain === '' || last === '' || last.includes('_') ? plain : `${plain}/`
}

/** Where `AWSLogs/` ends in a prefix that goes into it. */
function rootEnd(wanted: string): number | undefined {
  const at = `/${wanted}`.lastIndexOf('/AWSLogs/')
  return at < 0 ? undefined : at + 'AWSLogs/'.length
}

async function searchRoots(lists: BucketLists, start: string): Promise<{ roots: string[]; notes: string[] }> {
  const roots: string[] = []
  let [level, looked] = [[start], 0]
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: string[] = []
    for (const folder of level) {
      if (looked++ >= MOST_FOLDERS)
        return {
          roots,
          notes: [
            `The first ${MOST_FOLDERS} folders were searched for AWSLogs/; name the prefix of the trail to be sure that nothing is left out.`,
          ],
        }
      for (const child of (await lists.folders(folder)).folders)
        if (child === `${folder}AWSLogs/`) roots.push(child)
        else next.push(child)
    }
    level = next
  }
  return { roots, notes: [] }
}

/** Regions of every account and kind that fit, each with its range of days. */
async function below(lists: BucketLists, root: string, wanted: string, s: Selection): Promise<Place[]> {
  const children = async (folder: string): Promise<readonly string[]> => {
    // A prefix that goes deeper names the one child that is meant.
    if (wanted.length > folder.length && wanted.startsWith(folder)) {
      const end = wanted.indexOf('/', folder.length)
      return end < 0 ? [] : [wanted.slice(0, end + 1)]
    }
    return (await lists.folders(folder)).folders
  }
  const name = (folder: string): string => folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1)
  const accounts: string[] = []
  for (const folder of await children(root))
    if (isOrganization(name(folder))) accounts.push(...(await children(folder)))
    else accounts.push(folder)

  const places: Place[] = []
  for (const account of accounts.filter((folder) => wantsAccount(s, name(folder))))
    for (const kind of (await children(account)).filter((folder) => wantsKind(s, name(folder))))
      for (const region of await children(kind))
        if (name(kind) === LAKE || wantsRegion(s, name(region))) places.push(daysOf(region, name(kind), wanted, s))
  return places
}

/** The day folders sort by time, so a range of days is a range of keys. */
function daysOf(region: string, kind: string, wanted: string, s: Selection): Place {
  const end = lastDelivery(s, kind)
  return {
    prefix: wanted.length > region.length && wanted.startsWith(region) ? wanted : region,
    ...(s.from !== undefined && { startAfter: region + dayFolder(s.from) }),
    ...(end !== undefined && { before: region + dayFolder(utcMs(end + DAY_MS)) }),
  }
}

/** Some S3-compatible stores answer a question for folders with nothing at all, although objects are there. */
async function hidesFolders(lists: BucketLists, root: string, wanted: string): Promise<boolean> {
  for (const folder of new Set([wanted, root, '']))
    if (wanted.startsWith(folder) || folder.startsWith(wanted)) {
      const shown = await lists.folders(folder)
      if (shown.folders.length > 0 || shown.hasObjects) continue
      if (await lists.hasAny(folder)) return true
    }
  return false
}
