import { setMaxListeners } from 'node:events'
import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  S3Client,
  type GetObjectCommandOutput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { pause, SharedPause, waitAfter, type RetrySetting } from '#engine/acquire/retry.ts'
import type { BucketLists, ListedObject } from '#engine/acquire/object-store.ts'
import { STOPPED } from '#engine/refusal.ts'
import type { AcquirePlan } from '#shared/contract/acquire.ts'
import { AcquireFailure, troubleOf } from './s3-trouble.ts'

export type Keys = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
}

export type StorePlace = {
  readonly bucket: string
  readonly endpoint: string | null
  readonly bucketRegion: string
  readonly pathStyle: boolean
  readonly keys: Keys
  readonly concurrency: number
}

/** A request that failed for good, with the last error. */
export class GaveUp extends Error {
  readonly trouble: Exclude<ReturnType<typeof troubleOf>, undefined>
  constructor(trouble: GaveUp['trouble']) {
    super(trouble.kind === 'fatal' ? trouble.message : trouble.detail)
    this.name = 'GaveUp'
    this.trouble = trouble
  }
}

/**
 * One bucket over the AWS SDK, with explicit keys. The SDK's own retries are off: attempts, waits and what they are made for
 * stand in `attempt`, for requests and bodies alike.
 */
export class S3Store implements BucketLists {
  /** Requests that were made again after a fault. */
  retries = 0
  listRequests = 0
  versioning: AcquirePlan['versioning'] = 'unknown'
  readonly notes: string[] = []
  readonly #client: S3Client
  readonly #bucket: string
  readonly #retry: RetrySetting
  readonly #signal: AbortSignal
  readonly #slowed: SharedPause
  #listsVersions = false

  constructor(place: StorePlace, retry: RetrySetting, signal: AbortSignal, now: () => number) {
    this.#bucket = place.bucket
    this.#retry = retry
    this.#signal = signal
    this.#slowed = new SharedPause(now)
    // Each request listens on it; there are as many as are under way.
    setMaxListeners(0, signal)
    this.#client = new S3Client(clientConfig(place))
  }

  close(): void {
    this.#client.destroy()
  }

  /** Whether the bucket keeps versions; if so, and if it may be asked, they are listed too. */
  async askVersioning(): Promise<void> {
    try {
      const found = await this.attempt(() => this.#send(new GetBucketVersioningCommand({ Bucket: this.#bucket })))
      this.versioning = found.Status === 'Enabled' ? 'on' : found.Status === 'Suspended' ? 'suspended' : 'off'
      if (this.versioning === 'off') return
      this.listRequests++
      await this.attempt(() => this.#send(new ListObjectVersionsCommand({ Bucket: this.#bucket, MaxKeys: 1 })))
      this.#listsVersions = true
    } catch (error) {
      if (!(error instanceof GaveUp) || error.trouble.kind === 'fatal') throw error
      this.notes.push(
        this.versioning === 'unknown'
          ? `Whether the bucket keeps older versions could not be asked (${error.message}): deleted or replaced logs would not be seen.`
          : `The bucket keeps older versions, which could not be listed (${error.message}): deleted or replaced logs are not seen.`,
      )
    }
  }

  async folders(prefix: string): Promise<{ folders: readonly string[]; hasObjects: boolean }> {
    const folders: string[] = []
    let [token, hasObjects]: [string | undefined, boolean] = [undefined, false]
    // A deleted folder still has its versions, so these are asked for where they can be.
    if (this.#listsVersions) return this.#versionedFolders(prefix)
    do {
      const page = await this.#list({ Prefix: prefix, Delimiter: '/', ContinuationToken: token })
      for (const one of page.CommonPrefixes ?? []) if (one.Prefix !== undefined) folders.push(one.Prefix)
      hasObjects ||= (page.Contents ?? []).length > 0
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (token !== undefined)
    return { folders, hasObjects }
  }

  async #versionedFolders(prefix: string): Promise<{ folders: readonly string[]; hasObjects: boolean }> {
    const folders: string[] = []
    let [marker, hasObjects]: [string | undefined, boolean] = [undefined, false]
    do {
      const page = await this.#listVersions({ Prefix: prefix, Delimiter: '/', KeyMarker: marker })
      for (const one of page.CommonPrefixes ?? []) if (one.Prefix !== undefined) folders.push(one.Prefix)
      hasObjects ||= (page.Versions ?? []).length + (page.DeleteMarkers ?? []).length > 0
      marker = page.IsTruncated === true ? page.NextKeyMarker : undefined
    } while (marker !== undefined)
    return { folders, hasObjects }
  }

  async hasAny(prefix: string): Promise<boolean> {
    const page = await this.#list({ Prefix: prefix })
    return (page.Contents ?? []).length > 0
  }

  async *pages(prefix: string, startAfter: string | undefined): AsyncGenerator<readonly ListedObject[]> {
    if (this.#listsVersions) {
      yield* this.#versionPages(prefix, startAfter)
      return
    }
    let token: string | undefined
    do {
      const page = await this.#list({ Prefix: prefix, StartAfter: startAfter, ContinuationToken: token })
      yield (page.Contents ?? []).map((o) => toListed(o, { versionId: null, isLatest: true, isDeleteMarker: false }))
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (token !== undefined)
  }

  async *#versionPages(prefix: string, startAfter: string | undefined): AsyncGenerator<readonly ListedObject[]> {
    let at: { key: string | undefined; version: string | undefined } | undefined = {
      key: startAfter,
      version: undefined,
    }
    while (at) {
      const page = await this.#listVersions({ Prefix: prefix, KeyMarker: at.key, VersionIdMarker: at.version })
      const versions = (page.Versions ?? []).map((v) => toListed(v, versionOf(v, false)))
      const markers = (page.DeleteMarkers ?? []).map((m) => toListed(m, versionOf(m, true)))
      // A page stops at one key for both; whoever reads it stops at the first key that is too far.
      yield [...versions, ...markers].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      at = page.IsTruncated === true ? { key: page.NextKeyMarker, version: page.NextVersionIdMarker } : undefined
    }
  }

  /** The object itself; its body is still to be read. To be called inside `attempt`. */
  get(key: string, versionId: string | null): Promise<GetObjectCommandOutput> {
    return this.#send(
      new GetObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        ChecksumMode: 'ENABLED',
        ...(versionId !== null && { VersionId: versionId }),
      }),
    )
  }

  /**
   * Does `work` until it succeeds, is refused for good, or has failed too often.
   * @throws GaveUp; AcquireFailure `cancelled`; whatever is no trouble with the store
   */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let n = 1; ; n++) {
      await this.#slowed.wait(this.#signal)
      this.#stopIfAborted()
      try {
        return await work()
      } catch (error) {
        this.#stopIfAborted()
        if (error instanceof AcquireFailure) throw error
        const trouble = troubleOf(error)
        if (!trouble) throw error
        if (trouble.kind !== 'again' || n >= this.#retry.attempts) throw new GaveUp(trouble)
        this.retries++
        const ms = waitAfter(n, this.#retry, Math.random())
        if (trouble.slow) this.#slowed.extend(ms)
        await pause(ms, this.#signal)
      }
    }
  }

  #stopIfAborted(): void {
    if (this.#signal.aborted) throw new AcquireFailure('cancelled', STOPPED)
  }

  #list(input: Omit<ConstructorParameters<typeof ListObjectsV2Command>[0], 'Bucket'>) {
    this.listRequests++
    return this.attempt(() => this.#send(new ListObjectsV2Command({ Bucket: this.#bucket, ...input })))
  }

  #listVersions(input: Omit<ConstructorParameters<typeof ListObjectVersionsCommand>[0], 'Bucket'>) {
    this.listRequests++
    return this.attempt(() => this.#send(new ListObjectVersionsCommand({ Bucket: this.#bucket, ...input })))
  }

  #send: S3Client['send'] = ((command: Parameters<S3Client['send']>[0]) =>
    this.#client.send(command, { abortSignal: this.#signal })) as S3Client['send']
}

/** Everything that the SDK would otherwise look up (environment, files, the machine's metadata) is said here. */
function clientConfig(place: StorePlace): S3ClientConfig {
  const { accessKeyId, secretAccessKey, sessionToken } = place.keys
  return {
    region: place.bucketRegion,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    ...(place.endpoint !== null && { endpoint: place.endpoint }),
    forcePathStyle: place.pathStyle,
    followRegionRedirects: place.endpoint === null,
    defaultsMode: 'standard',
    maxAttempts: 1,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    userAgentAppId: 'trailcase',
    requestHandler: {
      connectionTimeout: 15_000,
      socketTimeout: 60_000,
      httpAgent: { keepAlive: true, maxSockets: place.concurrency + 8 },
      httpsAgent: { keepAlive: true, maxSockets: place.concurrency + 8 },
    },
    logger: silent,
  }
}

const nothing = (): void => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

type Entry = {
  readonly Key?: string | undefined
  readonly Size?: number | undefined
  readonly ETag?: string | undefined
  readonly StorageClass?: string | undefined
  readonly LastModified?: Date | undefined
}

const toListed = (
  entry: Entry,
  version: Pick<ListedObject, 'versionId' | 'isLatest' | 'isDeleteMarker'>,
): ListedObject => ({
  key: entry.Key ?? '',
  size: entry.Size ?? 0,
  etag: bare(entry.ETag),
  storageClass: entry.StorageClass ?? 'STANDARD',
  lastModified: entry.LastModified?.toISOString() ?? '',
  ...version,
})

const versionOf = (
  entry: { readonly VersionId?: string | undefined; readonly IsLatest?: boolean | undefined },
  isDeleteMarker: boolean,
): Pick<ListedObject, 'versionId' | 'isLatest' | 'isDeleteMarker'> => ({
  versionId: entry.VersionId ?? null,
  isLatest: entry.IsLatest === true,
  isDeleteMarker,
})

/** Without the quotes that stand around an ETag. */
export const bare = (etag: string | undefined): string => (etag ?? '').replace(/^"|"$/g, '')
