import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import type { AskOf, EngineOperationName, OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import type { CaseId, Grant } from '#shared/contract/common.ts'
import { answer, type Handlers } from '#engine/answer.ts'
import { Engine } from '#engine/engine.ts'
import { Grants, type Purpose } from '#electron/web-host/grants.ts'
import { RecentCases } from '#electron/web-host/recent-cases.ts'
import { userDataFolder } from '#electron/web-host/user-data.ts'
import { CliFailure, toCliFailure } from './failure.ts'
import type { Terminal } from './terminal.ts'
import { commit, version } from './version.ts'

export type Examiner = { readonly name: string }

export type SessionOptions = {
  /** Whether cases that are opened go to the list of recent cases: for the workbench, not for single commands. */
  readonly remembers?: boolean
}

/** The built files beside this one: dist/node in a checkout and in an installation. */
export const builtFolder = import.meta.dirname

/** One engine for the time of one command, with its own way from grants to paths. */
export class Session {
  readonly engine: Engine
  readonly grants = new Grants()
  readonly recent: RecentCases
  /** The path of the case that was opened last. */
  openedPath: string | undefined
  readonly #terminal: Terminal
  readonly #handlers: Handlers

  constructor(terminal: Terminal, { remembers = false }: SessionOptions = {}) {
    this.#terminal = terminal
    this.recent = new RecentCases(join(userDataFolder(terminal.env), 'recent-cases.json'))
    const now = () => Date.now()
    this.engine = new Engine(
      { now, workerPath: join(builtFolder, 'parse-worker.cjs'), version, commit, temporaryFolder: tmpdir() },
      {
        spend: (grant) => this.grants.spend(grant),
        opened: (path, title, number) => {
          this.openedPath = path
          if (remembers) void this.recent.note(path, title, number, now())
        },
      },
    )
    this.#handlers = this.engine.handlers as unknown as Handlers
  }

  /** Asks one operation through the contract. @throws CliFailure */
  async ask<N extends EngineOperationName>(
    name: N,
    input: AskOf<N>,
    options: { readonly progress?: (progress: ProgressOf<N>) => void; readonly query?: string } = {},
  ): Promise<OutputOf<N>> {
    const progress = options.progress as ((progress: unknown) => void) | undefined
    const call = { signal: this.#terminal.signal, progress: progress ?? (() => undefined) }
    const reply = await answer(this.#handlers, name, input, call, (error) => this.log(error))
    this.#terminal.progress('')
    if (!reply.ok) throw toCliFailure(reply, options.query)
    return reply.value as OutputOf<N>
  }

  /** Bugs, for the people who mend them: only when asked for, because a trace helps nobody else. */
  log(error: unknown): void {
    if (this.#terminal.env['TRAILCASE_DEBUG'] !== undefined)
      this.#terminal.say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  grant(path: string, purpose: Purpose): Grant {
    return this.grants.give(resolve(path), purpose)
  }

  close(): Promise<void> {
    return this.engine.closeAll()
  }
}

/** Runs `work` with an engine and closes what it opened, whatever happens. */
export async function withSession<T>(
  terminal: Terminal,
  work: (session: Session) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  const session = new Session(terminal, options)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/** Opens the case for `work`. Without an examiner it can only be read. */
export function withCase<T>(
  terminal: Terminal,
  path: string,
  examiner: Examiner | undefined,
  work: (session: Session, caseId: CaseId) => Promise<T>,
): Promise<T> {
  return withSession(terminal, async (session) => {
    const { caseId } = await openCase(session, path, examiner)
    return work(session, caseId)
  })
}

export const openCase = (
  session: Session,
  path: string,
  examiner: Examiner | undefined,
): Promise<OutputOf<'cases.open'>> =>
  session.ask('cases.open', { grant: session.grant(casePath(path), 'open-case'), ...(examiner && { examiner }) })

/** CASE as it was written, with `.trailcase` when it has no extension. */
export const casePath = (path: string): string => (extname(path) === '' ? `${path}.trailcase` : path)

/** Who works on the case: `--examiner`, else TRAILCASE_EXAMINER. */
export function examinerOf(terminal: Terminal, option: string | undefined): Examiner | undefined {
  const name = (option ?? terminal.env['TRAILCASE_EXAMINER'] ?? '').trim()
  return name === '' ? undefined : { name }
}

/** The same where a case is changed. @throws CliFailure `no-examiner` */
export function requireExaminer(terminal: Terminal, option: string | undefined): Examiner {
  const examiner = examinerOf(terminal, option)
  if (!examiner)
    throw new CliFailure(
      'no-examiner',
      'This command changes the case and its custody log, so it must say who works on it. Add --examiner NAME, or set TRAILCASE_EXAMINER.',
    )
  return examiner
}

/** Paths that were handed over must be there before anything is made for them. @throws CliFailure `not-found` */
export function requirePaths(paths: readonly string[]): void {
  const missing = paths.find((path) => !existsSync(path))
  if (missing !== undefined)
    throw new CliFailure('not-found', `${missing} cannot be found. Check the path, or connect the medium it lies on.`)
}
