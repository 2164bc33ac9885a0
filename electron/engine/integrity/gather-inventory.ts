import type { Connection } from '../storage/sqlite.ts'
import { controlEvents } from './control-events.ts'
import type { HeldDigests } from './held-digests.ts'
import type { Inventory } from './judgement.ts'
import type { LakeFile, LakeSign } from './lake-results.ts'
import { readLogFiles, withoutCopies } from './read-log-files.ts'
import {
  digestRows,
  readDigests,
  readKeyFiles,
  readLakeSigns,
  readSignatures,
  type DigestRow,
  type KeyFile,
  type Told,
} from './read-proofs.ts'

/** What a judgement of a case is made from, and where in the case each piece of it lies. */
export type Gathered = {
  readonly inventory: Inventory
  /** Where in the case each digest of the inventory lies, in the same order. */
  readonly digestRows: readonly DigestRow[]
  /** Files that are the same copy of the same delivery as a log file in the inventory, by the number of that one. */
  readonly logCopies: ReadonlyMap<number, readonly number[]>
  /** The original of each log file, `null` where it was not kept: files of the same bytes share one, and their events are stored once. */
  readonly logOriginals: ReadonlyMap<number, number | null>
  readonly keyFiles: readonly KeyFile[]
  readonly lake: { readonly signs: readonly LakeSign[]; readonly files: readonly LakeFile[] }
}

/** Gathers digests, log files, keys, signatures, and the events that start or stop trails, from the originals of a case. */
export async function gatherInventory(
  reader: Connection,
  signal: AbortSignal,
  told: Told = () => undefined,
  held?: HeldDigests,
): Promise<Gathered> {
  const rows = await digestRows(reader)
  const digests = await readDigests(reader, rows, signal, told, held)
  const keyFiles = await readKeyFiles(reader, signal)
  const signatures = await readSignatures(reader, signal)
  const all = await readLogFiles(reader)
  const logs = withoutCopies(all)
  return {
    inventory: {
      digests,
      logs: logs.first,
      keys: keyFiles.flatMap((file) => file.keys),
      signatures,
      controlEvents: await controlEvents(reader),
    },
    digestRows: rows,
    logCopies: logs.copies,
    logOriginals: new Map(all.map(({ fileId, original }) => [fileId, original])),
    keyFiles,
    lake: await lakeFiles(reader, signal),
  }
}

/** Sign files of saved Lake queries, and the files that they could name: whatever lies in the evidence as `.csv` or `.csv.gz`. */
async function lakeFiles(reader: Connection, signal: AbortSignal): Promise<Gathered['lake']> {
  const signs = await readLakeSigns(reader, signal)
  if (signs.length === 0) return { signs, files: [] }
  const files = await reader.all<LakeFile>(
    `select id as entry, path, lower(hex(sha256)) as sha256 from entry where sha256 is not null and (path like '%.csv.gz' or path like '%.csv') order by id`,
  )
  return { signs, files }
}
