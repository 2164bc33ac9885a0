import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { collect, DAMAGED_MEMBER, tooLargeMember, type ListOptions, type Member } from './archive-member.ts'
import { inflateAllowance, type Limits } from './limits.ts'
import type { EntryProblem } from './types.ts'

/** What the library yields: a stream with its header (its own types leave it out). */
type TarMember = AsyncIterable<Uint8Array> & { readonly header: Header; resume(): void }

/** The members of a tar that streams by, one after the other. `storedBytes` is the size of what `content` gives. */
export async function* tarMembers(
  content: AsyncIterable<Uint8Array>,
  storedBytes: number,
  format: 'tar' | 'tar.gz',
  archive: string,
  options: ListOptions,
): AsyncGenerator<Member | EntryProblem> {
  const trouble: Trouble = { ratio: false }
  const plain = format === 'tar' ? content : gunzipped(content, storedBytes, options.limits, trouble)
  const source = Readable.from(plain, { objectMode: false })
  const members = extract()
  // Errors reach the loop over the members through the pipeline.
  pipeline(source, members, () => undefined)
  let count = 0
  try {
    for await (const member of members as unknown as AsyncIterable<TarMember>) {
      options.signal.throwIfAborted()
      const found = await readMember(member, archive, options.limits)
      // What was not read must still go by before the next member comes.
      member.resume()
      if (found === undefined) continue
      count++
      yield found
    }
  } catch {
    options.signal.throwIfAborted()
    yield { path: archive, outcome: 'quarantined', reason: damagedTar(trouble, count, options.limits) }
    return
  } finally {
    source.destroy()
    members.destroy()
  }
  if (count === 0) yield { path: archive, outcome: 'ignored', reason: 'The archive holds no files.' }
}

async function readMember(
  member: TarMember,
  archive: string,
  limits: Limits,
): Promise<Member | EntryProblem | undefined> {
  const { header } = member
  const path = `${archive}!${header.name}`
  const { type } = header
  if (type === 'directory') return undefined
  if (type !== 'file' && type !== 'contiguous-file') {
    return {
      path,
      outcome: 'ignored',
      reason: `Not a file: the archive holds something else under this name (${type}).`,
    }
  }
  const size = header.size
  const bytes = size > limits.entryBytes ? undefined : await collect(member, limits.entryBytes)
  if (bytes === undefined) return { path, outcome: 'quarantined', reason: tooLargeMember(size, limits.entryBytes) }
  if (bytes.length !== size) return { path, outcome: 'quarantined', reason: DAMAGED_MEMBER }
  return { path, modifiedMs: header.mtime.getTime(), bytes }
}

type Trouble = { ratio: boolean }

/** Inflates as far as it goes: what breaks off gives the members before the break, and the tar then ends too early. */
async function* gunzipped(
  content: AsyncIterable<Uint8Array>,
  storedBytes: number,
  limits: Limits,
  trouble: Trouble,
): AsyncGenerator<Buffer> {
  // An archive may be large as a whole: only its ratio is bounded here, its members have their own limit.
  const allowance = inflateAllowance(storedBytes, { ...limits, inflatedBytes: Infinity })
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  pipeline(Readable.from(content, { objectMode: false }), gunzip, () => undefined)
  let seen = 0
  try {
    for await (const part of gunzip) {
      seen += (part as Buffer).length
      trouble.ratio = seen > allowance
      if (trouble.ratio) return
      yield part as Buffer
    }
  } catch {
    // The tar that ends too early tells of it.
  } finally {
    gunzip.destroy()
  }
}

function damagedTar(trouble: Trouble, members: number, limits: Limits): string {
  const why = trouble.ratio ? `it inflates to more than ${limits.ratio} times its size` : 'it is cut off or damaged'
  return `The tar archive cannot be read to its end: ${why}. ${members} of its members were found before that.`
}
