import type { AcquirePlan } from '#shared/contract/acquire.ts'
import { formatUtc, utcMs } from '#shared/base/time.ts'
import {
  HEADS,
  NOT_FETCHED,
  OBJECTS,
  VERSIONS,
  type AcquisitionFolder,
  type FetchedLine,
  type Manifest,
} from '#engine/acquire/acquisition-folder.ts'
import { DIGEST, layoutOf } from '#engine/acquire/layout.ts'
import type { Listing } from '#engine/acquire/list-objects.ts'
import type { AcquireJob } from '#engine/acquire/protocol.ts'
import type { Fetching } from './fetching.ts'

export type RunFacts = {
  readonly job: AcquireJob
  readonly plan: AcquirePlan
  readonly listing: Listing
  readonly operator: { readonly user: string; readonly host: string }
  readonly started: number
  readonly bucketRegion: string
  readonly accessKeyId: string
}

const time = (ms: number): string => formatUtc(utcMs(ms))

/** Says in the folder that a run goes on: a later one knows it by that, and nobody takes it for complete. */
export async function openRecords(folder: AcquisitionFolder, facts: RunFacts): Promise<void> {
  await folder.writeManifest({
    ...head(folder, facts, facts.started, 'running'),
    objects: 0,
    bytes: 0,
    notFetched: 0,
    lists: [],
  })
}

/** Writes the lists, and the manifest over them. */
export async function closeRecords(
  folder: AcquisitionFolder,
  facts: RunFacts,
  fetching: Fetching,
  ending: Manifest['ending'],
  now: number,
): Promise<{ manifestSha256: string; signatures: number }> {
  const lines = [...fetching.lines.values()].sort((a, b) => (a.File < b.File ? -1 : 1))
  const heads = digestHeads(facts.job.wish.bucket, lines)
  const lists = [
    await folder.writeList(OBJECTS, lines),
    await folder.writeList(HEADS, heads),
    await folder.writeList(NOT_FETCHED, fetching.notFetched),
    await folder.writeList(VERSIONS, versionLines(facts.listing)),
  ]
  const manifestSha256 = await folder.writeManifest({
    ...head(folder, facts, now, ending),
    objects: lines.length,
    bytes: lines.reduce((sum, line) => sum + line.ContentLength, 0),
    notFetched: fetching.notFetched.length,
    lists,
  })
  return { manifestSha256, signatures: heads.filter((one) => one.Metadata['signature'] !== undefined).length }
}

function head(
  folder: AcquisitionFolder,
  { job, plan, operator, started, bucketRegion, accessKeyId }: RunFacts,
  finished: number,
  ending: Manifest['ending'],
): Omit<Manifest, 'objects' | 'bytes' | 'notFetched' | 'lists'> {
  const { wish, actor, credentials } = job
  const { before } = folder
  return {
    format: 'trailcase-acquisition',
    version: 1,
    tool: actor.tool,
    examiner: actor.examiner,
    operator,
    source: {
      bucket: wish.bucket,
      prefix: wish.prefix,
      endpoint: wish.endpoint,
      bucketRegion,
      accessKeyId,
      profile: credentials.kind === 'profile' ? credentials.name : null,
    },
    selection: {
      accounts: wish.accounts,
      regions: wish.regions,
      kinds: wish.kinds,
      from: wish.from === undefined ? null : time(wish.from),
      to: wish.to === undefined ? null : time(wish.to),
      olderVersions: wish.olderVersions,
    },
    startedAt: time(started),
    finishedAt: time(finished),
    ending,
    earlierRuns: before
      ? [
          ...before.earlierRuns,
          {
            startedAt: before.startedAt,
            finishedAt: before.finishedAt,
            examiner: before.examiner,
            ending: before.ending,
          },
        ]
      : [],
    versioning: plan.versioning,
    olderVersions: plan.olderVersions,
    deleteMarkers: plan.deleteMarkers,
  }
}

type Head = { readonly Bucket: string; readonly Key: string; readonly Metadata: Readonly<Record<string, string>> }

/** Digests as `head-object` tells them: the object that the bucket shows, else the newest version that was deleted. */
function digestHeads(bucket: string, lines: readonly FetchedLine[]): Head[] {
  const chosen = new Map<string, FetchedLine>()
  for (const line of lines) {
    if (layoutOf(line.Key)?.kind !== DIGEST) continue
    const other = chosen.get(line.Key)
    if (!other || line.IsLatest || (!other.IsLatest && line.LastModified > other.LastModified))
      chosen.set(line.Key, line)
  }
  return [...chosen.values()].map(({ Key, VersionId, LastModified, ETag, StorageClass, ContentLength, ...line }) => ({
    Bucket: bucket,
    Key,
    ...(VersionId !== null && { VersionId }),
    LastModified,
    ETag: `"${ETag}"`,
    StorageClass,
    ContentLength,
    Metadata: line.UserMetadata,
  }))
}

function* versionLines(listing: Listing): Generator {
  const shown = new Set(listing.current.map((o) => o.key))
  for (const o of [...listing.older, ...listing.deleteMarkers])
    yield {
      Key: o.key,
      VersionId: o.versionId,
      Kind: o.isDeleteMarker ? 'delete-marker' : 'version',
      IsLatest: o.isLatest,
      /** Whether the bucket shows no object of this key any more. */
      Deleted: !shown.has(o.key),
      LastModified: o.lastModified,
      ...(o.isDeleteMarker ? {} : { ETag: o.etag, Size: o.size, StorageClass: o.storageClass }),
    }
}
