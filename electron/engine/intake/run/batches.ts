import type { Entry, EntryProblem } from '../types.ts'
import type { FileJob } from './batch.ts'

/**
 * Files are parsed and stored in groups, one transaction for each. A larger group costs memory; a smaller one costs time, as
 * each commit writes the index of words anew.
 */
const BATCH_FILES = 500
const BATCH_BYTES = 3_000_000

export type WorkItem =
  | { readonly kind: 'files'; readonly jobs: readonly FileJob[] }
  /** Too large to hold in memory: parsed as a stream, in a transaction of its own. */
  | { readonly kind: 'large'; readonly job: FileJob }
  | { readonly kind: 'problems'; readonly problems: readonly EntryProblem[] }

export type BatchOptions = {
  /** Files of at least this many stored bytes are streamed. */
  readonly largeFrom: number
  /** SHA-256 under which the ledger holds a path already. */
  readonly knownSha256: (path: string) => string | undefined
  /** A reason to leave an entry out by its name alone (an account that was not asked for), or nothing. */
  readonly leaveOut: (path: string) => string | undefined
}

/** Groups entries into work, in their order. Archive members are read here, one after the other, as their archive streams by. */
export async function* batches(
  entries: AsyncIterable<Entry | EntryProblem>,
  options: BatchOptions,
): AsyncGenerator<WorkItem> {
  let jobs: FileJob[] = []
  let bytes = 0
  let problems: EntryProblem[] = []
  for await (const entry of entries) {
    const problem: EntryProblem | undefined = 'outcome' in entry ? entry : leftOut(entry, options)
    if (problem) {
      problems.push(problem)
      if (problems.length >= 1000) {
        yield { kind: 'problems', problems }
        problems = []
      }
      continue
    }
    const file = entry as Entry
    const known = options.knownSha256(file.path)
    const job: FileJob = {
      path: file.path,
      size: file.size,
      ...(file.localPath === undefined ? { bytes: await file.read() } : { localPath: file.localPath }),
      ...(known === undefined ? {} : { knownSha256: known }),
    }
    if (file.localPath !== undefined && file.size !== undefined && file.size >= options.largeFrom) {
      yield { kind: 'large', job }
      continue
    }
    jobs.push(job)
    bytes += file.size ?? 0
    if (jobs.length >= BATCH_FILES || bytes >= BATCH_BYTES) {
      yield { kind: 'files', jobs }
      jobs = []
      bytes = 0
    }
  }
  if (jobs.length > 0) yield { kind: 'files', jobs }
  if (problems.length > 0) yield { kind: 'problems', problems }
}

function leftOut(entry: Entry, options: BatchOptions): EntryProblem | undefined {
  const reason = options.leaveOut(entry.path)
  return reason === undefined ? undefined : { path: entry.path, outcome: 'ignored', reason }
}
