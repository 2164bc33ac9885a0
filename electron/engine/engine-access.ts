import type { CaseId, Grant } from '#shared/contract/common.ts'
import type { EngineOperationName, HandlersOf } from '#shared/contract/contract.ts'
import type { EngineSetting } from './engine-setting.ts'
import type { Examiner, OpenCase } from './open-case.ts'

export type EngineHandlers = HandlersOf<EngineOperationName, AbortSignal>

/** What a host lends the engine: paths are named by grants, and only the host knows which path a grant stands for. */
export type Host = {
  /** The path a grant stands for. @throws Refusal `not-found` for a grant that was never given or is spent. */
  readonly spend: (grant: Grant) => string
  /** Told when a case is opened, for the list of recent cases. */
  readonly opened: (path: string, title: string, number: string) => void
}

/** What the operations need of the engine: its open cases, its host, its setting. */
export type EngineAccess = {
  readonly setting: EngineSetting
  readonly host: Host
  /** The open case of that id. @throws Refusal `not-found`. */
  case(id: CaseId): OpenCase
  create(path: string, header: Parameters<typeof OpenCase.create>[1], examiner: Examiner): Promise<OpenCase>
  /** Opens a case, or gives the one that is open at this path already. */
  open(path: string, examiner: Examiner | null): Promise<OpenCase>
  close(id: CaseId): Promise<boolean>
}
