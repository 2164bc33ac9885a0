import { randomBytes } from 'node:crypto'
import { open as openFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensure } from '#shared/base/assert.ts'
import type { GivenEntry } from '../../intake/run/import-given.ts'
import { entryBytes, wholeEntry } from '../package/bag-archive.ts'
import { evidenceName } from '../package/bag-names.ts'
import type { Bag } from '../package/bag-reader.ts'
import type { IndexLine } from './documents.ts'

/** Said in the ledger of a file that another case has and this one has not. */
export const NOT_PACKED = 'known by its hash only: it was not in the package that this case was made from'

/** A line of the index whose original is not in the package: what was said of it stays. */
export function absentEntry(line: IndexLine): GivenEntry {
  const { path, size, sha256, kind, inflatedSha256, inflatedSize } = line
  const outcome = line.outcome === 'quarantined' ? 'quarantined' : 'ignored'
  const reason = outcome === line.outcome ? (line.reason ?? 'no reason was given') : NOT_PACKED
  return {
    kind: 'absent',
    path,
    outcome,
    reason,
    is: kind,
    size,
    sha256: sha256 ?? '',
    inflatedSha256: inflatedSha256 ?? '',
    inflatedSize,
  }
}

/** A line of the index whose original is in the package. */
export function packedEntry(bag: Bag, staging: string, { path, size }: IndexLine, sha256: string): GivenEntry {
  return { kind: 'file', path, size, sha256, ...originalReaders(bag, staging, sha256) }
}

type FileReaders = Pick<Extract<GivenEntry, { kind: 'file' }>, 'read' | 'stage' | 'unstage'>

/** How an original of the bag is read: whole, or as a file in the staging folder under a name made here. */
function originalReaders({ archive }: Bag, staging: string, sha256: string): FileReaders {
  const entry = () => ensure(archive.entries.get(evidenceName(sha256)), 'readIndex found every original')
  const path = join(staging, `original-${randomBytes(8).toString('hex')}`)
  return {
    read: () => wholeEntry(archive, entry()),
    stage: async () => {
      const file = await openFile(path, 'wx', 0o600)
      try {
        for await (const chunk of entryBytes(archive, entry())) await file.writeFile(chunk)
      } finally {
        await file.close()
      }
      return path
    },
    unstage: () => rm(path, { force: true }),
  }
}
