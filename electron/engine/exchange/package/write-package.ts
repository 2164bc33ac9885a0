import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { bytes as size } from '#shared/base/count.ts'
import { failed, ok, type Failed, type Result } from '#shared/base/result.ts'
import { diskTrouble, errorCode } from '../disk-trouble.ts'
import type { AgeRecipients } from './age-recipients.ts'
import { encryptAge } from './age.ts'
import { checkPayload, closeBag, openBag } from './bag-reader.ts'
import { EvidenceChanged, writeBag, type BagPlan } from './bag-writer.ts'

export type PackageRequest = {
  /** The file to make; must not exist. The caller was granted this path. */
  readonly path: string
  readonly plan: BagPlan
  /** Encrypts the whole bag, its signature inside. */
  readonly encryptTo?: AgeRecipients
  /** About how large it will be; with 5 % on top it must fit on the disk before anything is written. */
  readonly expectedBytes: number
  readonly signal?: AbortSignal
  /** Told while what was written is read back: bytes of how many. */
  readonly onReadBack?: (done: number, total: number) => void
}
export type PackageFailure = 'EXISTS' | 'CANCELLED' | 'EVIDENCE_CHANGED' | 'NOT_READ_BACK' | 'NO_SPACE' | 'NOT_WRITABLE'
export type PackageWritten = { readonly bytes: number; readonly sha256: string }

/**
 * Writes a package under a temporary name, syncs it, reads it back from the disk and compares, and only then gives it its
 * name. Without encryption the bag itself is checked entry by entry; an encrypted one is compared byte for byte by its
 * SHA-256, since nobody here can open it. Cancelling, a full disk or a crash leave no file that looks finished.
 */
export async function writePackage(request: PackageRequest): Promise<Result<PackageWritten, PackageFailure>> {
  const { path, plan, encryptTo } = request
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`)
  try {
    if (await exists(path)) return taken(path)
    const space = await enoughSpace(dirname(path), request.expectedBytes)
    if (!space.ok) return space
    const bag = cancellable(writeBag(plan), request.signal)
    const written = await writeSynced(temporary, encryptTo === undefined ? bag : encryptAge(bag, encryptTo))
    const same = await readBack(temporary, written, encryptTo === undefined, request)
    if (!same.ok) return same
    // A hard link, unlike a rename, never replaces a file that appeared meanwhile.
    await giveName(temporary, path)
    return ok(written)
  } catch (problem) {
    return expectedFailure(problem, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

const taken = (path: string): Failed<'EXISTS'> =>
  failed('EXISTS', `${basename(path)} exists already. Choose another name, or remove it first.`)

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function enoughSpace(folder: string, expected: number): Promise<Result<undefined, 'NO_SPACE'>> {
  const disk = await statfs(folder)
  const free = disk.bavail * disk.bsize
  const needed = Math.ceil(expected * 1.05)
  if (free >= needed) return ok(undefined)
  return failed(
    'NO_SPACE',
    `The package needs about ${size(needed)}, the disk has ${size(free)} free. Free space or choose another disk.`,
  )
}

class Cancelled extends Error {}

async function* cancellable(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (signal?.aborted === true) throw new Cancelled()
    yield chunk
  }
}

async function writeSynced(path: string, chunks: AsyncIterable<Uint8Array>): Promise<PackageWritten> {
  const file = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of gathered(chunks)) {
      hash.update(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
    await file.sync()
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** Joins headers and small originals, so that 300,000 of them are not a million writes. */
async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    length += chunk.length
    if (length < 1_048_576) continue
    // A large chunk goes on as it is: copying it would only cost memory.
    yield held.length === 1 ? chunk : Buffer.concat(held)
    held = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(held)
}

async function readBack(
  path: string,
  written: PackageWritten,
  plain: boolean,
  { signal, onReadBack }: Pick<PackageRequest, 'signal' | 'onReadBack'>,
): Promise<Result<undefined, PackageFailure>> {
  const hash = createHash('sha256')
  let done = 0
  for await (const chunk of cancellable(createReadStream(path, { highWaterMark: 1_048_576 }), signal)) {
    hash.update(chunk)
    onReadBack?.((done += chunk.length), written.bytes)
  }
  if (hash.digest('hex') !== written.sha256) return notReadBack('its bytes differ')
  if (!plain) return ok(undefined)
  const bag = await openBag(path)
  if (!bag.ok) return notReadBack(bag.message)
  try {
    const payload = await checkPayload(bag.value, signal === undefined ? {} : { signal })
    if (payload.ok) return ok(undefined)
    if (payload.code === 'CANCELLED') throw new Cancelled()
    return notReadBack(payload.message)
  } finally {
    await closeBag(bag.value)
  }
}

const notReadBack = (why: string): Failed<'NOT_READ_BACK'> =>
  failed(
    'NOT_READ_BACK',
    `What was read back from the disk is not what was written (${why}); nothing was kept. The medium may be failing: use another.`,
  )

async function giveName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
  } catch (problem) {
    // FAT and some network shares have no hard links; there a look and a rename must do.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errorCode(problem))) throw problem
    if (await exists(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' })
    await rename(temporary, path)
  }
}

function expectedFailure(problem: unknown, path: string): Failed<PackageFailure> {
  if (problem instanceof Cancelled) return failed('CANCELLED', 'The export was cancelled; nothing was kept.')
  if (problem instanceof EvidenceChanged) {
    return failed(
      'EVIDENCE_CHANGED',
      `An original in the case is no longer what was taken in: SHA-256 ${problem.expected} is now ${problem.found}. Nothing was exported; run verify.`,
    )
  }
  if (errorCode(problem) === 'EEXIST') return taken(path)
  const trouble = diskTrouble(problem)
  if (trouble === undefined) throw problem
  return trouble
}
