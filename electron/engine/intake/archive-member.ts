import { bytes as sizeText } from '#shared/base/count.ts'
import type { Limits } from './limits.ts'

/** When to stop listing, and how much is too much. */
export type ListOptions = { readonly signal: AbortSignal; readonly limits: Limits }

/** A file inside an archive, with its bytes: they are read before it is handed on, so that damage is known in time. */
export type Member = {
  readonly path: string
  readonly modifiedMs: number | undefined
  readonly bytes: Buffer
}

export const tooLargeMember = (size: number, limit: number): string =>
  `The archive member is ${sizeText(size)}; members are read up to ${sizeText(limit)}. Unpack the archive and import the folder.`

export const DAMAGED_MEMBER = 'The archive member is damaged and cannot be unpacked.'

/** All bytes of a stream, or `undefined` when there are more than `limit`. Throws what the stream throws. */
export async function collect(content: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of content) {
    size += part.length
    if (size > limit) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}
