import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { runImport, selection } from '../intake/run/run-import.ts'
import { listFiles, listSources } from '../queries/list-files.ts'

type Names = 'sources.import' | 'sources.list' | 'sources.files'

export function sourceHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  return {
    'sources.import': ({ caseId, grants, mode, accounts, regions, from, to }, { signal, progress }) =>
      runImport(
        engine.case(caseId),
        {
          paths: grants.map((grant) => engine.host.spend(grant)),
          mode,
          leaveOut: selection({ accounts, regions, from, to }),
        },
        progress,
        signal,
      ),
    'sources.list': async ({ caseId }) => ({ sources: await listSources(engine.case(caseId).file.reader) }),
    'sources.files': ({ caseId, ...wanted }) => listFiles(engine.case(caseId).file.reader, wanted),
  }
}
