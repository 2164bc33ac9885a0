import { pipeline, Readable, Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
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
  const members = extract()
  // Errors of any stage reach the loop over the members through the pipeline.
  const ignore = (): void => undefined
  const source = Readable.from(content, { objectMode: false })
  if (format === 'tar') pipeline(source, members, ignore)
  else pipeline(source, createGunzip(), ratioGuard(storedBytes, options.limits), members, ignore)
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
  } catch (error) {
    options.signal.throwIfAborted()
    yield { path: archive, outcome: 'quarantined', reason: damagedTar(error, count) }
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
  const type = String(header.type)
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

class RatioError extends Error {}

function ratioGuard(storedBytes: number, limits: Limits): Transform {
  // An archive may be large as a whole: only its ratio is bounded here, its members have their own limit.
  const allowance = inflateAllowance(storedBytes, { ...limits, inflatedBytes: Infinity })
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > allowance) done(new RatioError(`it inflates to more than ${limits.ratio} times its size`))
      else done(null, chunk)
    },
  })
}

function damagedTar(error: unknown, members: number): string {
  const why = error instanceof RatioError ? error.message : 'it is cut off or damaged'
  return `The tar archive cannot be read to its end: ${why}. ${members} of its members were found before that.`
}
