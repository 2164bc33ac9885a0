import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '#engine/engine.ts'
import { writeBulkTree } from './bulk-tree.ts'

/** An engine without any host, and a folder for what a benchmark makes. */
export type BenchEngine = {
  readonly engine: Engine
  readonly folder: string
  /** The case that was named, or a new one of so many events. */
  readonly caseFile: (named: string | undefined, events: number) => Promise<string>
  /** Closes the cases and removes the folder. */
  readonly end: () => Promise<void>
}

export const noCall = { signal: new AbortController().signal, progress: () => undefined }

export function benchEngine(): BenchEngine {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-bench-'))
  const engine = new Engine(
    {
      now: () => Date.now(),
      workerPath: join(process.cwd(), 'dist/node/parse-worker.cjs'),
      version: 'bench',
      commit: 'bench',
      temporaryFolder: folder,
    },
    { spend: (grant) => grant, opened: () => undefined },
  )
  return {
    engine,
    folder,
    caseFile: async (named, events) => named ?? makeCase(engine, folder, events),
    end: async () => {
      await engine.closeAll()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function makeCase(engine: Engine, folder: string, wanted: number): Promise<string> {
  process.stderr.write(`writing ${wanted} events\n`)
  const tree = writeBulkTree(join(folder, 'tree'), wanted, { perFile: 40, signed: false })
  const path = join(folder, 'bench.trailcase')
  const made = await engine.create(path, {}, { name: 'bench', organisation: '', identifier: '' })
  const grants = [tree.bucket] as never
  await engine.handlers['sources.import'](
    { caseId: made.id, grants, mode: 'copy', accounts: [], regions: [], from: undefined, to: undefined },
    noCall,
  )
  await engine.close(made.id)
  return path
}
