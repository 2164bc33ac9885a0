import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A run that is still at work touches its files at least so often. */
const STILL_AT_WORK_MS = 3_600_000

/**
 * Takes away what a killed run left in a folder: files and folders of our own names to which nothing was written for an hour. What cannot be
 * taken away stays; it never has a name that looks finished.
 */
export async function sweepLeftovers(folder: string, isOurs: (name: string) => boolean, nowMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(isOurs)) {
    const path = join(folder, name)
    if (nowMs - (await lastTouched(path)) > STILL_AT_WORK_MS)
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** The newest time of a file, or of a folder and what lies in it. */
async function lastTouched(path: string): Promise<number> {
  const inside = await readdir(path).catch(() => [])
  const times = await Promise.all(
    [path, ...inside.map((name) => join(path, name))].map((one) =>
      stat(one).then(
        ({ mtimeMs }) => mtimeMs,
        () => Infinity,
      ),
    ),
  )
  return Math.max(...times)
}
