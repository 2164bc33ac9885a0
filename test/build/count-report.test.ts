import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

type Count = (file: string, exitedWell: boolean) => { passed?: number; failed: number; skipped?: number }
const script = pathToFileURL(join(import.meta.dirname, '../../build/count-report.mjs')).href
const { countReport } = (await import(script)) as { countReport: Count }

describe('the sum of the tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-count-'))
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'report.json')
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
  const count = (report: object, exitedWell: boolean): ReturnType<Count> => {
    writeFileSync(file, JSON.stringify({ ...none, ...report }))
    return countReport(file, exitedWell)
  }

  it('counts what passed, failed and was skipped', () => {
    const report = { numPassedTests: 5, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }
    expect(count(report, false)).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })

  it('counts a file that broke outside its tests as a failure', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'skipped' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    ]
    const report = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 1, testResults }
    expect(count(report, false)).toEqual({ passed: 1, failed: 3, skipped: 1 })
  })

  it('counts a run that broke outside any test as a failure', () => {
    expect(count({ numPassedTests: 3 }, false)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })

  it('counts a run that left no report as a failure', () => {
    expect(countReport(join(folder, 'absent.json'), true).failed).toBe(1)
  })
})
