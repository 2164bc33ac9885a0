import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answer, type Handlers } from '#engine/answer.ts'
import { Engine } from '#engine/engine.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { AskOf, OperationName, OutputOf, Reply } from '#shared/contract/contract.ts'

const root = join(import.meta.dirname, '../../..')

/** An engine with the sample investigation open, asked through the contract as a host asks it. */
export type SampleEngine = {
  readonly engine: Engine
  readonly caseId: CaseId
  readonly folder: string
  readonly ask: <N extends OperationName>(
    name: N,
    input: Omit<AskOf<N>, 'caseId'>,
    signal?: AbortSignal,
  ) => Promise<Reply<OutputOf<N>>>
  /** The answer; fails the test where there is none. */
  readonly get: <N extends OperationName>(name: N, input: Omit<AskOf<N>, 'caseId'>) => Promise<OutputOf<N>>
  readonly close: () => Promise<void>
}

export async function sampleEngine(): Promise<SampleEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-sample-'))
  const engine = new Engine(
    {
      now: () => Date.now(),
      workerPath: join(root, 'dist/node/parse-worker.cjs'),
      workers: 1,
      version: '0',
      commit: '0',
      temporaryFolder: folder,
    },
    { spend: (grant) => grant, opened: () => undefined },
  )
  const handlers = engine.handlers as unknown as Handlers
  const never = new AbortController().signal
  const raw = (name: string, input: unknown, signal: AbortSignal) =>
    answer(handlers, name, input, { signal, progress: () => undefined }, (error) =>
      process.stderr.write(`${String(error)}\n`),
    )
  const opened = await raw('cases.openSample', {}, never)
  if (!opened.ok) throw new Error(opened.message)
  const { caseId } = opened.value as { caseId: CaseId }
  const ask: SampleEngine['ask'] = async (name, input, signal = never) =>
    (await raw(name, { caseId, ...input }, signal)) as never
  return {
    engine,
    caseId,
    folder,
    ask,
    get: async (name, input) => {
      const reply = await ask(name, input)
      if (!reply.ok) throw new Error(`${name}: ${reply.code}: ${reply.message}`)
      return reply.value
    },
    close: async () => {
      await engine.closeAll()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
