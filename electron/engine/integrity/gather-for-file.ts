import type { Connection } from '../storage/sqlite.ts'
import type { Inventory } from './judgement.ts'
import { parseLogKey } from './key-path.ts'
import { readLogFile } from './read-log-files.ts'
import { digestRows, readDigests, readKeyFiles, readSignatures, type DigestRow, type Told } from './read-proofs.ts'

/** What can prove one log file, out of all that a case holds. */
export type ForFile = {
  readonly inventory: Inventory
  /** Where in the case each digest of the inventory lies, in the same order. */
  readonly digestRows: readonly DigestRow[]
}

/**
 * Gathers the digests of a log file's own account and region, with all keys and signatures. They stand together: a chain
 * never leaves its account and region. A proof that they give holds whatever else the case holds; that they give none says
 * nothing. `not-a-log` is a file that no digest could list; `undefined` a file whose name does not tell its place.
 * @throws Refusal `cancelled`, or that an original cannot be read
 */
export async function gatherForFile(
  reader: Connection,
  entry: number,
  signal: AbortSignal,
  told: Told,
): Promise<ForFile | 'not-a-log' | undefined> {
  const log = await readLogFile(reader, entry)
  if (!log) return 'not-a-log'
  const name = parseLogKey(log.path)
  if (!name) return undefined
  const rows = await digestRows(reader, `${name.account}_CloudTrail-Digest_${name.region}_`)
  const digests = await readDigests(reader, rows, signal, told)
  const keys = (await readKeyFiles(reader, signal)).flatMap((file) => file.keys)
  const signatures = await readSignatures(reader, signal)
  return { inventory: { digests, logs: [log], keys, signatures, controlEvents: [] }, digestRows: rows }
}
