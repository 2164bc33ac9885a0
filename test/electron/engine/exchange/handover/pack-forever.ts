import { join } from 'node:path'
import type { Grant } from '#shared/contract/common.ts'
import { Engine } from '#engine/engine.ts'
import { asker } from '../../annotations/asker.ts'

/** Packs one case again and again until it is killed, and says when it begins. */
async function packForever(path: string, folder: string, splitBytes?: number): Promise<never> {
  const engine = new Engine(
    { now: () => Date.now(), workerPath: '', version: '0.1.0', commit: 'test', temporaryFolder: '' },
    { spend: (grant: Grant) => grant, opened: () => undefined },
  )
  const open = await engine.open(path, { name: 'A. Rossi', organisation: '', identifier: '' })
  const ask = asker(engine, open.id)
  process.stdout.write('begins\n')
  for (let n = 0; ; n++)
    await ask('packages.pack', {
      grant: join(folder, `case-${n}.zip`),
      ...(splitBytes !== undefined && { splitBytes }),
    })
}

const [path = '', folder = '', splitBytes] = process.argv.slice(2)
void packForever(path, folder, splitBytes === undefined ? undefined : Number(splitBytes))
