// Answers on a large case next to DuckDB on the same events, same run.
// Options: --events N (1,000,000) or --case FILE; --no-duckdb; --cpu measures processor time, for a busy machine.
//
// How the two are compared: both answer the same question with the same answer, which is checked. Ours is the operation
// of the contract that the window calls; DuckDB has its default threads and a native in-memory table of the same
// columns, in time order. Each question is put to a warm engine in several forms that nobody asked before (other values);
// the median counts. "Again" is the same question a second time, which we answer from what was kept. The first page is
// a hundred events in time order with five fields and the exact count: one operation here, two statements there.
import { parseArgs } from 'node:util'
import { utcMs } from '#shared/base/time.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import type { OpenCase } from '#engine/open-case.ts'
import { benchEngine, noCall } from './bench-case.ts'
import { comparedQuestions, type Question } from './compared-questions.ts'
import { columnOf, duckdbTable, type AskDuckdb } from './duckdb-table.ts'
import { measured } from './measured.ts'
import { median, processorTime, wallClock } from './stopwatch.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    case: { type: 'string' },
    'no-duckdb': { type: 'boolean', default: false },
    cpu: { type: 'boolean', default: false },
  },
})
const watch = values.cpu ? processorTime : wallClock
const UNIT = values.cpu ? 'ms of processor' : 'ms'
const bench = benchEngine()
const { engine } = bench
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
const KEY = 'userIdentity.accessKeyId'
const PAGE = ['eventTime', 'eventName', 'principal', 'sourceIPAddress', 'awsRegion']
const HOUR = 3600

void main()

async function main(): Promise<void> {
  try {
    const path = await bench.caseFile(values.case, Number(values.events))
    let open: OpenCase | undefined
    const opened = await watch(async () => (open = await engine.open(path, null)))
    if (!open) throw new Error('the case was opened')
    const first = await watch(() => page(open!, 'eventName:GetObject'))
    const { total } = await find(open, '', 0, 0)
    const label = `${(total / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} M events`
    measured(`${label}: open the case`, opened, UNIT, '< 1,000')
    measured(`${label}: open and first question answered`, opened + first, UNIT, '< 2,000')
    await facets(open, facetFields, '')

    const asked = await askOurs(open, label, total)
    measured(`${label}: memory of the engine after all this`, process.memoryUsage.rss() / 1e6, 'MB', '< 700')
    if (values['no-duckdb']) return
    process.stderr.write('loading DuckDB\n')
    const duck = await duckdbTable(await open.world(), [...facetFields, 'resource'])
    for (const one of asked) await compareWith(duck, label, one)
  } finally {
    await bench.end()
  }
}

/** What we answered and how long it took; the statements that ask DuckDB for the same, and what its answer must equal. */
type Asked = {
  what: string
  aim: string
  ours: number
  sql: readonly (readonly string[])[]
  answers: readonly number[][]
}

/** Puts every question to our engine; prints our times. */
async function askOurs(open: OpenCase, label: string, total: number): Promise<Asked[]> {
  const asked: Asked[] = []
  const run = async (
    what: string,
    limit: string,
    aim: string,
    forms: readonly { ask: () => Promise<number[]>; sql: readonly string[] }[],
  ): Promise<void> => {
    const [times, answers]: [number[], number[][]] = [[], []]
    for (const { ask } of forms) times.push(await watch(async () => answers.push(await ask())))
    const ours = median(times)
    measured(`${label}: ${what}`, ours, UNIT, limit)
    asked.push({ what, aim, ours, sql: forms.map((f) => f.sql), answers })
  }
  const select = PAGE.map((field) => (field === 'eventTime' ? 't' : columnOf(field))).join(', ')
  const count = (q: Question): string => `select count(*) from e where ${q.sql}`
  const firstPage = (q: Question): string => `select ${select} from e where ${q.sql} order by t limit 100`
  const kinds = await comparedQuestions(await open.world())
  // Each column is asked once, so that it is in memory, as in DuckDB.
  for (const { questions } of kinds) for (const q of questions.slice(-1)) await page(open, `${q.text} OR eventName:x`)
  for (const { what, questions } of kinds) {
    const forms = questions.map((q) => ({ ask: async () => [await countOf(open, q.text)], sql: [count(q)] }))
    await run(`${what}, exact count`, '< 50', '>= 5', forms)
  }
  for (const { what, questions } of kinds) {
    // Words nobody carries make the question a new one; DuckDB keeps no answers.
    const form = (q: Question, again: boolean) => ({
      ask: async () => [(await page(open, again ? q.text : `${q.text} OR eventName:"none ${what}"`)).total],
      sql: [count(q), firstPage(q)],
    })
    await run(
      `${what}, exact count and first page`,
      '< 50',
      '>= 5',
      questions.map((q) => form(q, false)),
    )
    await run(
      `${what}, exact count and first page, again`,
      '< 50',
      '>= 5',
      questions.map((q) => form(q, true)),
    )
  }
  const top = (field: string, where: string): string =>
    `select ${columnOf(field)}, count(*) as n from e where ${where} and ${columnOf(field)} is not null group by 1 order by 2 desc, 1 limit 10`
  const facetForms = (fields: readonly string[]) =>
    kinds[3]!.questions.map((q) => ({
      ask: async () =>
        (await facets(open, fields, `NOT (${q.text})`)).facets.flatMap((f) => f.values.map((v) => v.count)),
      sql: fields.map((field) => top(field, `not coalesce(${q.sql}, false)`)),
    }))
  await run('one facet of a query', '< 50', '>= 5', facetForms([KEY]))
  await run(`all ${facetFields.length} facets of a query`, '< 150', '>= 5', facetForms(facetFields))
  const wholeFacet = { ask: async () => counts(await facets(open, [KEY], '')), sql: [top(KEY, 'true')] }
  await run('one facet of the whole case', '< 50', '>= 5', [wholeFacet, wholeFacet, wholeFacet])
  const drawn = kinds[0]!.questions.map((q) => ({
    ask: () => perHour(open, q.text, undefined),
    sql: [`select t // ${HOUR}, count(*) from e where ${q.sql} group by 1 order by 1`],
  }))
  await run('histogram of a query', '< 50', '>= 1', drawn)
  const whole = {
    ask: () => perHour(open, '', undefined),
    sql: [`select t // ${HOUR}, count(*) from e group by 1 order by 1`],
  }
  await run('histogram of the whole case', '< 50', '>= 1', [whole, whole, whole])
  const stacked = kinds[0]!.questions.map((q) => ({
    ask: () => perHour(open, `NOT ${q.text}`, 'eventSource'),
    sql: [`select t // ${HOUR}, "eventSource", count(*) from e where not coalesce(${q.sql}, false) group by 1, 2`],
  }))
  await run('histogram stacked by service', '< 50', '>= 1', stacked)
  const jumps = Array.from({ length: 9 }, (_, n) => Math.floor((total / 10) * (n + 1)))
  await run(
    'jump to any row',
    '< 20',
    '>= 1',
    jumps.map((offset) => ({
      ask: async () => (await find(open, '', offset, 100)).rows.map(() => 1),
      sql: [`select ${select} from e order by t limit 100 offset ${offset}`],
    })),
  )
  for (const [what, words] of [
    ['free-text word', ['kms', 'admin', 'lambda', 'console', 'amazonaws', 'bucket', 'exfil']],
    ['free-text word that is rare', ['ransom', 'backdoor', 'exfiltration', 'stratus', 'pacu']],
  ] as const) {
    for (const word of words) await page(open, `${word} OR eventName:x`)
    const times: number[] = []
    for (const word of words) times.push(await watch(() => page(open, `${word} OR ${word}never`)))
    measured(`${label}: ${what}`, median(times), UNIT, '< 100')
  }
  return asked
}

/** DuckDB's answers to the same questions. @throws when an answer is another one: then nothing is compared. */
async function compareWith(duck: AskDuckdb, label: string, { what, aim, ours, sql, answers }: Asked): Promise<void> {
  for (const statement of sql[0]!) await duck(statement)
  const times: number[] = []
  for (const [n, statements] of sql.entries()) {
    const rows: (readonly unknown[])[] = []
    times.push(
      await watch(async () => {
        for (const statement of statements) rows.push(...(await duck(statement)))
      }),
    )
    const theirs = rows.map((row) => Number(row.at(-1)))
    // Answers that are rows, or cut into series, are compared by their number or sum elsewhere.
    if (what.includes('count') && theirs[0] !== answers[n]![0])
      throw new Error(`${what}: ${answers[n]![0]} here, ${theirs[0]} there: ${statements[0]}`)
    if (what.includes('facet') && String(theirs) !== String(answers[n]))
      throw new Error(`${what}: ${String(answers[n])} here, ${String(theirs)} there: ${statements.join('; ')}`)
    if (what.includes('histogram') && sum(theirs) !== sum(answers[n]!))
      throw new Error(`${what}: ${sum(answers[n]!)} events here, ${sum(theirs)} there`)
  }
  measured(`${label}: ${what}, DuckDB`, median(times), UNIT)
  measured(`${label}: ${what}, DuckDB over ours`, median(times) / ours, 'x', aim)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const counts = (answer: Awaited<ReturnType<typeof facets>>): number[] =>
  answer.facets.flatMap((f) => f.values.map((v) => v.count))

const question = (text: string): EventQuery => ({ ...everything, text, from: utcMs(0) })

const find = (open: OpenCase, text: string, offset: number, limit: number) =>
  engine.handlers['events.find']({ caseId: open.id, query: question(text), offset, limit, fields: PAGE }, noCall)

const page = (open: OpenCase, text: string) => find(open, text, 0, 100)

const countOf = async (open: OpenCase, text: string): Promise<number> =>
  (await engine.handlers['events.count']({ caseId: open.id, query: question(text), by: [] }, noCall)).total

const facets = (open: OpenCase, fields: readonly string[], text: string) =>
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
    noCall,
  )

async function perHour(open: OpenCase, text: string, stackBy: string | undefined): Promise<number[]> {
  const { series } = await engine.handlers['events.histogram'](
    { caseId: open.id, query: question(text), buckets: 1000, stackBy, stacks: 6 },
    noCall,
  )
  return series.flatMap((s) => s.counts)
}
