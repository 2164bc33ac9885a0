import { readFileSync } from 'node:fs'

/** What Vitest's JSON report counts. A file that could not be loaded, or a run that broke outside any test, is a failure too. */
export function countReport(file, exitedWell) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { failed: 1 }
  }
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  )
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
