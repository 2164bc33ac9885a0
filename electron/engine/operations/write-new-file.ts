import { createHash, randomBytes } from 'node:crypto'
import { open as openFile, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { Refusal } from '../refusal.ts'

/**
 * Writes a small file, whole or not at all. The name is taken first, then the complete file is moved onto it: no file is
 * replaced, and none is left half-written.
 * @throws Refusal `already-exists`: what was handed out is not written over.
 */
export async function writeNewFile(
  path: string,
  bytes: Uint8Array,
): Promise<{ readonly name: string; readonly bytes: number; readonly sha256: string }> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`
  await takeName(path)
  try {
    const file = await openFile(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    await rm(path, { force: true })
    throw error
  }
  return { name: basename(path), bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

async function takeName(path: string): Promise<void> {
  const file = await openFile(path, 'wx').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Refusal('already-exists', `${basename(path)} exists already. Choose another name, or move it away.`)
    throw error
  })
  await file.close()
}
