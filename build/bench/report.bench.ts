// A printed report of thousands of exhibits, each with its exact record, made by the command line.
// Options: --rows N (5,000), --events N of the case that is made (20,000), or --case FILE, which is copied and bookmarked.
import { spawn } from 'node:child_process'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { eventTarget } from '#shared/domain/annotation.ts'
import { uuidV7 } from '#engine/annotations/uuid-v7.ts'
import type { Engine } from '#engine/engine.ts'
import type { OpenCase } from '#engine/open-case.ts'
import { uuidText } from '#engine/queries/event-rows.ts'
import { benchEngine, noCall } from './bench-case.ts'
import { writeBulkTree } from './bulk-tree.ts'
import { measured } from './measured.ts'
import { peakMb, processorSeconds } from './process-cost.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000' },
    events: { type: 'string', default: '20000' },
    case: { type: 'string' },
  },
})
const rows = Number(values.rows)
const examiner = { name: 'bench', organisation: '', identifier: '' }

void main()

async function main(): Promise<void> {
  const { engine, folder, end } = benchEngine()
  try {
    const path = join(folder, 'bench.trailcase')
    const open = values.case === undefined ? await makeCase(engine, folder, path) : await copyCase(engine, path)
    const { total } = await open.index()
    await bookmark(open, total)
    await engine.closeAll()
    const label = `${rows.toLocaleString('en-US')} exhibits of ${total.toLocaleString('en-US')} events`
    for (const [format, aims] of [
      ['pdf', { seconds: '<= 15', memory: '<= 500' }],
      ['html', { seconds: '<= 15', memory: '<= 500' }],
    ] as const) {
      const out = join(folder, `report.${format}`)
      const cost = await run(['report', path, '--out', out, '--date', '2026-01-01T00:00:00Z', '--examiner', 'bench'])
      measured(`${label} as ${format}`, cost.seconds, 's', aims.seconds)
      measured(`${label} as ${format}, processor time of all threads`, cost.processor, 's')
      measured(`${label} as ${format}, peak memory`, cost.peak, 'MB', aims.memory)
      measured(`${label} as ${format}, the file`, statSync(out).size / 1e6, 'MB')
    }
  } finally {
    await end()
  }
}

async function makeCase(engine: Engine, folder: string, path: string): Promise<OpenCase> {
  const tree = writeBulkTree(join(folder, 'tree'), Number(values.events))
  const open = await engine.create(path, {}, examiner)
  const grants = [tree.bucket, tree.keys, tree.signatures] as never
  await engine.handlers['sources.import'](
    { caseId: open.id, grants, mode: 'copy', accounts: [], regions: [], from: undefined, to: undefined },
    noCall,
  )
  return open
}

function copyCase(engine: Engine, path: string): Promise<OpenCase> {
  copyFileSync(values.case ?? '', path)
  return engine.open(path, examiner)
}

/** Bookmarks events that lie evenly over the case, all in one act: one by one, thousands take minutes. */
async function bookmark(open: OpenCase, total: number): Promise<void> {
  const { index } = await open.world()
  const dated = total - index.firstDated
  const events = Array.from({ length: rows }, (_, n) =>
    index.eventAt(index.firstDated + Math.floor((dated * n) / rows)),
  )
  const places = await open.file.reader.all<{ sha256: string; ordinal: number; eventID: string }>(
    `select lower(hex(n.sha256)) as sha256, e.ordinal, ${uuidText('e.i0')} as eventID
     from event e join entry n on n.id = e.entry where e.id in (${events.join(',')})`,
  )
  const act = uuidV7(open.setting.now())
  const operations = places.map(({ eventID, ...place }, n) =>
    open.operation('bookmark.add', eventTarget(place), {
      act,
      eventID,
      exhibit: `BE-${String(n + 1).padStart(4, '0')}`,
      after: { title: `Exhibit ${n + 1}`, note: 'Seen **after** the key was stolen: `AssumeRole` from a new address.' },
    }),
  )
  await open.change('bookmark.add', operations, { before: null })
}

async function run(args: readonly string[]): Promise<{ seconds: number; processor: number; peak: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/node/trailcase.cjs', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let [peak, processor] = [0, 0]
  const watch = setInterval(() => {
    peak = Math.max(peak, peakMb(child.pid))
    processor = Math.max(processor, processorSeconds(child.pid))
  }, 50)
  const code = await new Promise((done) => child.on('close', done))
  clearInterval(watch)
  // 1: a check of the made case fails, which the report says.
  if (code !== 0 && code !== 1) throw new Error(`trailcase ${args.join(' ')} ended with ${String(code)}`)
  return { seconds: (performance.now() - started) / 1000, processor, peak }
}
