// What the places of the window ask of a large case: overview, entity pages, timeline, comparison, SQL. Each is asked as the window
// asks it, of the whole case and of a query; the first answer of its kind and a later one are told apart, as the first reads columns.
// Options: --events N (1,000,000) or --case FILE; --cpu measures processor time, for a busy machine;
// --only TEXT leaves out what is not called so.
import { parseArgs } from 'node:util'
import { entityKinds } from '#shared/domain/entity.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import type { EngineOperationName, InputOf } from '#shared/contract/contract.ts'
import { benchEngine, noCall } from './bench-case.ts'
import { measured } from './measured.ts'
import { processorTime, wallClock } from './stopwatch.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    case: { type: 'string' },
    only: { type: 'string', default: '' },
    cpu: { type: 'boolean', default: false },
  },
})
const watch = values.cpu ? processorTime : wallClock
const UNIT = values.cpu ? 'ms of processor' : 'ms'
const bench = benchEngine()
const AIM = '< 1,000'
const whole: EventQuery = everything
const someText = 'readOnly:false OR access:denied'
const some: EventQuery = { ...everything, text: someText }
const comparedFields = [
  'eventSource',
  'eventName',
  'principal',
  'userIdentity.accessKeyId',
  'sourceIPAddress',
  'userAgent',
  'awsRegion',
  'account',
  'errorCode',
  'userIdentity.type',
]

void main()

async function main(): Promise<void> {
  try {
    const path = await bench.caseFile(values.case, Number(values.events))
    const open = await bench.engine.open(path, null)
    const { total } = await ask('events.find', { caseId: open.id, query: whole, offset: 0, limit: 100, fields: [] })
    const label = `${(total / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} M events`
    const twice = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      if (!what.includes(values.only)) return
      measured(`${label}: ${what}, first`, await watch(work), UNIT, AIM)
      measured(`${label}: ${what}, again`, await watch(work), UNIT, AIM)
    }
    const { id: caseId } = open
    for (const [name, query] of [
      ['all events', whole],
      [someText, some],
    ] as const) {
      await twice(`overview, ${name}`, () => ask('cases.overview', { caseId, query }))
      for (const kind of entityKinds) {
        const list = { caseId, query, kind, search: '', sort: 'events', offset: 0, limit: 200 } as const
        await twice(`list of entities, ${kind}, ${name}`, () => ask('entities.list', list))
        const busiest = (await ask('entities.list', list)).rows[0]?.value
        if (busiest === undefined) continue
        await twice(`page of the busiest ${kind}, ${name}`, () =>
          ask('entities.get', { caseId, query, kind, value: busiest }),
        )
      }
      for (const by of ['principal', 'accessKey'] as const) {
        const lanes = { caseId, query, by, buckets: 1000, top: 30 }
        await twice(`timeline by ${by}, ${name}`, async () => {
          const drawn = await ask('timeline.lanes', lanes)
          await ask('timeline.marks', { caseId, query, by, lanes: drawn.lanes.map((lane) => lane.value), most: 500 })
        })
      }
      await twice(`comparison of 10 fields, denied against ${name}`, () =>
        ask('events.compare', {
          caseId,
          inside: { ...query, text: `(${query.text || 'eventName:*'}) access:denied` },
          outside: query,
          fields: comparedFields,
          top: 5,
        }),
      )
    }
    for (const sql of [
      'select eventName, count(*) from events group by 1 order by 2 desc limit 20',
      'select eventTime, eventName from events order by eventTime desc limit 100',
      "select count(*) from events where eventName = 'ConsoleLogin'",
    ])
      await twice(`SQL, ${sql}`, () => ask('sql.run', { caseId, sql, limit: 1000, timeoutMs: 600_000 }))
    measured(`${label}: memory of the engine after all this`, process.memoryUsage.rss() / 1e6, 'MB', '< 700')
  } finally {
    await bench.end()
  }
}

function ask<Name extends EngineOperationName>(name: Name, input: InputOf<Name>) {
  return bench.engine.handlers[name](input, noCall)
}
