// What checking digests adds to an import, and judging a case again. Options: --events N --digests N --rounds N
//
// Each round imports the tree into a new case in a process of its own: first everything but the judgement, then the judgement that an
// import ends with, its first in that process. The share is of the same run, so no two noisy runs are subtracted; the median counts.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Engine } from '#engine/engine.ts'
import { defaultLimits } from '#engine/intake/limits.ts'
import { importSources } from '#engine/intake/run/import-run.ts'
import { integrityOf } from '#engine/integrity/case-integrity.ts'
import { gatherInventory } from '#engine/integrity/gather-inventory.ts'
import { HeldDigests } from '#engine/integrity/held-digests.ts'
import { judge } from '#engine/integrity/judge.ts'
import { storeTimeOrder } from '#engine/vectors/event-index.ts'
import { writeBulkTree } from './bulk-tree.ts'
import { measured } from './measured.ts'
import { median } from './stopwatch.ts'

const never = new AbortController().signal
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    digests: { type: 'string', default: '13000' },
    rounds: { type: 'string', default: '3' },
    /** The folder of one round, which runs in a process of its own; then the tree. */
    round: { type: 'string' },
    tree: { type: 'string', multiple: true, default: [] },
  },
})

function allRounds(): void {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-bench-'))
  try {
    const tree = writeBulkTree(folder, Number(values.events), { digests: Number(values.digests) })
    process.stderr.write(`${tree.events} events in ${tree.logFiles} log files, ${tree.digests} digests\n`)
    const paths = [tree.bucket, tree.keys, tree.signatures].flatMap((path) => ['--tree', path])
    const rounds: Round[] = []
    for (let round = 1; round <= Number(values.rounds); round++) {
      const answer = execFileSync(
        process.execPath,
        [process.argv[1]!, '--round', join(folder, `${round}.trailcase`), ...paths],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      )
      const one = JSON.parse(answer) as Round
      rounds.push(one)
      process.stderr.write(
        `round ${round}: ${text(one.imported)} to import, ${text(one.judged)} to judge, ${text(one.again)} again\n`,
      )
    }
    const middle = (pick: (round: Round) => number): number => median(rounds.map(pick))
    const share = middle((r) => r.judged.cpu / r.imported.cpu)
    const again = middle((r) => r.again.seconds)
    measured('digests in the tree', tree.digests, 'files')
    measured('checking them, on top of the import of everything, processor time', 100 * share, '%', '<= 15')
    measured('judging the case again', again, 's', '<= 5')
    measured(
      '  of it reading digests, signatures and the ledger, processor time',
      middle((r) => r.read.cpu),
      's',
    )
    measured(
      '  of it hashes, signatures and chains, processor time',
      middle((r) => r.checked.cpu),
      's',
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Round = Readonly<Record<'imported' | 'judged' | 'again' | 'read' | 'checked', Cost>>

async function oneRound(path: string, paths: readonly string[]): Promise<void> {
  const workerPath = join(process.cwd(), 'dist/node/parse-worker.cjs')
  const engine = new Engine(
    { now: () => Date.now(), workerPath, version: 'bench', commit: 'bench', temporaryFolder: tmpdir() },
    { spend: (grant) => grant, opened: () => undefined },
  )
  const open = await engine.create(path, {}, { name: 'bench', organisation: '', identifier: '' })
  const held = new HeldDigests()
  const imported = await timed(async () => {
    const wish = { paths, mode: 'copy', examiner: 'bench', limits: defaultLimits, workerPath } as const
    await importSources(
      open.file,
      { ...wish, leaveOut: () => undefined, now: () => Date.now(), held },
      () => undefined,
      never,
    )
    await storeTimeOrder(open.file)
    await open.file.checkpoint()
  })
  const judged = await timed(() => integrityOf(open).judge(never, undefined, undefined, held))
  const again = await timed(() => integrityOf(open).judge(never))
  const { inventory } = await gatherInventory(open.file.reader, never)
  const read = await timed(() => gatherInventory(open.file.reader, never))
  const checked = await timed(() => Promise.resolve(judge(inventory)))
  await engine.closeAll()
  const round: Round = { imported, judged, again, read, checked }
  process.stdout.write(JSON.stringify(round))
}

const text = (cost: Cost): string => `${cost.seconds.toFixed(1)} s (${cost.cpu.toFixed(2)} s of processor)`

type Cost = { readonly seconds: number; readonly cpu: number }

/** Elapsed seconds, and seconds of processor time in all threads: the latter hardly depend on what else the machine does. */
async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const started = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }
}

if (values.round === undefined) allRounds()
else void oneRound(values.round, values.tree)
