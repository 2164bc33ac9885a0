import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AcquirePlan, AcquireResult } from '#shared/contract/acquire.ts'
import { bytes } from '#shared/base/count.ts'
import { AcquisitionFolder } from '#engine/acquire/acquisition-folder.ts'
import { listObjects, type Listing } from '#engine/acquire/list-objects.ts'
import { makePlan, objectsToFetch } from '#engine/acquire/make-plan.ts'
import { Refusal } from '#engine/refusal.ts'
import { Fetching } from './fetching.ts'
import { closeRecords, openRecords } from './records.ts'
import type { AcquireParts } from './acquire-parts.ts'
import { keysOf } from './keys.ts'
import { GaveUp, S3Store } from './s3-store.ts'
import { AcquireFailure } from './s3-trouble.ts'

/**
 * One acquisition: list what fits, say what it would be, and, when there is a folder to write to, fetch it. What was
 * fetched stays whatever happens; the same job continues it.
 * @returns nothing when only a plan was asked for
 * @throws AcquireFailure, Refusal
 */
export async function acquire(parts: AcquireParts): Promise<AcquireResult | null> {
  const { job, signal, now } = parts
  const { wish } = job
  const keys = await keysOf(job.credentials, parts.profileFiles)
  const bucketRegion = wish.bucketRegion ?? keys.region ?? 'us-east-1'
  const store = new S3Store(
    {
      bucket: wish.bucket,
      endpoint: wish.endpoint,
      bucketRegion,
      pathStyle: wish.pathStyle ?? wish.endpoint !== null,
      keys,
      concurrency: wish.concurrency,
    },
    parts.retry,
    signal,
    now,
  )
  try {
    const { listing, plan } = await list(store, parts)
    parts.planned(plan)
    if (job.folder === null) return null
    return await fetchAll(store, parts, listing, plan, { bucketRegion, accessKeyId: keys.accessKeyId })
  } finally {
    store.close()
  }
}

async function list(store: S3Store, parts: AcquireParts): Promise<{ listing: Listing; plan: AcquirePlan }> {
  const { wish } = parts.job
  const tell = (listed: number): void =>
    parts.progress({
      phase: 'listing',
      listed,
      objects: 0,
      objectsTotal: 0,
      bytes: 0,
      bytesTotal: 0,
      notFetched: 0,
      retries: store.retries,
    })
  tell(0)
  try {
    await store.askVersioning()
    const listing = await listObjects(store, wish.prefix, wish, tell, parts.signal)
    const plan = makePlan(listing, {
      olderVersions: wish.olderVersions,
      versioning: store.versioning,
      listRequests: store.listRequests,
      notes: store.notes,
    })
    return { listing, plan: plan.objects > 0 ? plan : { ...plan, notes: [...plan.notes, NOTHING] } }
  } catch (error) {
    throw error instanceof GaveUp ? listFailure(error) : error
  }
}

const NOTHING =
  'Nothing fits. Check the bucket, the prefix before AWSLogs/, and the selection by account, region, kind and time.'

function listFailure({ trouble, message }: GaveUp): AcquireFailure {
  if (trouble.kind === 'fatal') return new AcquireFailure(trouble.code, trouble.message)
  if (trouble.kind === 'again')
    return new AcquireFailure(
      'unreadable',
      `The store does not answer as it should: ${message}. Nothing was fetched; try again later.`,
    )
  return new AcquireFailure(
    'denied',
    `The bucket cannot be listed: ${message}. The keys need s3:ListBucket for the bucket and s3:GetObject for its objects.`,
  )
}

async function fetchAll(
  store: S3Store,
  parts: AcquireParts,
  listing: Listing,
  plan: AcquirePlan,
  used: { readonly bucketRegion: string; readonly accessKeyId: string },
): Promise<AcquireResult> {
  const { job, now } = parts
  const path = job.folder!
  const started = now()
  const folder = await AcquisitionFolder.open(path, job.wish.bucket)
  try {
    const facts = { job, plan, listing, operator: parts.operator, started, ...used }
    const objects = objectsToFetch(listing, job.wish.olderVersions)
    await openRecords(folder, facts)
    const fetching = new Fetching(store, parts, folder, objects, plan)
    await fetching.lookAtEarlierRuns()
    await requireSpace(path, fetching.bytesToCome)
    const failure = await fetching.run().then(
      () => undefined,
      (error: unknown) => error,
    )
    parts.progress(fetching.progress('closing'))
    const ending = failure !== undefined ? 'failed' : parts.signal.aborted ? 'stopped' : 'complete'
    const closed = await closeRecords(folder, facts, fetching, ending, now())
    if (ending === 'failed') throw failure as Error
    return {
      plan,
      ending,
      ...fetching.sums(),
      signatures: closed.signatures,
      retries: store.retries,
      manifestSha256: closed.manifestSha256,
      seconds: (now() - started) / 1000,
    }
  } finally {
    await folder.close()
  }
}

/** Room that stays free: the system and the case need some too. */
const SPARE = 100_000_000

/** @throws Refusal `disk-full` before the first byte is fetched */
async function requireSpace(path: string, needed: number): Promise<void> {
  const disk = await statfs(path).catch(() => statfs(dirname(path)))
  const free = disk.bavail * disk.bsize
  if (free < needed + SPARE)
    throw new Refusal(
      'disk-full',
      `${bytes(needed)} are to be fetched and ${bytes(free)} are free. Choose another disk, or narrow the selection.`,
    )
}
