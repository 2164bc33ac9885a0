import { join } from 'node:path'
import type { AcquirePlan, AcquireProgress, AcquireResult, NotFetched } from '#shared/contract/acquire.ts'
import { visible } from '#shared/base/visible.ts'
import { hashFile, objectId, type AcquisitionFolder, type FetchedLine } from '#engine/acquire/acquisition-folder.ts'
import type { WantedObject } from '#engine/acquire/list-objects.ts'
import { localPaths } from '#engine/acquire/local-path.ts'
import type { AcquireParts } from './acquire-parts.ts'
import { fetchObject } from './fetch-object.ts'
import { GaveUp, type S3Store } from './s3-store.ts'
import { AcquireFailure } from './s3-trouble.ts'

type Work = { readonly object: WantedObject; readonly file: string }

/** No log file or digest comes near: what is larger is to be looked at first. */
const LARGEST = 5_000_000_000
/** So many objects in a row that could not be had: the connection is gone, not the objects. */
const IN_A_ROW = 25
const TELL_MS = 200
const FIRST = 1000

/** The fetching of one run: several objects at a time, each with an outcome. */
export class Fetching {
  readonly lines = new Map<string, FetchedLine>()
  readonly notFetched: NotFetched[] = []
  readonly #store: S3Store
  readonly #parts: AcquireParts
  readonly #folder: AcquisitionFolder
  readonly #plan: AcquirePlan
  #todo: Work[]
  #fetched = { objects: 0, bytes: 0 }
  #there = { objects: 0, bytes: 0 }
  /** Bytes received, of objects that are not whole yet too. */
  #received = 0
  #missedInARow = 0
  #failure: unknown
  #toldAt = 0

  constructor(
    store: S3Store,
    parts: AcquireParts,
    folder: AcquisitionFolder,
    objects: readonly WantedObject[],
    plan: AcquirePlan,
  ) {
    this.#store = store
    this.#parts = parts
    this.#folder = folder
    this.#plan = plan
    const { bucket } = parts.job.wish
    const files = localPaths(
      objects.map((o) => ({ bucket, key: o.key, versionId: o.isLatest ? null : (o.versionId ?? 'null') })),
    )
    this.#todo = objects.map((object, n) => ({ object, file: files[n]! }))
  }

  /** Takes over what runs before have fetched, when its bytes are still those. */
  async lookAtEarlierRuns(): Promise<void> {
    const before = await this.#folder.fetched()
    const todo: Work[] = []
    for (const work of this.#todo) {
      const { object } = work
      const id = idOf(object)
      const known = before.get(id)
      const isSame =
        known !== undefined &&
        known.ContentLength === object.size &&
        (object.etag === '' || known.ETag === object.etag) &&
        known.File === work.file &&
        !this.#parts.signal.aborted &&
        (await hashFile(join(this.#folder.path, known.File))) === known.SHA256
      if (!isSame) {
        todo.push(work)
        continue
      }
      this.lines.set(id, known)
      this.#there.objects++
      this.#there.bytes += known.ContentLength
    }
    this.#todo = todo
  }

  get bytesToCome(): number {
    return this.#todo.reduce((sum, { object }) => sum + object.size, 0)
  }

  /** @throws what ended the run before its time; what was fetched before is noted */
  async run(): Promise<void> {
    const queue = this.#todo[Symbol.iterator]()
    const reached = new Set<Work>()
    const worker = async (): Promise<void> => {
      for (let next = queue.next(); next.done !== true; next = queue.next()) {
        if (this.#failure !== undefined || this.#parts.signal.aborted) return
        if (await this.#one(next.value)) reached.add(next.value)
        this.#tell()
      }
    }
    await Promise.all(Array.from({ length: this.#parts.job.wish.concurrency }, worker))
    // An iterator that was asked by a worker which then stopped has moved on: what has no outcome was not reached.
    for (const work of this.#todo)
      if (!reached.has(work))
        this.#miss(work.object, 'not-reached', 'The run ended before; the same command continues it.')
    if (this.#failure !== undefined) throw this.#failure as Error
  }

  /** @returns whether the object has an outcome */
  async #one({ object, file }: Work): Promise<boolean> {
    if (object.key.endsWith('/') && object.size === 0) {
      this.#miss(object, 'folder-marker', 'An empty object that consoles make to show a folder.')
      return true
    }
    if (object.size > LARGEST) {
      this.#miss(
        object,
        'too-large',
        `${object.size} bytes, which no file of CloudTrail has. Fetch it by hand if it matters.`,
      )
      return true
    }
    try {
      const line = await fetchObject(this.#store, object, this.#folder.path, file, this.#parts.now, (n) => {
        this.#received += n
        this.#tell()
      })
      await this.#folder.note(line)
      this.lines.set(idOf(object), line)
      this.#fetched.objects++
      this.#fetched.bytes += line.ContentLength
      this.#missedInARow = 0
      return true
    } catch (error) {
      return this.#failed(object, error)
    }
  }

  #failed(object: WantedObject, error: unknown): boolean {
    if (error instanceof AcquireFailure && error.code === 'cancelled') return false
    if (!(error instanceof GaveUp)) {
      this.#failure ??= diskFailure(error)
      return false
    }
    const { trouble } = error
    if (trouble.kind === 'fatal') {
      this.#failure ??= new AcquireFailure(
        trouble.code,
        `${trouble.message} What was fetched stays; the same command continues.`,
      )
      return false
    }
    if (trouble.kind === 'object') this.#miss(object, trouble.reason, trouble.detail)
    else this.#miss(object, trouble.damaged ? 'damaged' : 'unavailable', trouble.detail)
    const isLost = trouble.kind === 'again' && !trouble.damaged
    this.#missedInARow = isLost ? this.#missedInARow + 1 : 0
    if (this.#missedInARow >= IN_A_ROW)
      this.#failure ??= new AcquireFailure(
        'unreadable',
        `${IN_A_ROW} objects in a row could not be fetched (${trouble.detail}): the connection seems to be gone. What was fetched stays; the same command continues.`,
      )
    return true
  }

  #miss(object: WantedObject, reason: NotFetched['reason'], detail: string): void {
    this.notFetched.push({ key: object.key, versionId: object.versionId, reason, detail })
  }

  #tell(): void {
    const now = this.#parts.now()
    if (now - this.#toldAt < TELL_MS) return
    this.#toldAt = now
    this.#parts.progress(this.progress('fetching'))
  }

  progress(phase: AcquireProgress['phase']): AcquireProgress {
    return {
      phase,
      listed: this.#plan.objects + this.#plan.leftOut,
      objects: this.lines.size + this.notFetched.length,
      objectsTotal: this.#plan.objects,
      bytes: this.#there.bytes + this.#received,
      bytesTotal: this.#plan.bytes,
      notFetched: this.notFetched.length,
      retries: this.#store.retries,
    }
  }

  sums(): Pick<AcquireResult, 'fetched' | 'alreadyThere' | 'notFetched'> {
    const reasons = new Map<NotFetched['reason'], number>()
    for (const { reason } of this.notFetched) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    return {
      fetched: { ...this.#fetched },
      alreadyThere: { ...this.#there },
      notFetched: {
        objects: this.notFetched.length,
        reasons: [...reasons].map(([reason, objects]) => ({ reason, objects })),
        first: this.notFetched.slice(0, FIRST).map((one) => ({ ...one, key: visible(one.key) })),
      },
    }
  }
}

const idOf = (object: WantedObject): string => objectId(object.key, object.isLatest ? null : object.versionId)

/** A full disk, a folder that may not be written; anything else is a bug and stays as it is. */
function diskFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AcquireFailure(
      'disk-full',
      'The disk is full. What was fetched stays; free some space and run the same command again.',
    )
  if (code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EMFILE'].includes(code))
    return new AcquireFailure(
      'unreadable',
      `The folder cannot be written (${code}). What was fetched stays; mend that and run the same command again.`,
    )
  return error
}
