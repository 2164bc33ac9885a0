import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { grouped } from '#shared/base/count.ts'
import { userDataFolder } from '#electron/web-host/user-data.ts'
import { wrongUsage } from '../arguments.ts'
import { findElectron } from '../electron-binary.ts'
import { CliFailure } from '../failure.ts'
import type { Cli } from '../cli.ts'
import { integrityLines } from './integrity-text.ts'
import { hasDisplay, serveWindow } from '../serve-window.ts'
import {
  builtFolder,
  casePath,
  examinerOf,
  requirePaths,
  withSession,
  type Examiner,
  type Session,
} from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { fileSum, recordSum } from './info.ts'
import { importInto, importLines } from './import.ts'

type Options = { from?: readonly string[]; sample?: true; examiner?: string }

export function addOpen(program: Command, { terminal }: Cli): void {
  program
    .command('open', { isDefault: true })
    .description('open the workbench: Electron, else the browser host')
    .argument('[case]', 'the case to open, or a package to look at')
    .option('--from <path...>', 'make a case from this evidence first, and open it')
    .option('--sample', 'make the sample investigation and open it')
    .option('--examiner <name>', 'who works here (or TRAILCASE_EXAMINER; else the system user)')
    .action((path: string | undefined, options: Options, command: Command) => {
      if (options.from && options.sample) wrongUsage(command, '--from and --sample exclude each other.')
      if (options.sample && path !== undefined) wrongUsage(command, '--sample makes its own case.')
      return withSession(terminal, (session) => open(session, terminal, path, options), { remembers: true })
    })
}

async function open(session: Session, terminal: Terminal, path: string | undefined, options: Options): Promise<void> {
  const isSample = options.sample ?? (path === undefined && options.from === undefined && !hasDisplay(terminal.env))
  const makes = isSample || options.from !== undefined
  const examiner = makes ? whoIsThere(terminal, options.examiner) : examinerOf(terminal, options.examiner)
  if (path !== undefined && options.from === undefined && !existsSync(casePath(path)))
    throw new CliFailure(
      'not-found',
      `There is no command and no case ${path}. See trailcase --help, or make the case with: trailcase new ${path}`,
    )
  const startCase = isSample
    ? await makeSample(session, terminal, examiner)
    : options.from
      ? await makeFrom(session, terminal, path, options.from, examiner)
      : path === undefined
        ? null
        : casePath(path)
  if (terminal.signal.aborted) return
  await openWindow(session, terminal, startCase, examiner)
}

/** The person at the machine, said aloud where nobody was named: it goes to the custody log. */
function whoIsThere(terminal: Terminal, option: string | undefined): Examiner {
  const named = examinerOf(terminal, option)
  if (named) return named
  const name = userInfo().username
  terminal.say(`Examiner: ${name} (the system user; say another with --examiner NAME).`)
  return { name }
}

async function makeSample(session: Session, terminal: Terminal, examiner: Examiner | undefined): Promise<string> {
  const info = await session.ask(
    'cases.openSample',
    { ...(examiner && { examiner }) },
    { progress: (p) => terminal.progress(`${p.phase}: ${grouped(p.done)} of ${grouped(p.total)}`) },
  )
  const path = session.openedPath ?? ''
  const { groups } = await session.ask('events.count', {
    caseId: info.caseId,
    query: { text: '', facets: [], sort: 'eventTime' },
    by: ['integrity'],
  })
  const { summary } = await session.ask('integrity.summary', { caseId: info.caseId })
  await session.ask('cases.close', { caseId: info.caseId })
  await terminal.line(`The sample investigation is in ${path}.`)
  await terminal.line(`  files     ${fileSum(info.entries)}`)
  await terminal.line(`  records   ${recordSum(info.records)}`)
  await terminal.line(
    `  events    ${grouped(info.events)}; by integrity: ${groups.map((g) => `${grouped(g.count)} ${g.key[0] ?? 'none'}`).join(', ')}`,
  )
  for (const line of integrityLines(summary)) await terminal.line(`  ${line}`)
  return path
}

async function makeFrom(
  session: Session,
  terminal: Terminal,
  path: string | undefined,
  from: readonly string[],
  examiner: Examiner | undefined,
): Promise<string> {
  requirePaths(from)
  const file = path === undefined ? await newCasePath(terminal, from[0] ?? '') : casePath(path)
  terminal.say(`The case is ${file}.`)
  const result = await importInto(session, terminal, file, from, examiner ?? { name: '' })
  await session.close()
  for (const line of importLines(result, file)) await terminal.line(line)
  return file
}

/** In the person's data folder, never beside the evidence, which may be an original. */
async function newCasePath(terminal: Terminal, evidence: string): Promise<string> {
  const folder = join(userDataFolder(terminal.env), 'cases')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name =
    basename(resolve(evidence))
      .replace(/\.[A-Za-z0-9.]{1,12}$/, '')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'case'
  for (let n = 1; ; n++) {
    const path = join(folder, `${name}${n === 1 ? '' : `-${n}`}.trailcase`)
    if (!existsSync(path)) return path
  }
}

async function openWindow(
  session: Session,
  terminal: Terminal,
  startCase: string | null,
  examiner: Examiner | undefined,
): Promise<void> {
  const app = resolve(builtFolder, '../..')
  const electron = findElectron(app, terminal.env)
  if (electron !== undefined && hasDisplay(terminal.env) && existsSync(join(builtFolder, 'main.cjs')))
    return runElectron(terminal, electron, app, startCase, examiner)
  terminal.say(
    electron === undefined
      ? 'There is no Electron binary here, so the workbench opens in the browser.'
      : 'There is no display here, so the workbench is served for a browser.',
  )
  return serveWindow(session, terminal, {
    mayAcquire: false,
    start: startCase,
    examiner: examiner?.name ?? null,
    port: 0,
    roots: undefined,
    opensBrowser: true,
  })
}

/** Runs the desktop program until it ends. Case and examiner are its arguments. */
function runElectron(
  terminal: Terminal,
  electron: string,
  app: string,
  startCase: string | null,
  examiner: Examiner | undefined,
): Promise<void> {
  const args = [
    app,
    ...(startCase === null ? [] : [resolve(startCase)]),
    ...(examiner ? [`--examiner=${examiner.name}`] : []),
  ]
  const child = spawn(electron, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: terminal.env,
  })
  terminal.signal.addEventListener('abort', () => child.kill(), { once: true })
  return new Promise((done, fail) => {
    child.on('error', (error) =>
      fail(new CliFailure('unreadable', `Electron could not be started (${error.message}). Use: trailcase serve`)),
    )
    child.on('exit', (code) =>
      code === 0 || terminal.signal.aborted
        ? done()
        : fail(
            new CliFailure('unreadable', `The workbench ended with code ${code ?? 'unknown'}. Use: trailcase serve`),
          ),
    )
  })
}
