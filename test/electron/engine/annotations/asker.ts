import type { AskOf, EngineOperationName, OutputOf } from '#shared/contract/contract.ts'
import type { CaseId } from '#shared/contract/common.ts'
import { answer, type Handlers } from '#engine/answer.ts'
import type { Engine } from '#engine/engine.ts'

export type Asking = <N extends EngineOperationName>(name: N, input: Omit<AskOf<N>, 'caseId'>) => Promise<OutputOf<N>>

/** Asks through the contract; an expected failure throws with its code, a bug with its stack. */
export function asker(engine: Engine, caseId: CaseId): Asking {
  return async (name, input) => {
    const reply = await answer(
      engine.handlers as unknown as Handlers,
      name,
      { caseId, ...input },
      { signal: new AbortController().signal, progress: () => undefined },
      (error) => {
        throw error
      },
    )
    if (!reply.ok) throw Object.assign(new Error(reply.message), { code: reply.code })
    return reply.value as never
  }
}
