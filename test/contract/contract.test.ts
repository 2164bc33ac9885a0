import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '#electron/cli/program.ts'
import { Terminal } from '#electron/cli/terminal.ts'
import { Grants, grantUses } from '#electron/web-host/grants.ts'
import { hostHandlers } from '#electron/web-host/host-handlers.ts'
import { RecentCases } from '#electron/web-host/recent-cases.ts'
import { Roots } from '#electron/web-host/roots.ts'
import { answer, type Handlers } from '#engine/answer.ts'
import { Engine } from '#engine/engine.ts'
import {
  engineOperations,
  operationNames,
  operationOf,
  operations,
  type EngineOperationName,
} from '#shared/contract/contract.ts'
import { hostOperations } from '#shared/contract/host.ts'
import { root } from '#test/architecture/cruise.ts'

const grants = new Grants()
const recent = new RecentCases(join(tmpdir(), 'trailcase-no-such-folder/recent.json'))
const engine = new Engine(
  { now: () => 0, workerPath: '', version: '0', commit: '0', temporaryFolder: tmpdir() },
  { spend: (grant) => grants.spend(grant), opened: () => undefined },
)
const host = hostHandlers(
  { version: '0', commit: '0', startCase: null, startPackage: null, examiner: null },
  grants,
  await Roots.of([]),
  recent,
)
const handlers = { ...host, ...engine.handlers } as unknown as Handlers

const program = buildProgram(new Terminal(process.stdout, process.stderr, {}), { code: 0 })
const commands = new Map(program.commands.map((command) => [command.name(), command]))
const manual = readFileSync(join(root, 'electron/cli/README.md'), 'utf8')

/** Commands that cli forms name and that arrive with later work. */
const toCome: readonly string[] = ['report']

const ask = (name: string, input: unknown, bugs: unknown[]) =>
  answer(handlers, name, input, { signal: new AbortController().signal, progress: () => undefined }, (bug) =>
    bugs.push(bug),
  )

describe('every operation', () => {
  it('has a handler in the engine or the host, and there is no handler without an operation', () => {
    expect(Object.keys(engine.handlers).sort()).toEqual(Object.keys(engineOperations).sort())
    expect(Object.keys(host).sort()).toEqual(Object.keys(hostOperations).sort())
    expect(operationNames.length).toBeGreaterThan(20)
  })

  it.each(operationNames)('%s says what a person gets, in one line', (name) => {
    expect(operationOf(name).summary).toMatch(/^[A-Z][^\n]{10,200}[^.\n]$/)
  })

  it.each(operationNames)('%s has a form on the command line, or a reason why not', (name) => {
    const { cli } = operationOf(name)
    if ('none' in cli) {
      expect(cli.none.length).toBeGreaterThan(20)
      return
    }
    for (const form of cli.command.split(',')) {
      const [commandName = '', ...rest] = form.trim().split(' ')
      if (toCome.includes(commandName)) continue
      const command = commands.get(commandName)
      expect(command?.name()).toBe(commandName)
      const options = command?.options.map((option) => option.long) ?? []
      for (const option of rest.filter((word) => word.startsWith('--'))) expect(options).toContain(option)
    }
  })

  it('that spends a grant says for what it must have been given', () => {
    const spends = (name: EngineOperationName): boolean => {
      const shape = (operationOf(name).input as { shape?: Record<string, unknown> }).shape ?? {}
      return 'grant' in shape || 'grants' in shape
    }
    const names = (Object.keys(engineOperations) as EngineOperationName[]).filter(spends)
    expect(Object.keys(grantUses).sort()).toEqual(names.sort())
  })

  it('stands in the manual', async () => {
    const rows = operationNames.map((name) => {
      const { summary, cli } = operationOf(name)
      return `| \`${name}\` | ${summary} | ${'command' in cli ? `\`${cli.command}\`` : `none: ${cli.none}`} |`
    })
    const text = [
      '# Operations',
      '',
      'Everything the engine and its hosts can be asked, written from `shared/contract`, with its form on the command line.',
      '',
      '| operation | gives | command line |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n')
    await expect(await format(text, { parser: 'markdown' })).toMatchFileSnapshot(
      join(root, 'electron/cli/OPERATIONS.md'),
    )
  })
})

describe('a stranger', () => {
  it.each([
    '',
    'cases',
    'cases.infos',
    'CASES.INFO',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'valueOf',
  ])('gets a coded failure for the unknown name %j', async (name) => {
    const bugs: unknown[] = []
    expect(await ask(name, {}, bugs)).toMatchObject({ ok: false, code: 'unknown-operation' })
    expect(bugs).toEqual([])
  })

  const needInput = operationNames.filter((name) => !operations[name].input.safeParse({}).success)

  it.each(needInput)('gets a coded failure for input that %s does not know', async (name) => {
    const bugs: unknown[] = []
    for (const input of [
      undefined,
      null,
      0,
      'x',
      [],
      {},
      { caseId: 7 },
      { caseId: { toString: 1 } },
      JSON.parse('{"__proto__":{"caseId":"x"}}'),
    ])
      expect(await ask(name, input, bugs)).toMatchObject({ ok: false, code: 'bad-input' })
    expect(bugs).toEqual([])
  })

  it('gets a coded failure for anything at all, and never finds a bug', async () => {
    const bugs: unknown[] = []
    const names = operationNames.filter((name) => !['cases.openSample', 'validation.run'].includes(name))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.object({
          key: fc.constantFrom('caseId', 'grant', 'query', 'text', 'id', 'path', 'limit', 'sql'),
          maxDepth: 2,
        }),
        async (name, input) => {
          const reply = await ask(name, input, bugs)
          if (!reply.ok)
            expect(reply).toMatchObject({
              code: expect.stringMatching(/^[a-z-]+$/) as string,
              message: expect.any(String) as string,
            })
          return reply.ok ? operations[name].input.safeParse(input).success : reply.code !== 'internal'
        },
      ),
      { numRuns: 300 },
    )
    expect(bugs).toEqual([])
  })
})

describe('every command', () => {
  it.each([...commands.keys()])('%s is documented with its options', (name) => {
    const row = manual.split('\n').find((line) => line.startsWith(`| \`trailcase ${name}`))
    expect(row).toBeDefined()
    const options = (commands.get(name)?.options ?? []).map((option) => option.long ?? '')
    for (const option of options.filter((long) => !['--json', '--examiner'].includes(long)))
      expect(row).toContain(option)
  })

  it('stands for an operation, or is the workbench itself', () => {
    const named = operationNames.flatMap((name) => {
      const { cli } = operationOf(name)
      return 'command' in cli ? cli.command.split(',').map((form) => form.trim().split(' ')[0]) : []
    })
    expect([...commands.keys()].filter((name) => !named.includes(name))).toEqual(['serve'])
  })
})
