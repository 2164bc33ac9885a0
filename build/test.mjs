// `npm test`: build, checks, tests, journeys. The last line sums them: `N passed, N failed, N skipped`.
// The build and each check count as one test. Vitest's own reports stay in .cache/test-report.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { runChecks } from './check.mjs'
import { countReport } from './count-report.mjs'

const root = join(import.meta.dirname, '..')
const reports = join(root, '.cache/test-report')

async function runBuild() {
  try {
    await ensureBuilt()
    return { passed: 1, failed: 0 }
  } catch (error) {
    process.stdout.write(`FAILED build\n${error.message}\n`)
    return { passed: 0, failed: 1 }
  }
}

function runProject(project) {
  const report = join(reports, `${project}.json`)
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config=build/vitest.config.mjs',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: 'inherit' },
  )
  return countReport(report, status === 0)
}

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const results = [await runBuild(), await runChecks(), runProject('unit'), runProject('journeys')]
const sum = (key) => results.reduce((total, result) => total + (result[key] ?? 0), 0)
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
process.exitCode = sum('failed') === 0 ? 0 : 1
