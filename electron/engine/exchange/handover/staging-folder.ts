import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { bytes as size } from '#shared/base/count.ts'
import { Refusal } from '../../refusal.ts'
import { diskTrouble } from '../disk-trouble.ts'
import { sweepLeftovers } from './leftovers.ts'

/** A new folder beside a case, on the same disk, for the time of unpacking or merging. The caller removes it. @throws Refusal `disk-full`, `unreadable` */
export async function makeStaging(beside: string, purpose: 'unpack' | 'merge'): Promise<string> {
  try {
    return await mkdtemp(join(dirname(beside), `.${basename(beside)}.${purpose}-`))
  } catch (problem) {
    const trouble = diskTrouble(problem)
    if (trouble === undefined) throw problem
    throw new Refusal(trouble.code === 'NO_SPACE' ? 'disk-full' : 'unreadable', trouble.message)
  }
}

/** What comes of originals in a case is about as large as they are, and once more while it is written. @throws Refusal `disk-full` */
export async function requireSpace(folder: string, originals: number): Promise<void> {
  const disk = await statfs(folder)
  const [free, needed] = [disk.bavail * disk.bsize, originals * 3]
  if (needed > free)
    throw new Refusal(
      'disk-full',
      `What is in the package needs about ${size(needed)}, the disk has ${size(free)} free. Free space or choose another disk.`,
    )
}

/** Removes what a killed run left beside a case. Only for work under the lock of that case, so that no other run can be at it. */
export async function sweepStaging(beside: string, purpose: 'merge'): Promise<void> {
  const start = `.${basename(beside)}.${purpose}-`
  const names = await readdir(dirname(beside)).catch(() => [])
  for (const name of names)
    if (name.startsWith(start) && name.length === start.length + 6)
      await rm(join(dirname(beside), name), { recursive: true, force: true })
}

/** The same for a case that is not there yet, and so has no lock: what nobody has written to for an hour. */
export const sweepUnpacking = (target: string, nowMs: number): Promise<void> =>
  sweepLeftovers(dirname(target), (name) => name.startsWith(`.${basename(target)}.unpack-`), nowMs)
