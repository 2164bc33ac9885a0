import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '#test/architecture/cruise.ts'
import { evidence, records } from '#test/fixtures/evidence.ts'
import { dataHome, finished, json, start, trailcase } from './cli.ts'
import { errorShape, verifyShape } from './shapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-cli-'))
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  evidence('09:00 alice ConsoleLogin').writeTo(at('bucket'))
  await trailcase(['import', at('main'), at('bucket')])
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(dataHome, { recursive: true, force: true })
})

describe('wrong use', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['events', 'x', '--limmit', '3']],
    ['a missing argument', ['events']],
    ['a second query', ['events', 'x', 'a', 'b']],
    ['a number that is none', ['events', 'x', '--limit', '1e9']],
    ['a time that is none', ['events', 'x', '--from', 'yesterday']],
    ['a width that is none', ['count', 'x', '--every', '7']],
    ['a format that is none', ['events', 'x', '--format', 'yaml']],
    ['a table to a file', ['events', 'x', '--format', 'table', '--out', 'y']],
    ['a case that is not there', ['info', 'nowhere']],
    ['a file that is no case', ['info', '/etc/hosts']],
    ['a port that is none', ['serve', '--port', 'http']],
    ['evidence that is not there', ['open', '--from', 'nowhere']],
  ])('ends with exit code 2 and one line: %s', async (_what, args) => {
    const run = await trailcase(args, { cwd: folder })
    expect(run.code).toBe(2)
    expect(run.text).toBe('')
    expect(run.err).toMatch(/^trailcase: [^\n]{20,}\n$/)
  })

  it('gives the same as JSON where JSON was asked for', async () => {
    const run = await trailcase(['events', at('main'), '--limmit', '--json'])
    expect(run.code).toBe(2)
    expect(errorShape.parse(JSON.parse(run.text)).error.code).toBe('bad-input')
  })

  it('prints names of files with their hidden characters shown', async () => {
    const run = await trailcase(['info', at('a\u001b[31m\nforged line.trailcase')])
    expect(run.code).toBe(2)
    expect(run.err).toContain('a\\u{1b}[31m')
    expect(run.err.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('help and version', () => {
  it('are results, not errors', async () => {
    expect(await trailcase(['--version'])).toMatchObject({ code: 0, err: '' })
    for (const args of [['--help'], ['help'], ['events', '--help'], ['help', 'import']]) {
      const run = await trailcase(args)
      expect(run).toMatchObject({ code: 0, err: '' })
      expect(run.text).toContain('Usage: trailcase')
    }
  })
})

describe('a case that is in use', () => {
  it('names its holder and ends with exit code 3', async () => {
    const sql = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'
    const holder = start(['sql', at('main'), sql, '--timeout', '60'], { examiner: 'B. Okafor' })
    const held = finished(holder)
    let run = await trailcase(['info', at('main'), '--json'])
    for (let tries = 0; tries < 50 && run.code === 0; tries++) run = await trailcase(['info', at('main'), '--json'])
    expect(run.code).toBe(3)
    const { error } = errorShape.parse(JSON.parse(run.text))
    expect(error.code).toBe('locked')
    expect(error.message).toContain(`process ${String(holder.pid)}`)
    holder.kill('SIGINT')
    expect((await held).code).toBe(3)
    expect((await trailcase(['info', at('main')])).code).toBe(0)
  })
})

describe('a reader that goes away', () => {
  it('ends the list quietly', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({
      ...records('09:00 alice ConsoleLogin')[0]!,
      eventID: `id-${n}`,
      filler: 'x'.repeat(500),
    }))
    mkdirSync(at('many'))
    writeFileSync(at('many/log.json.gz'), gzipSync(JSON.stringify({ Records: many })))
    await trailcase(['import', at('many-case'), at('many')])
    const child = start(['events', at('many-case'), '--format', 'jsonl'])
    const run = finished(child)
    await once(child.stdout!, 'data')
    child.stdout!.destroy()
    const { code, err } = await run
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })
})

describe('Ctrl-C', () => {
  it('stops an import cleanly; what is stored stays, and a second run completes it', async () => {
    mkdirSync(at('slow'))
    const record = records('09:00 alice ConsoleLogin')[0]!
    for (let file = 0; file < 600; file++) {
      const batch = Array.from({ length: 100 }, (_, n) => ({ ...record, eventID: `${file}-${n}` }))
      writeFileSync(
        at(`slow/${String(file).padStart(4, '0')}.json.gz`),
        gzipSync(JSON.stringify({ Records: batch }), { level: 1 }),
      )
    }
    const child = start(['import', at('stopped'), at('slow'), '--json'])
    const run = finished(child)
    while (!existsSync(at('stopped.trailcase-wal')) && child.exitCode === null)
      await new Promise((done) => setTimeout(done, 5))
    await new Promise((done) => setTimeout(done, 250))
    child.kill('SIGINT')
    const { code, text } = await run
    expect(code).toBe(3)
    expect(errorShape.parse(JSON.parse(text)).error.code).toBe('cancelled')
    expect(verifyShape.parse(await json(['verify', at('stopped')])).clean).toBe(true)
    await trailcase(['import', at('stopped'), at('slow')])
    expect(await json(['info', at('stopped')])).toMatchObject({ events: 60_000, entries: { stored: 600 } })
    expect(verifyShape.parse(await json(['verify', at('stopped')])).clean).toBe(true)
  })
})

/** The page is a room of its own; once its source is there, it must be built and served. */
const hasPage = existsSync(join(root, 'renderer/app/index.html'))

describe.skipIf(!hasPage)('the workbench without a display', () => {
  /** Waits for the address, looks at what it answers, and stops the program as a person would. */
  async function addressOf(
    args: readonly string[],
    options: Parameters<typeof start>[1] = {},
  ): Promise<{ lines: string[]; status: number; code: number | null; err: string }> {
    const child = start(args, { cwd: folder, ...options })
    let text = ''
    const run = finished(child)
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
        const found = /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+$/m.exec(text)?.[0]
        if (found) resolve(found)
      })
      void run.then(({ err }) => reject(new Error(`no address: ${err}`)))
    })
    const { status } = await fetch(address, { redirect: 'manual' })
    child.kill('SIGINT')
    const { code, err } = await run
    return { lines: text.trimEnd().split('\n'), status, code, err }
  }

  it('serves a case at an address that works once, and stops at Ctrl-C', async () => {
    const served = await addressOf(['serve', at('main'), '--root', folder])
    expect(served).toMatchObject({ status: 303, code: 0 })
    expect(served.lines).toHaveLength(1)
  })

  it('makes a case from evidence, says what it found, then serves it', async () => {
    const opened = await addressOf(['open', '--from', at('bucket')], { examiner: null })
    expect(opened).toMatchObject({ status: 303, code: 0 })
    expect(opened.lines.join('\n')).toMatch(/1 of 1 log file is proven/)
    expect(opened.err).toMatch(/Examiner: .*system user/)
    expect(opened.err).toContain(join(dataHome, 'trailcase/cases/bucket.trailcase'))
    expect(readdirSync(join(dataHome, 'trailcase/cases'))).toContain('bucket.trailcase')
    expect(readdirSync(folder)).not.toContain('bucket.trailcase')
  })

  it('opens the sample investigation when nothing was named', async () => {
    const opened = await addressOf([])
    expect(opened).toMatchObject({ status: 303, code: 0 })
    expect(opened.lines.join('\n')).toContain('sample investigation')
    expect(opened.lines.join('\n')).toMatch(/by integrity: [\d,]+ proven/)
  })
})
