// `npm run check`: everything a machine can say about the source without running it.
// Two checks at a time; one line each as it ends, and whatever a failed one printed.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)

/** Longest first, so that the two lanes end together. */
const checks = [
  { name: 'lint', tool: 'eslint', args: ['.', '--config', 'build/eslint.config.mjs', '--max-warnings', '0'] },
  { name: 'types', tool: 'typescript', bin: 'tsc', args: ['-b', '--pretty', 'false'] },
  {
    name: 'walls',
    tool: 'dependency-cruiser',
    bin: 'depcruise',
    args: ['--config', 'build/walls.cjs', '--output-type', 'err', 'electron', 'renderer', 'shared', 'test'],
  },
  { name: 'unused', tool: 'knip', args: ['--config', 'build/knip.json', '--no-progress'] },
  { name: 'format', tool: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
]

/** Runs all checks and prints their lines. Gives `{passed, failed}`. */
export async function runChecks() {
  const waiting = [...checks]
  const results = []
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await runCheck(check))
  }
  await Promise.all([lane(), lane()])
  const passed = results.filter((ok) => ok).length
  return { passed, failed: results.length - passed }
}

async function runCheck({ name, tool, bin = tool, args }) {
  const started = performance.now()
  const { code, output } = await run(process.execPath, [scriptOf(tool, bin), ...args])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${seconds.padStart(6)} s\n`)
  if (code !== 0) process.stdout.write(`${output.trimEnd()}\n\n`)
  return code === 0
}

/** The script behind a package's command: what `npx` would run, without npx. */
function scriptOf(tool, bin) {
  const manifest = join(root, 'node_modules', tool, 'package.json')
  const declared = require(manifest).bin
  return join(dirname(manifest), typeof declared === 'string' ? declared : declared[bin])
}

function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => done({ code: 1, output: error.message }))
    child.on('close', (code) => done({ code, output }))
  })
}

if (process.argv[1] === import.meta.filename) {
  const { failed } = await runChecks()
  process.exitCode = failed === 0 ? 0 : 1
}
