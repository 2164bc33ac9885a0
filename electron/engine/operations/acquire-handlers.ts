import { checkAcquisition, leaveOutRecords } from '../acquire/check-acquisition.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { runImport } from '../intake/run/run-import.ts'
import type { Connection } from '../storage/sqlite.ts'

/** What was fetched from S3, in another process, comes into the case here. */
export function acquireHandlers(engine: EngineAccess): Pick<EngineHandlers, 'acquire.import'> {
  return {
    'acquire.import': async ({ caseId, grant }, { signal, progress }) => {
      const open = engine.case(caseId)
      const path = engine.host.spend(grant)
      open.requireExaminer()
      const { manifest, record, sha256 } = await checkAcquisition(path, signal)
      await open.change('acquire.import', [], { ...record, manifest })
      const imported = await runImport(
        open,
        { paths: [path], mode: 'copy', leaveOut: leaveOutRecords },
        progress,
        signal,
      )
      return { acquisition: record, imported, holdsAll: await holdsAll(open.file.reader, sha256) }
    },
  }
}

/** Hashes per question: SQLite takes 32,766 parameters. */
const AT_ONCE = 10_000

async function holdsAll(reader: Connection, sha256: readonly string[]): Promise<boolean> {
  const hashes = [...new Set(sha256)]
  for (let first = 0; first < hashes.length; first += AT_ONCE) {
    const part = hashes.slice(first, first + AT_ONCE)
    const row = await reader.get<{ n: number }>(
      `select count(distinct sha256) as n from original where sha256 in (select unhex(value) from json_each(?))`,
      [JSON.stringify(part)],
    )
    if (row?.n !== part.length) return false
  }
  return true
}
