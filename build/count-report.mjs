import { readFileSync } from 'node:fs'

/**
 * What Vitest's JSON report counts. A file that broke outside its tests (it could not be
 * loaded, a `beforeAll` failed) is a failure too, and so is a run that broke outside any file.
 */
export function countReport(file, exitedWell) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { failed: 1 }
  }
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
