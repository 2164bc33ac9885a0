// What the digests cost: an import with them next to one without, and judging a case again. Options: --events N
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Engine } from '#engine/engine.ts'
import { runImport } from '#engine/intake/run/run-import.ts'
import { integrityOf } from '#engine/integrity/case-integrity.ts'
import { gatherInventory } from '#engine/integrity/gather-inventory.ts'
import { judge } from '#engine/integrity/judge.ts'
import type { OpenCase } from '#engine/open-case.ts'
import { writeBulkTree } from './bulk-tree.ts'
import { measured } from './measured.ts'

const ROUNDS = 2
const never = new AbortController().signal
const { values } = parseArgs({ options: { events: { type: 'string', default: '200000' } } })

void main()

async function main(): Promise<void> {
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
  let cases = 0
  const imported = async (paths: readonly string[]): Promise<{ open: OpenCase; cost: Cost }> => {
    const open = await engine.create(
      join(folder, `${++cases}.trailcase`),
      {},
      { name: 'bench', organisation: '', identifier: '' },
    )
    const cost = await timed(() => runImport(open, { paths, mode: 'copy' }, () => undefined, never))
    return { open, cost }
  }
  try {
    const plain = writeBulkTree(join(folder, 'plain'), Number(values.events), { signed: false })
    const tree = writeBulkTree(join(folder, 'signed'), Number(values.events))
    process.stderr.write(`${tree.events} events in ${tree.logFiles} log files, ${tree.digests} digests\n`)
    type Cost = Awaited<ReturnType<typeof timed>>
    const rounds: { without: Cost; signed: Cost; again: Cost }[] = []
    let last: OpenCase | undefined
    for (let round = 0; round < ROUNDS; round++) {
      if (last) await engine.close(last.id)
      const without = await imported([plain.bucket])
      await engine.close(without.open.id)
      const signed = await imported([tree.bucket, tree.keys, tree.signatures])
      last = signed.open
      const again = await timed(() => integrityOf(signed.open).judge(never))
      rounds.push({ without: without.cost, signed: signed.cost, again })
      process.stderr.write(
        `round ${round + 1}: ${text(without.cost)} without, ${text(signed.cost)} with digests, ${text(again)} again\n`,
      )
    }
    const best = (pick: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(pick))
    const share = best((r) => r.again.cpu) / best((r) => r.signed.cpu - r.again.cpu)
    measured('digests in the tree', tree.digests, 'files')
    measured(
      'import with digests over import without, processor time',
      best((r) => r.signed.cpu) / best((r) => r.without.cpu),
      'x',
    )
    measured('checking them, on top of importing them, processor time', 100 * share, '%', '<= 15')
    measured(
      'judging the case again',
      best((r) => r.again.seconds),
      's',
      '<= 5',
    )
    measured(
      'the same, processor time',
      best((r) => r.again.cpu),
      's',
    )
    if (!last) return
    const { reader } = last.file
    const gathered = await gatherInventory(reader, never)
    measured('  of it reading originals', (await timed(() => gatherInventory(reader, never))).cpu, 's')
    measured(
      '  of it hashes, signatures and chains',
      (await timed(() => Promise.resolve(judge(gathered.inventory)))).cpu,
      's',
    )
  } finally {
    await engine.closeAll()
    rmSync(folder, { recursive: true, force: true })
  }
}

const text = (cost: Cost): string => `${cost.seconds.toFixed(1)} s (${cost.cpu.toFixed(1)} s of processor)`

type Cost = { readonly seconds: number; readonly cpu: number }

/** Elapsed seconds, and seconds of processor time in all threads: the latter hardly depend on what else the machine does. */
async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const started = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }
}
