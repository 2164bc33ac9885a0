import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { ensure } from '#shared/base/assert.ts'
import { formatUtc, utcMs } from '#shared/base/time.ts'
import { readRows } from '../queries/event-rows.ts'
import { readEvent } from '../queries/event-details.ts'
import { listFiles } from '../queries/list-files.ts'
import { readOriginal } from '../queries/read-original.ts'
import type { OpenCase } from '../open-case.ts'
import { checkColumns } from '../verify/check-columns.ts'
import { short, type KnownAnswerCheck } from './check.ts'
import { awkwardLog, awkwardRecords } from './vectors.ts'

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
const ALL = 1_000_000

/** Reading evidence: nothing lost, nothing doubled, nothing altered. */
export const importChecks: readonly KnownAnswerCheck[] = [
  {
    id: 'V-05',
    requirement: 'Evidence of these checks as shipped: files, hash of their content',
    expected: '760, 99045e200feee297',
    find: async (bench) => {
      const { files } = (await bench.sample()).sample
      const hash = createHash('sha256')
      // Of packed files the content: how it is packed depends on the zlib of this machine.
      for (const { path, bytes } of files)
        hash.update(`${path}\n`).update(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
      return `${files.length}, ${short(hash.digest('hex'))}`
    },
  },
  {
    id: 'V-06',
    requirement: 'Files: seen = stored + duplicate + quarantined + ignored',
    expected: '760 = 759 + 0 + 0 + 1',
    find: async (bench) => {
      const { seen, stored, duplicate, quarantined, ignored } = (await bench.sample()).imported.entries
      return `${seen} = ${stored} + ${duplicate} + ${quarantined} + ${ignored}`
    },
  },
  {
    id: 'V-07',
    requirement: 'Records: read = stored + duplicate + conflict + rejected',
    expected: '4623 = 4487 + 135 + 1 + 0',
    find: async (bench) => {
      const { read, stored, duplicate, conflict, rejected } = (await bench.sample()).imported.records
      return `${read} = ${stored} + ${duplicate} + ${conflict} + ${rejected}`
    },
  },
  {
    id: 'V-08',
    requirement: 'Kept originals that are byte for byte what was handed over',
    expected: '759 of 759',
    find: async (bench) => {
      const { open, sample } = await bench.sample()
      const given = new Map(sample.files.map((file) => [file.path, sha256(file.bytes)]))
      const kept = await open.file.reader.all<{ path: string; original: number }>(
        'select path, original from entry where original is not null',
      )
      let identical = 0
      for (const { path, original } of kept) {
        const handed = [...given].find(([name]) => path.endsWith(name))?.[1]
        if (sha256(await readOriginal(open.file.reader, original)) === handed) identical++
      }
      return `${identical} of ${kept.length}`
    },
  },
  {
    id: 'V-09',
    requirement: 'Events in order of time with verdicts: number, hash of the list',
    expected: '4483, 9962b383e0aa5d0a',
    find: async (bench) => {
      const { open } = await bench.sample()
      const world = await open.world()
      const { index } = world
      const positions = index.visible.page(0, index.total, false)
      const rows = await readRows(world, positions, ['eventID'], open.annotated)
      const isOrdered = rows.every((row, n) => n === 0 || (rows[n - 1]?.timeMs ?? 0) <= (row.timeMs ?? 0))
      if (!isOrdered) return `${rows.length}, out of order`
      // Within one instant by their text: how equal times are told apart is no known answer.
      const lines = rows.map(
        (row) => `${row.timeMs === null ? '' : formatUtc(utcMs(row.timeMs))} ${row.values[0]} ${row.integrity}\n`,
      )
      return `${rows.length}, ${short(sha256(Buffer.from(lines.toSorted().join(''))))}`
    },
  },
  {
    id: 'V-10',
    requirement: 'Columns derived again from the originals: compared, different',
    expected: '4488, 0',
    find: async (bench) => {
      const { open } = await bench.sample()
      const { checked, failed } = await checkColumns(open.file.reader, () => undefined, bench.signal)
      return `${checked}, ${failed}`
    },
  },
  {
    id: 'V-11',
    requirement: 'Awkward records (big numbers, repeated keys, no UTF-8) kept exactly',
    expected: '4 of 4',
    find: async (bench) => {
      const { open } = await bench.import('awkward', [{ path: 'awkward.json', bytes: awkwardLog }])
      const raw = await rawRecords(open)
      const same = awkwardRecords.filter((record, n) => raw[n]?.equals(record) === true).length
      return `${same} of ${awkwardRecords.length}`
    },
  },
  {
    id: 'V-12',
    requirement: 'A file that breaks off: outcome, complete records that were kept',
    expected: 'quarantined, 2 of 4',
    find: async (bench) => {
      // Stored, not packed: where it breaks off is the same on every machine.
      const whole = gzipSync(awkwardLog, { level: 0 })
      const cut = awkwardLog.indexOf(ensure(awkwardRecords[2], 'there are four records')) + 100
      const bytes = whole.subarray(0, whole.length - (awkwardLog.length - cut) - 8)
      const { open } = await bench.import('salvage', [{ path: 'broken.json.gz', bytes }])
      const { files } = await listFiles(open.file.reader, { text: '', offset: 0, limit: ALL })
      const outcomes = files.map((file) => file.outcome).join(', ')
      return `${outcomes}, ${(await rawRecords(open)).length} of ${awkwardRecords.length}`
    },
  },
]

/** The exact bytes of every event of a case, in the order of time. */
async function rawRecords(open: OpenCase): Promise<Buffer[]> {
  const { index } = await open.world()
  const out: Buffer[] = []
  for (const position of index.visible.page(0, index.total, false))
    out.push((await readEvent(open.file.reader, open.inflated, index.eventAt(position))).raw)
  return out
}
