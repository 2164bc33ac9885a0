import type { ImportResult } from '#shared/contract/sources.ts'
import { everything } from '#shared/domain/query/query.ts'
import { ensure } from '#shared/base/assert.ts'
import { parseUtc } from '#shared/base/time.ts'
import { ask } from '../queries/question.ts'
import { localReading, openZone } from '../reports/zone.ts'
import type { Bench } from './bench.ts'
import type { KnownAnswerCheck } from './check.ts'

const integrity = async (bench: Bench): Promise<ImportResult['integrity']> => (await bench.sample()).imported.integrity

/** How many events of the sample each of these questions finds, in order. */
const count = async (bench: Bench, questions: readonly string[]): Promise<string> => {
  const { open } = await bench.sample()
  const world = await open.world()
  const counts: number[] = []
  for (const text of questions) counts.push((await ask(world, { ...everything, text }, bench.signal)).events.count())
  return counts.join(', ')
}

/** Judging digests, answering questions, telling the time. */
export const judgementChecks: readonly KnownAnswerCheck[] = [
  {
    id: 'V-13',
    requirement: 'Digests: all; proven by signature, by link; invalid; unverified',
    expected: '78; 78, 0; 0; 0',
    find: async (bench) => {
      const { digests: d } = await integrity(bench)
      return `${d.total}; ${d.authentic}, ${d.authenticByLink}; ${d.invalid}; ${d.unverified}`
    },
  },
  {
    id: 'V-14',
    requirement: 'Log files: all; proven, altered, added to, missing, in no digest',
    expected: '676; 671, 1, 1, 2, 1',
    find: async (bench) => {
      const { logs: l } = await integrity(bench)
      return `${l.total}; ${l.proven}, ${l.modified}, ${l.trailingData}, ${l.missing}, ${l.unreferenced}`
    },
  },
  {
    id: 'V-15',
    requirement: 'Hours for which no digest vouches because logging was stopped',
    expected: '13:36:04 to 15:02:19Z',
    find: async (bench) => {
      const gaps = (await integrity(bench)).chains.flatMap((chain) => chain.gaps)
      return gaps.map((gap) => `${gap.from.slice(11, 19)} to ${gap.to.slice(11, 19)}Z`).join(', ')
    },
  },
  {
    id: 'V-16',
    requirement: 'Events: ConsoleLogin; Delete*; with an error; writes without error',
    expected: '27, 5, 127, 1572',
    find: (bench) =>
      count(bench, ['eventName:ConsoleLogin', 'eventName:Delete*', 'errorCode:*', 'readOnly:false -errorCode:*']),
  },
  {
    id: 'V-17',
    requirement: 'Events: of a network; on a bucket; with a word; like /^Assume/',
    expected: '268, 762, 736, 279',
    find: (bench) =>
      count(bench, [
        'sourceIPAddress:203.0.113.0/24',
        'requestParameters.bucketName:northwind-*',
        'northwind-payments-exports',
        'eventName:/^Assume.*/',
      ]),
  },
  {
    id: 'V-18',
    requirement: 'Events: 13:00Z to 14:00Z; proven; altered; denied or no such bucket',
    expected: '334, 4436, 10, 46',
    find: (bench) =>
      count(bench, [
        'eventTime>=2026-02-10T13:00Z eventTime<2026-02-10T14:00Z',
        'integrity:proven',
        'integrity:modified',
        'access:denied OR errorCode:NoSuchBucket',
      ]),
  },
  {
    id: 'V-19',
    requirement: 'Local time around a clock change (Europe/Berlin, 2026-03-29)',
    expected: '01:59:59+01:00, 03:00:00+02:00',
    find: () => {
      const zone = openZone('Europe/Berlin')
      if (!zone) return 'this machine knows no time zones'
      return ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z']
        .map((text) => localReading(ensure(parseUtc(text), text), zone))
        .map(({ clock, offset }) => `${clock}${offset}`)
        .join(', ')
    },
  },
]
