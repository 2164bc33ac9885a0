// `npm run bench [-- NAME… [-- OPTION…]]`: runs build/bench/NAME.bench.{mjs,ts} (all, if none is named), one after the
// other, each in a process of its own, and prints what they measured as a Markdown table.
//
// A benchmark prints one JSON object per line and measurement: {"what", "value", "unit", "aim"?}. All else goes to
// stderr. It starts in the top folder with the build up to date; a .ts one is bundled like a process of ours.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bundleForNode, ensureBuiltOrExit } from './build.mjs'

const root = join(import.meta.dirname, '..')
const folder = 'build/bench'
const suffix = /\.bench\.(mjs|ts)$/

const args = process.argv.slice(2)
const split = args.includes('--') ? args.indexOf('--') : args.length
const wanted = args.slice(0, split)
const options = args.slice(split + 1)

const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => suffix.test(name)) : []
const names = files.map((file) => file.replace(suffix, ''))
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}\n`)
  process.exit(2)
}

await ensureBuiltOrExit()
process.stdout.write(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, `)
process.stdout.write(`${Math.round(totalmem() / 2 ** 30)} GB\n\n`)
process.stdout.write('| benchmark | measured | value | aim |\n|---|---|--:|---|\n')
let failures = 0
for (const name of wanted.length > 0 ? wanted : names.toSorted()) {
  const ended = await runBench(name)
  if (ended !== 0) {
    failures++
    process.stderr.write(`trailcase: the benchmark ${name} failed (${ended})\n`)
  }
}
process.exitCode = failures === 0 ? 0 : 1

/** Prints a row for each measurement as it comes; gives the exit code, or the signal that ended it. */
async function runBench(name) {
  const source = `${folder}/${files.find((file) => file.replace(suffix, '') === name)}`
  const script = source.endsWith('.ts') ? await bundleForNode(source, join(root, '.cache/bench')) : join(root, source)
  const child = spawn(process.execPath, [script, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)))
  for await (const line of createInterface({ input: child.stdout })) process.stdout.write(rowOf(name, line))
  return ended
}

function rowOf(name, line) {
  const { what, value, unit, aim = '' } = JSON.parse(line)
  const number = Number.isInteger(value) ? value : Number(value.toPrecision(3))
  return `| ${name} | ${what} | ${number.toLocaleString('en-US')} ${unit} | ${aim} |\n`
}
