import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { visible } from '#shared/base/visible.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import { annotationFileForm, type AnnotationFileForm } from '../formats/annotation-kind.ts'

/** Enough for the heading of any table that we or Timesketch write. */
const HEAD = 65_536

export type AnnotationFile = AnnotationFileForm & {
  /** As it is called, without the folders. A stranger may have named it. */
  readonly name: string
  readonly bytes: number
  /** Its content; `told` hears how many bytes were read. `sha256` below is of what went through here. */
  readonly chunks: (signal: AbortSignal, told: (done: number) => void) => AsyncIterable<Uint8Array>
  /** SHA-256, hex, once all chunks have been read. */
  readonly sha256: () => string
}

/** A table that somebody handed back, known by its first bytes. @throws Refusal `unreadable`, `bad-input` */
export async function openAnnotationFile(path: string): Promise<AnnotationFile> {
  const name = visible(basename(path))
  const unreadable = (): never => {
    throw new Refusal('unreadable', `${name} cannot be read. Check that it is there and that you may read it.`)
  }
  const facts = await stat(path).catch(unreadable)
  if (!facts.isFile())
    throw new Refusal('bad-input', `${name} is no file. Choose the CSV or JSON lines file that came back.`)
  const hash = createHash('sha256')
  async function* chunks(signal: AbortSignal, told: (done: number) => void): AsyncGenerator<Uint8Array> {
    let done = 0
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      stopIfCancelled(signal)
      hash.update(chunk)
      done += chunk.length
      told(done)
      yield chunk
    }
  }
  return {
    name,
    bytes: facts.size,
    ...annotationFileForm(await headOf(path).catch(unreadable)),
    chunks,
    sha256: () => hash.digest('hex'),
  }
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(HEAD)
    const { bytesRead } = await file.read(head, 0, HEAD, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
