import { randomBytes } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CliFailure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Where a list goes: stdout, or a new file that appears under its name only when it is complete. */
export type Sink = {
  readonly write: (piece: string) => Promise<void>
  /** The list is complete. */
  readonly done: () => Promise<void>
  /** Takes away what is not complete; harmless after `done`. */
  readonly abandon: () => Promise<void>
}

/** @throws CliFailure `already-exists`, `unreadable` */
export async function openSink(terminal: Terminal, path: string | undefined): Promise<Sink> {
  const nothing = () => Promise.resolve()
  if (path === undefined) return { write: (piece) => terminal.write(piece), done: nothing, abandon: nothing }
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`)
  const file = await open(partial, 'wx').catch((error: unknown) => {
    throw new CliFailure('unreadable', `${path} cannot be written (${systemCode(error)}). Choose another folder.`)
  })
  let isOpen = true
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    write: async (piece) => {
      await file.writeFile(piece).catch((error: unknown) => {
        throw systemCode(error) === 'ENOSPC'
          ? new CliFailure('disk-full', 'The disk is full; nothing was kept. Free some space or choose another disk.')
          : error
      })
    },
    done: async () => {
      await file.sync()
      await close()
      // A link never replaces a file that came meanwhile.
      await link(partial, path).catch((error: unknown) => {
        if (systemCode(error) === 'EEXIST')
          throw new CliFailure('already-exists', `${path} exists already. Choose another name, or remove it first.`)
        throw new CliFailure('unreadable', `${path} cannot be written (${systemCode(error)}). Choose another folder.`)
      })
    },
    abandon: async () => {
      await close()
      await rm(partial, { force: true })
    },
  }
}

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
