// Import of a copied bucket next to the floor (read, gunzip, JSON.parse), same files, same run. Options: --events N
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeBulkTree } from './bulk-tree.ts'
import { floor } from './floor.ts'
import { measured } from './measured.ts'
import { peakMb } from './process-cost.ts'

void main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { events: { type: 'string', default: '200000' } } })
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-bench-'))
  try {
    const tree = writeBulkTree(folder, Number(values.events))
    process.stderr.write(`${tree.events} events in ${tree.logFiles} log files, ${tree.digests} digests\n`)
    const rounds = []
    for (let round = 0; round < 3; round++) {
      const before = floor(tree.bucket)
      const imported = await importTree(round)
      const after = floor(tree.bucket)
      rounds.push({
        imported,
        ratio: (before.seconds + after.seconds) / 2 / imported.seconds,
        inflated: before.inflated,
      })
      process.stderr.write(
        `round ${round + 1}: floor ${before.seconds.toFixed(1)} and ${after.seconds.toFixed(1)} s, import ${imported.seconds.toFixed(1)} s\n`,
      )
    }
    const best = rounds.toSorted((a, b) => b.ratio - a.ratio)[0]!
    const ratios = rounds.map((r) => r.ratio.toFixed(2)).join(', ')
    measured(`import over floor, best of ${rounds.length} (${ratios})`, best.ratio, 'x', '>= 0.4')
    measured(
      'import with hashes, originals, dedupe, index and digest check',
      tree.events / best.imported.seconds,
      'events/s',
    )
    measured('the same', (tree.logFiles + tree.digests) / best.imported.seconds, 'files/s')
    measured('peak memory of the import', Math.max(...rounds.map((r) => r.imported.peakMb)), 'MB', '<= 600')
    measured('case file over raw JSON, originals included', best.imported.caseBytes / best.inflated, 'x', '<= 0.8')

    async function importTree(round: number) {
      const path = join(folder, `bench-${round}.trailcase`)
      const started = performance.now()
      const child = spawn(
        process.execPath,
        [
          'dist/node/trailcase.cjs',
          'import',
          path,
          tree.bucket,
          '--keys',
          tree.keys,
          '--signatures',
          tree.signatures,
          '--examiner',
          'bench',
          '--json',
        ],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      )
      let most = 0
      const watch = setInterval(() => (most = Math.max(most, peakMb(child.pid))), 100)
      const code = await new Promise((done) => child.on('close', done))
      clearInterval(watch)
      if (code !== 0) throw new Error(`the import ended with ${String(code)}`)
      return { seconds: (performance.now() - started) / 1000, peakMb: most, caseBytes: statSync(path).size }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
