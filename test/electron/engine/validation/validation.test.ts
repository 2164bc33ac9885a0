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
  type Row = Readonly<Record<string, string | boolean | undefined>>
  /** Read without our readers: the first record list of each file. */
  const records: Row[] = shipped
    .filter((file) => isLog(file.path))
    .flatMap(({ path, bytes }) => {
      const packed = Buffer.from(bytes)
      const end = path === truth.damage.trailing.path ? packed.lastIndexOf(Buffer.from([0x1f, 0x8b, 8])) : packed.length
      return (JSON.parse(gunzipSync(packed.subarray(0, end)).toString()) as { Records: Row[] }).Records
    })

  it('about files follow from the sample and its truth, not from our import', () => {
    expect(shipped).toHaveLength(truth.files - 1)
    expect(expectedOf('V-05')).toMatch(new RegExp(`^${shipped.length}, `))
    expect(expectedOf('V-06')).toBe(`${shipped.length} = ${shipped.length - 1} + 0 + 0 + 1`)
    expect(expectedOf('V-08')).toBe(`${shipped.length - 1} of ${shipped.length - 1}`)
    expect(shipped.map((file) => file.path)).toContain(samplePaths.notes)
  })

  it('about records follow from counting them', () => {
    const read = records.length + truth.lookupEvents + truth.historyRows
    const events = new Set(records.map((record) => record['eventID']))
    expect(records).toHaveLength(truth.recordsInLogFiles - truth.damage.truncated.saved)
    expect(expectedOf('V-07')).toMatch(new RegExp(`^${read} = `))
    // What stands in log files, and what only Event history has.
    const all = events.size + truth.eventsOnlyInHistory
    expect(Number(/= (\d+) \+ \d+ \+ (\d+)/.exec(expectedOf('V-07'))?.[1])).toBeGreaterThanOrEqual(all)
  })

  it('about digests follow from what was done to the sample', () => {
    expect(expectedOf('V-13')).toBe(`${truth.digests}; ${truth.digests}, 0; 0; 0`)
    // The broken file was left out, so two are missing; one was altered, one added to, one planted.
    expect(expectedOf('V-14')).toBe(`${truth.logFiles - 1 + 2}; ${truth.logFiles - 1 - 3}, 1, 1, 2, 1`)
    expect(expectedOf('V-15')).toContain(truth.stopped.to.slice(11, 19))
  })

  it('about questions follow from counting the records by hand', () => {
    const named = (name: string) =>
      new Set(records.filter((record) => record['eventName'] === name).map((record) => record['eventID'])).size
    expect(expectedOf('V-16')).toMatch(new RegExp(`^${named('ConsoleLogin')}, `))
    expect(expectedOf('V-22')).toBe(`${named('ConsoleLogin')}, ${named('ConsoleLogin')}; 3, 1`)
  })
})
