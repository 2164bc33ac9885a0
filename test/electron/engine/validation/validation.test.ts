import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { buildSample, samplePaths } from '#engine/sample/make-sample.ts'
import { knownAnswers } from '#engine/validation/known-answers.ts'
import { runValidation } from '#engine/validation/run-validation.ts'
import { validationHandlers } from '#engine/operations/validation-handlers.ts'
import { readPdf } from '#test/electron/engine/reports/read-pdf.ts'
import { TestEngine } from '#test/fixtures/engine.ts'

let test: TestEngine
let result: OutputOf<'validation.run'>
const progress: ProgressOf<'validation.run'>[] = []
const never = new AbortController().signal

beforeAll(async () => {
  test = new TestEngine()
  result = await test.ask('validation.run', {}, { progress: (p) => progress.push(p) })
})
afterAll(() => test.end())

const expectedOf = (id: string): string =>
  ensure(
    knownAnswers.find((check) => check.id === id),
    `there is a check ${id}`,
  ).expected

describe('validating this installation', () => {
  it('gives every known answer', () => {
    expect(result.checks.filter((check) => !check.passed)).toEqual([])
    expect(result.checks.map((check) => check.id)).toEqual(knownAnswers.map((check) => check.id))
    expect(new Set(knownAnswers.map((check) => check.id)).size).toBe(knownAnswers.length)
    expect(knownAnswers.length).toBeGreaterThan(20)
  })

  it('says how far it is and what the result holds for, and leaves nothing behind', () => {
    expect(progress).toHaveLength(knownAnswers.length)
    expect(progress.at(-1)).toMatchObject({ done: knownAnswers.length - 1, total: knownAnswers.length })
    expect(result.machine.map(({ label }) => label)).toEqual(['System', 'Processor', 'Runtime'])
    expect(readdirSync(test.folder).filter((name) => name.includes('validation'))).toEqual([])
  })

  it('prints one dated page that names every check, its answers and the program', async () => {
    const path = test.path('result.pdf')
    const saved = await test.ask('validation.save', { grant: path, examiner: 'A. Rossi' })
    const bytes = readFileSync(path)
    expect(saved).toMatchObject({ name: 'result.pdf', pages: 1, bytes: bytes.length })
    expect(saved.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    const { pages } = readPdf(bytes)
    expect(pages).toHaveLength(1)
    const page = ensure(pages[0], 'it has one page')
    for (const { id } of knownAnswers) expect(page).toContain(id)
    expect(page).toContain(`Passed: ${knownAnswers.length} checks, none failed`)
    expect(page).toContain('0.0.0-test')
    expect(page).toContain('A. Rossi')
    expect(page).toContain(new Date(result.ranAt).toISOString().slice(0, 10))
  })

  it('does not print over a page that was handed out', async () => {
    const path = test.path('twice.pdf')
    await test.ask('validation.save', { grant: path, paper: 'Letter' })
    await expect(test.ask('validation.save', { grant: path })).rejects.toMatchObject({ code: 'already-exists' })
  })
})

describe('an installation that answers wrongly', () => {
  it('fails the check whose answer differs, on screen and on the page, and no other', async () => {
    const [first, second] = knownAnswers
    const wrong = { ...ensure(first, 'there are checks'), expected: '0000000000000000' }
    const handlers = validationHandlers(test.engine, [wrong, ensure(second, 'there are two')])
    const found = await handlers['validation.run']({}, { signal: never, progress: () => undefined })
    expect(found.checks.map((check) => check.passed)).toEqual([false, true])
    const path = test.path('failed.pdf')
    await handlers['validation.save'](
      { grant: path as never, paper: 'A4', examiner: '' },
      { signal: never, progress: () => undefined },
    )
    const page = ensure(readPdf(readFileSync(path)).pages[0], 'it has a page')
    expect(page).toContain('FAILED: 1 of 2 checks failed')
    expect(page).toContain('0000000000000000')
  })

  it('fails checks that cannot be carried out, with the reason, and goes on with the others', async () => {
    const broken = { ...test.engine.setting, workerPath: test.path('no-such-worker.cjs') }
    const some = knownAnswers.filter((check) => ['V-01', 'V-06', 'V-19'].includes(check.id))
    const { checks } = await runValidation(broken, some, () => undefined, never)
    expect(checks.map((check) => check.passed)).toEqual([true, false, true])
    expect(checks[1]?.found).toMatch(/^could not be carried out: .+/)
    expect(checks[1]?.found).not.toContain('    at ')
  })

  it('stops when the person stops it, without a result', async () => {
    const stopped = AbortSignal.abort()
    await expect(test.ask('validation.run', {}, { signal: stopped })).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(test.folder).filter((name) => name.includes('validation'))).toEqual([])
  })

  it('has nothing to print before it was validated', async () => {
    const other = new TestEngine()
    const path = other.path('none.pdf')
    await expect(other.ask('validation.save', { grant: path })).rejects.toMatchObject({ code: 'not-found' })
    expect(existsSync(path)).toBe(false)
    await other.end()
  })
})

describe('the known answers', () => {
  const { files, truth } = buildSample()
  const shipped = files.filter((file) => file.path !== truth.damage.truncated.path)
  const isLog = (path: string): boolean => /\/CloudTrail(-Insight)?\/[^/]+\/2026\//.test(path)
  type Row = Readonly<Record<string, unknown>>
  /** Read without our readers: the first record list of each log file, the text in lookup-events, the rows of Event history. */
  const records: { readonly path: string; readonly row: Row }[] = shipped.flatMap(({ path, bytes }) => {
    const packed = Buffer.from(bytes)
    if (path.endsWith('lookup-events-ci-deploy.json'))
      return (JSON.parse(packed.toString()) as { Events: { CloudTrailEvent: string }[] }).Events.map((event) => ({
        path,
        row: JSON.parse(event.CloudTrailEvent) as Row,
      }))
    if (path.endsWith('event_history.csv')) return historyRows(packed.toString()).map((row) => ({ path, row }))
    if (!isLog(path)) return []
    const end = path === truth.damage.trailing.path ? packed.lastIndexOf(Buffer.from([0x1f, 0x8b, 8])) : packed.length
    const { Records } = JSON.parse(gunzipSync(packed.subarray(0, end)).toString()) as { Records: Row[] }
    return Records.map((row) => ({ path, row }))
  })
  const inLogs = records.filter(({ path }) => isLog(path))
  /** The deliveries of each event, log files first. */
  const deliveries = new Map<unknown, { readonly path: string; readonly row: Row }[]>()
  for (const one of [...inLogs, ...records.filter(({ path }) => !isLog(path))]) {
    const known = deliveries.get(one.row['eventID'])
    if (known) known.push(one)
    else deliveries.set(one.row['eventID'], [one])
  }
  /** The event that was altered says something else in the export: two events for one eventID. */
  const [altered = ''] = truth.conflicts
  const original = ensure(deliveries.get(altered)?.at(-1), 'the export has the record as it was').row
  const events: Row[] = [...[...deliveries.values()].map((all) => ensure(all[0], 'it was delivered').row), original]
  const counted = (fits: (row: Row) => boolean): number => events.filter(fits).length
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

  it('about files follow from the sample and its truth, not from our import', () => {
    expect(shipped).toHaveLength(truth.files - 1)
    expect(expectedOf('V-05')).toMatch(new RegExp(`^${shipped.length}, `))
    expect(expectedOf('V-06')).toBe(`${shipped.length} = ${shipped.length - 1} + 0 + 0 + 1`)
    expect(expectedOf('V-08')).toBe(`${shipped.length - 1} of ${shipped.length - 1}`)
    expect(shipped.map((file) => file.path)).toContain(samplePaths.notes)
  })

  it('about records follow from counting them', () => {
    expect(inLogs).toHaveLength(truth.recordsInLogFiles - truth.damage.truncated.saved)
    // What Event history shows of events that stand in log files too is stored as well, and gives way to the fuller record.
    const thin = truth.historyRows - truth.eventsOnlyInHistory
    const stored = deliveries.size + thin
    const duplicates = records.length - stored - truth.conflicts.length
    expect(expectedOf('V-07')).toBe(`${records.length} = ${stored} + ${duplicates} + ${truth.conflicts.length} + 0`)
    expect(expectedOf('V-10')).toBe(`${stored + truth.conflicts.length}, 0`)
  })

  it('about the list of events follow from the records and from what was done to the files', () => {
    const { damage } = truth
    const words = new Map([
      [damage.altered.path, 'modified'],
      [damage.trailing.path, 'trailing'],
      [damage.planted.path, 'unreferenced'],
    ])
    const wordOf = (path: string): string => (isLog(path) ? (words.get(path) ?? 'proven') : 'none')
    const rank = ['proven', 'modified', 'trailing', 'unreferenced', 'none']
    const best = (all: readonly { readonly path: string }[]): string =>
      ensure(
        rank.find((word) => all.some(({ path }) => wordOf(path) === word)),
        'every file has a word',
      )
    const line = (row: Row, word: string): string => `${text(row['eventTime'])} ${text(row['eventID'])} ${word}\n`
    const lines = [...deliveries.values()].map((all) =>
      line(
        ensure(all[0], 'it was delivered').row,
        best(text(all[0]?.row['eventID']) === altered ? all.slice(0, 1) : all),
      ),
    )
    const list = [...lines, line(original, 'none')].toSorted()
    const hash = createHash('sha256').update(list.join('')).digest('hex').slice(0, 16)
    expect(expectedOf('V-09')).toBe(`${list.length}, ${hash}`)
    const carrying = (word: string): number => list.filter((one) => one.endsWith(` ${word}\n`)).length
    expect(expectedOf('V-18')).toContain(`, ${carrying('proven')}, ${carrying('modified')}, `)
  })

  it('about digests follow from what was done to the sample', () => {
    expect(expectedOf('V-13')).toBe(`${truth.digests}; ${truth.digests}, 0; 0; 0`)
    // The broken file was left out, so two are missing; one was altered, one added to, one planted.
    expect(expectedOf('V-14')).toBe(`${truth.logFiles - 1 + 2}; ${truth.logFiles - 1 - 3}, 1, 1, 2, 1`)
    expect(expectedOf('V-15')).toContain(truth.stopped.to.slice(11, 19))
  })

  it('about questions follow from counting the records by hand', () => {
    const name = (row: Row): string => text(row['eventName'])
    const failed = (row: Row): boolean => row['errorCode'] !== undefined && row['errorCode'] !== ''
    const logins = counted((row) => name(row) === 'ConsoleLogin')
    const deleted = counted((row) => name(row).startsWith('Delete'))
    const writes = counted((row) => row['readOnly'] === false && !failed(row))
    expect(expectedOf('V-16')).toBe(`${logins}, ${deleted}, ${counted(failed)}, ${writes}`)
    expect(expectedOf('V-22')).toBe(`${logins}, ${logins}; 3, 1`)

    const network = counted((row) => text(row['sourceIPAddress']).startsWith('203.0.113.'))
    const buckets = counted((row) => /"bucketName":"northwind-/.test(text(row['requestParameters'])))
    const word = counted((row) => text(row).includes('northwind-payments-exports'))
    const assumed = counted((row) => name(row).startsWith('Assume'))
    expect(expectedOf('V-17')).toBe(`${network}, ${buckets}, ${word}, ${assumed}`)

    const hour = counted((row) => text(row['eventTime']).startsWith('2026-02-10T13:'))
    const denied = counted(
      (row) =>
        /AccessDenied|Unauthorized|NoSuchBucket/.test(text(row['errorCode'] ?? '')) ||
        text(row['responseElements'] ?? '') === '{"ConsoleLogin":"Failure"}',
    )
    expect(expectedOf('V-18')).toMatch(new RegExp(`^${hour}, .*, ${denied}$`))
  })
})

/** Rows of a CSV as RFC 4180 quotes them, with the names that records have. */
function historyRows(csv: string): Readonly<Record<string, unknown>>[] {
  const names: Readonly<Record<string, string>> = {
    'Event ID': 'eventID',
    'Event time': 'eventTime',
    'Event name': 'eventName',
    'Source IP address': 'sourceIPAddress',
    'Error code': 'errorCode',
    'Read-only': 'readOnly',
  }
  const [head = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    )
  const value = (cell: string): string | boolean => (cell === 'true' || cell === 'false' ? cell === 'true' : cell)
  return rows.map((cells) => Object.fromEntries(cells.map((cell, n) => [names[head[n] ?? ''] ?? head[n], value(cell)])))
}
