import type { Grant } from '#shared/contract/common.ts'
import { Engine } from '#engine/engine.ts'
import { asker } from '../../annotations/asker.ts'

/** Merges a package into a case, and says when it begins to store and when it is done. Killed in between. */
async function mergeOnce(path: string, grant: string, workerPath: string): Promise<void> {
  const engine = new Engine(
    { now: () => Date.now(), workerPath, version: '0.1.0', commit: 'test', temporaryFolder: '' },
    { spend: (given: Grant) => given, opened: () => undefined },
  )
  const open = await engine.open(path, { name: 'A. Rossi', organisation: '', identifier: '' })
  process.stdout.write('begins\n')
  await asker(engine, open.id)('packages.merge', { grant })
  process.stdout.write('done\n')
  await engine.closeAll()
}

const [path = '', grant = '', workerPath = ''] = process.argv.slice(2)
void mergeOnce(path, grant, workerPath)
