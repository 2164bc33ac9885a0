// Answers on a large case next to DuckDB on the same events, same run. Options: --events N (1,000,000), --no-duckdb
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { utcMs } from '#shared/base/time.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { Engine } from '#engine/engine.ts'
import type { OpenCase } from '#engine/open-case.ts'
import { writeBulkTree } from './bulk-tree.ts'
import { measured } from './measured.ts'

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, 'no-duckdb': { type: 'boolean', default: false } },
})
const wanted = Number(values.events)
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
const call = { signal: new AbortController().signal, progress: () => undefined }
const facetFields = [
  'eventSource',
  'eventName',
  'principal',
  'userIdentity.accessKeyId',
  'sourceIPAddress',
  'userAgent',
  'awsRegion',
  'account',
  'errorCode',
  'eventCategory',
  'readOnly',
  'access',
  'integrity',
]

const questions: readonly { what: string; text: string; sql: string }[] = [
  { what: 'equals', text: 'eventName:GetObject', sql: `eventName = 'GetObject'` },
  { what: 'wildcard', text: 'eventName:Delete*', sql: `eventName like 'Delete%'` },
  { what: 'network', text: 'sourceIPAddress:198.51.100.0/24', sql: `sourceIPAddress like '198.51.100.%'` },
  {
    what: 'two filters',
    text: 'access:denied -awsRegion:us-east-1',
    sql: `access = 'denied' and awsRegion <> 'us-east-1'`,
  },
  { what: 'present', text: 'errorCode:*', sql: `errorCode is not null` },
]

void main()

async function main(): Promise<void> {
  try {
    process.stderr.write(`writing ${wanted} events\n`)
    const tree = writeBulkTree(join(folder, 'tree'), wanted, { perFile: 40, signed: false })
    const path = join(folder, 'bench.trailcase')
    const made = await engine.create(path, {}, { name: 'bench', organisation: '', identifier: '' })
    const grants = [tree.bucket] as never
    await engine.handlers['sources.import'](
      { caseId: made.id, grants, mode: 'copy', accounts: [], regions: [], from: undefined, to: undefined },
      call,
    )
    await engine.close(made.id)
    const label = `${(wanted / 1e6).toLocaleString('en-US')} M events`

    const opening = performance.now()
    const open = await engine.open(path, null)
    measured(`${label}: open the case`, performance.now() - opening, 'ms', '< 1,000')
    await page(open, questions[0]!.text)
    measured(`${label}: open and first question answered`, performance.now() - opening, 'ms', '< 2,000')
    const duck = values['no-duckdb'] ? undefined : await duckdbOf(open)

    for (const q of questions) {
      await page(open, q.text)
      // A filter nobody asked before: the answers to single comparisons are remembered, so each run asks another one.
      const ours = await median(5, (n) => page(open, `${q.text} OR eventName:"never-${n}"`))
      measured(`${label}: ${q.what}, count and first page`, ours, 'ms', '< 50')
      if (duck)
        measured(
          `${label}: ${q.what}, DuckDB over ours (count)`,
          (await median(5, () => duck(`select count(*) from e where ${q.sql}`))) / ours,
          'x',
          '>= 5',
        )
    }
    measured(`${label}: free-text word`, await median(5, (n) => page(open, `kms OR never${n}`)), 'ms', '< 100')
    const facets = (fields: readonly string[], text: string) =>
      engine.handlers['events.facets'](
        {
          caseId: open.id,
          query: question(text),
          fields: [...fields],
          top: 10,
          rareFirst: false,
          search: '',
          each: [],
        },
        call,
      )
    await facets(facetFields, '')
    const all = await median(5, () => facets(facetFields, ''))
    measured(`${label}: all ${facetFields.length} facets`, all, 'ms', '< 150')
    const one = await median(5, () => facets(['userIdentity.accessKeyId'], ''))
    measured(`${label}: one facet`, one, 'ms', '< 50')
    if (duck)
      measured(
        `${label}: one facet, DuckDB over ours`,
        (await median(5, () => duck(`select accessKeyId, count(*) from e group by 1 order by 2 desc limit 10`))) / one,
        'x',
        '>= 5',
      )
    const histogram = await median(5, () =>
      engine.handlers['events.histogram'](
        { caseId: open.id, query: question(''), buckets: 200, stackBy: undefined, stacks: 6 },
        call,
      ),
    )
    measured(`${label}: histogram`, histogram, 'ms', '< 50')
    const stacked = await median(5, () =>
      engine.handlers['events.histogram'](
        { caseId: open.id, query: question(''), buckets: 200, stackBy: 'eventSource', stacks: 6 },
        call,
      ),
    )
    measured(`${label}: histogram stacked by service`, stacked, 'ms')
    if (duck)
      measured(
        `${label}: histogram, DuckDB over ours`,
        (await median(5, () => duck(`select t // 3600, count(*) from e group by 1`))) / histogram,
        'x',
        '>= 1',
      )
    const total = (await engine.handlers['cases.info']({ caseId: open.id }, call)).events
    measured(
      `${label}: jump to any row`,
      await median(15, (n) => page(open, '', Math.floor((total / 16) * (n + 1)))),
      'ms',
      '< 20',
    )
    measured(`${label}: memory of the engine after all this`, process.memoryUsage().rss / 1e6, 'MB', '< 700')
  } finally {
    await engine.closeAll()
    rmSync(folder, { recursive: true, force: true })
  }
}

function question(text: string): EventQuery {
  return { ...everything, text, from: utcMs(0) }
}

function page(open: OpenCase, text: string, offset = 0) {
  return engine.handlers['events.find'](
    {
      caseId: open.id,
      query: question(text),
      offset,
      limit: 100,
      fields: ['eventTime', 'eventName', 'principal', 'sourceIPAddress', 'awsRegion'],
    },
    call,
  )
}

async function median(rounds: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < rounds; n++) {
    const started = performance.now()
    await work(n)
    times.push(performance.now() - started)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!
}

/** The same columns in an in-memory DuckDB; gives the function that runs a statement to its end. */
async function duckdbOf(open: OpenCase): Promise<(sql: string) => Promise<unknown>> {
  // Its native part is found beside the package, so it stays outside the bundle.
  const { DuckDBInstance } = createRequire(join(process.cwd(), 'package.json'))(
    '@duckdb/node-api',
  ) as typeof import('@duckdb/node-api')
  const file = join(folder, 'events.jsonl')
  const out = createWriteStream(file)
  const { index } = await open.world()
  const fields = [
    'eventName',
    'eventSource',
    'sourceIPAddress',
    'awsRegion',
    'errorCode',
    'access',
    'principal',
    'userIdentity.accessKeyId',
  ] as const
  const columns = await Promise.all(
    fields.map(async (f) => ({ name: f.split('.').at(-1)!, vector: await index.term(f), terms: await index.terms(f) })),
  )
  for (let p = 0; p < index.length; p++) {
    const row: Record<string, unknown> = { t: index.seconds[p] }
    for (const c of columns) row[c.name] = c.vector[p] === 0 ? null : c.terms[c.vector[p]!]
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`create table e as select * from read_json('${file}', format='newline_delimited')`)
  return async (sql) => (await connection.runAndReadAll(sql)).getRows()
}
