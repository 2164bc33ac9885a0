import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from '#electron/cli/program.ts'
import { Terminal } from '#electron/cli/terminal.ts'
import { makeSample } from '#engine/sample/make-sample.ts'
import { operationNames } from '#shared/contract/contract.ts'
import { examplesOf, scriptOf } from './manual-examples.ts'
import { runOffline, whyNotOffline, type Offline } from './offline.ts'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const manual = readme.slice(readme.indexOf('\n## Manual\n'))
const examples = examplesOf(readme)
const program = buildProgram(new Terminal(process.stdout, process.stderr, {}), { code: 0 })

const has = (tool: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)))
const isBuilt = existsSync(join(root, 'dist/node/trailcase.cjs'))

describe('the manual', () => {
  it.each(program.commands.map((command) => command.name()))('shows how %s is used', (name) => {
    expect(examples.filter(({ text }) => new RegExp(`\\btrailcase ${name}\\b`).test(text))).not.toEqual([])
  })

  it('says of every operation what it gives and how it is asked on the command line, or why not', () => {
    const operations = readFileSync(join(root, 'electron/cli/OPERATIONS.md'), 'utf8')
    for (const name of operationNames)
      expect(operations).toMatch(new RegExp(`^\\| \`${name}\` +\\| \\S.* \\| \\S`, 'm'))
    expect(manual).toContain('`electron/cli/OPERATIONS.md`')
    expect(manual).toContain('`electron/cli/README.md`')
  })

  it('names no option that a command does not have', () => {
    const known = new Set(program.commands.flatMap(({ options }) => options.map(({ long }) => long)))
    const others = new Set(['--help', '--version', '--ignore-missing', '--check', '--prefix', '--exclude', '--include'])
    const foreign = /^(aws|npm|sudo|sha256sum) /
    for (const { text } of examples.filter((one) => !foreign.test(one.text) && one.text.startsWith('trailcase')))
      for (const [option] of text.matchAll(/(?<=\s)--[a-z-]+/g))
        expect(known.has(option) || others.has(option), text).toBe(true)
    // In running text too: `--option` in code.
    for (const [, option = ''] of manual.matchAll(/`(--[a-z-]+)[^`]*`/g)) expect(known.has(option), option).toBe(true)
  })

  it('runs npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    const named = [...readme.matchAll(/\bnpm (run (?:-s )?)?([a-z:]+)/g)].map(([, , name]) => name)
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect([...Object.keys(scripts), 'pack', 'install']).toContain(name)
  })
})

describe.skipIf(process.platform === 'win32' || !isBuilt || !has('bash'))('every example of the manual', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-manual-'))
  const work = join(folder, 'work')
  const report = join(folder, 'report')
  const run = examples.map((example, n) => ({ ...example, n })).filter(({ kind }) => kind !== 'elsewhere')
  const whyNot = whyNotOffline()
  let offline: Offline | undefined
  /** The rest of a proof is checked with tools that not every machine has. */
  const needs = ['jq', 'openssl', 'base64'].filter((tool) => !has(tool))

  beforeAll(async () => {
    for (const name of ['work', 'report', 'bin', 'home']) mkdirSync(join(folder, name))
    for (const { path, bytes } of makeSample()) {
      mkdirSync(dirname(join(work, path)), { recursive: true })
      writeFileSync(join(work, path), bytes)
    }
    renameSync(join(work, 'sample-bucket'), join(work, 'copied-bucket'))
    const command = join(folder, 'bin/trailcase')
    writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/node/trailcase.cjs')}' "$@"\n`)
    chmodSync(command, 0o755)
    const home = join(folder, 'home')
    const env = {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: home,
      XDG_DATA_HOME: home,
    }
    const script = ['bash', '-c', scriptOf(examples, report)]
    if (whyNot === undefined) offline = await runOffline(script, { cwd: work, env, stdio: 'ignore' })
    else execFileSync(script[0]!, script.slice(1), { cwd: work, env, stdio: 'ignore' })
  }, 300_000)
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  const read = (n: number, what: string): string => readFileSync(join(report, `${n}.${what}`), 'utf8')

  it.for(run)('$text', ({ text, n, code }, { skip }) => {
    const missing = needs.filter((tool) => text.includes(tool))
    if (missing.length > 0) skip(`this machine has no ${missing.join()}`)
    expect({ code: Number(read(n, 'code')), said: read(n, 'err').slice(-500) }).toMatchObject({ code })
  })

  it('leaves the reader with what was promised', () => {
    const said = (part: string): string => {
      const found = run.find(({ text }) => text.includes(part))
      return found ? read(found.n, 'out') : ''
    }
    expect(said("'StopLogging'")).toContain('e54461f1-789c-4b79-a3a0-264ceda94461')
    expect(said('inspect ACME-7')).toMatch(/Signed with the known key/)
    expect(said('trailcase verify')).toContain('The case is whole.')
    expect(said('serve acme')).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect(readFileSync(join(work, 'timeline.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    expect(JSON.parse(readFileSync(join(work, 'record.json'), 'utf8'))).toMatchObject({ eventName: 'StopLogging' })
    if (needs.length === 0) expect(said('openssl dgst')).toBe('Verified OK\n')
  })

  it('reaches for no network: none was there, and nothing asked for one', ({ skip }) => {
    if (whyNot !== undefined) skip(whyNot)
    expect(offline).toEqual({ code: 0, attempts: 0 })
  })

  it('about AWS is a command of the acquisition script, with options it has there', () => {
    const script = readFileSync(join(work, 'acquire.sh'), 'utf8')
    const aws = examples.filter(({ text }) => text.startsWith('aws '))
    expect(aws.length).toBeGreaterThan(2)
    for (const { text } of aws) {
      const [, service, operation] = text.split(' ')
      expect(script).toContain(`aws ${service!} ${operation!}`)
      for (const [option] of text.matchAll(/--[a-z-]+/g)) expect(script).toContain(option)
    }
  })

  it.skipIf(!has('bash'))('that is only run elsewhere is at least a line that a shell understands', () => {
    for (const { text } of examples) execFileSync('bash', ['-n', '-c', text])
  })
})

describe('reading examples', () => {
  it('joins lines, takes comments off, and knows the promised exit code and what is run elsewhere', () => {
    const found = examplesOf(
      '```sh\n# a note\ntrailcase info a \\\n  --json   # exit code 2: why\naws s3 ls\ntrailcase serve a\n```\n\n```text\nnot a command\n```',
    )
    expect(found).toEqual([
      { text: 'trailcase info a --json', code: 2, kind: 'run' },
      { text: 'aws s3 ls', code: 0, kind: 'elsewhere' },
      { text: 'trailcase serve a', code: 0, kind: 'window' },
    ])
  })
})
