import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Grant } from '#shared/contract/common.ts'
import { Engine } from '#engine/engine.ts'
import type { OpenCase } from '#engine/open-case.ts'
import { evidence, type EvidenceOptions } from '#test/fixtures/evidence.ts'
import { asker, type Asking } from './asker.ts'

export { asker }

export const rossi = { name: 'A. Rossi', organisation: 'Example Response Ltd', identifier: 'ER-17' }
export const meyer = { name: 'K. Meyer', organisation: '', identifier: '' }

export const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'trailcase-'))

/** A clock that moves on by a second with each look, so that runs are the same. */
export function steadyClock(from = Date.parse('2026-11-20T10:00:00Z')): () => number {
  let now = from
  return () => (now += 1000)
}

/** An engine whose grants are the paths themselves. */
export function testEngine(now: () => number = steadyClock()): Engine {
  return new Engine(
    {
      now,
      workerPath: join(import.meta.dirname, '../../../../dist/node/parse-worker.cjs'),
      workers: 1,
      version: '0.1.0',
      commit: 'test',
      temporaryFolder: tempFolder(),
    },
    { spend: (grant) => grant, opened: () => undefined },
  )
}

export type TestCase = { readonly engine: Engine; readonly open: OpenCase; readonly path: string; readonly ask: Asking }

/** A case of the examiner Rossi with this evidence imported (`test/fixtures/README.md`). */
export async function annotatedCase(
  story: string,
  options: EvidenceOptions = {},
  engine = testEngine(),
): Promise<TestCase> {
  const folder = tempFolder()
  const path = join(folder, 'case.trailcase')
  const open = await engine.create(path, { title: 'Test case', number: 'T-1', owner: 'Dr. L. Brandt' }, rossi)
  const made = { engine, open, path, ask: asker(engine, open.id) }
  await made.ask('sources.import', { grants: [evidence(story, options).writeTo(join(folder, 'evidence')) as Grant] })
  return made
}

/** The same case opened again by somebody. */
export async function reopened(
  test: TestCase,
  examiner: typeof rossi | null = rossi,
  engine = test.engine,
): Promise<TestCase> {
  await test.engine.close(test.open.id)
  const open = await engine.open(test.path, examiner)
  return { engine, open, path: test.path, ask: asker(engine, open.id) }
}

export const query = (text: string) => ({ text, facets: [], sort: 'eventTime' as const })
