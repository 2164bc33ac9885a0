// `npm test`: build, checks, tests, journeys. The last line sums them: `N passed, N failed, N skipped`.
// The journeys run where there is no network (offline.mjs), and that nothing reached for one is a test of its own; where the system
// allows no namespaces they run as usual, and that test is skipped. The build and each check count as one test. Vitest's own reports stay in .cache/test-report.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { runChecks } from './check.mjs'
import { countReport } from './count-report.mjs'
import { runOffline, whyNotOffline } from './offline.mjs'

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

const vitest = (project, report) => [
  process.execPath,
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config=build/vitest.config.mjs',
  `--project=${project}`,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]
const reportOf = (project) => join(reports, `${project}.json`)

async function runProject(project) {
  const report = reportOf(project)
  const [program, ...args] = vitest(project, report)
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
  const code = await new Promise((done) => child.on('close', done))
  return countReport(report, code === 0)
}

/** The same without a network, and one test more: that nothing asked for one. */
async function runProjectOffline(project) {
  const why = whyNotOffline()
  if (why !== undefined) {
    process.stdout.write(`skipped: ${project} without a network: ${why}\n`)
    const { skipped = 0, ...counts } = await runProject(project)
    return { ...counts, skipped: skipped + 1 }
  }
  const report = reportOf(project)
  const { code, attempts } = await runOffline(vitest(project, report), { cwd: root })
  const isQuiet = attempts === 0
  process.stdout.write(
    `${isQuiet ? 'ok    ' : 'FAILED'} ${project} without a network: ${attempts ?? '?'} outgoing attempts\n`,
  )
  const counts = countReport(report, code === 0)
  return { ...counts, passed: counts.passed + Number(isQuiet), failed: counts.failed + Number(!isQuiet) }
}

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const results = [await runBuild(), await runChecks(), await runProject('unit'), await runProjectOffline('journeys')]
const sum = (key) => results.reduce((total, result) => total + (result[key] ?? 0), 0)
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
process.exitCode = sum('failed') === 0 ? 0 : 1
