import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { isPackageName } from '#shared/domain/file-names.ts'
import { forkAcquireHost } from '#electron/web-host/acquire-process.ts'
import { Acquisitions } from '#electron/web-host/acquisitions.ts'
import { Roots } from '#electron/web-host/roots.ts'
import { startWebHost } from '#electron/web-host/start-web-host.ts'
import { CliFailure } from './failure.ts'
import { builtFolder, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'
import { commit, version } from './version.ts'

export type ServeWish = {
  /** A case, or a package to be looked at. */
  readonly start: string | null
  readonly examiner: string | null
  readonly port: number
  /** Folders that the picker may show; home and current folder unless said. */
  readonly roots: readonly string[] | undefined
  /** Whether to open the person's browser, where there is a display. */
  readonly opensBrowser: boolean
  /** Whether the window may acquire from S3: a person said so at the start. */
  readonly mayAcquire: boolean
}

/** Whether windows can be seen on this machine. */
export const hasDisplay = (env: NodeJS.ProcessEnv): boolean =>
  process.platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY'])

/** Serves the window until the person stops it. The address is the only line on stdout. */
export async function serveWindow(session: Session, terminal: Terminal, wish: ServeWish): Promise<void> {
  const { start } = wish
  if (start !== null && !existsSync(start))
    throw new CliFailure(
      'not-found',
      `${start} cannot be found. ${isPackageName(start) ? 'Check the path.' : `Make it with: trailcase new ${start}`}`,
    )
  const roots = await Roots.of((wish.roots ?? [process.cwd(), homedir()]).map((path) => resolve(path)))
  if (roots.list.length === 0) throw new CliFailure('not-found', 'None of the folders given with --root is there.')
  const host = await startWebHost({
    engine: session.engine,
    grants: session.grants,
    roots,
    recent: session.recent,
    facts: {
      version,
      commit,
      startCase: start === null || isPackageName(start) ? null : resolve(start),
      startPackage: start !== null && isPackageName(start) ? resolve(start) : null,
      examiner: wish.examiner,
    },
    ...(wish.mayAcquire && { acquisitions: acquisitionsOf(session) }),
    windowFolder: join(builtFolder, '../renderer'),
    port: wish.port,
    log: (error) => session.log(error),
  }).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.name === 'Refusal'
      ? new CliFailure('unreadable', error.message)
      : error
  })
  try {
    const address = host.newAddress()
    terminal.say('The workbench is served on this machine only. Open this address; it works once. Ctrl-C ends it.')
    await terminal.write(`${address}\n`)
    if (wish.opensBrowser && hasDisplay(terminal.env)) openBrowser(host.newAddress())
    const stopAsking = offerNewAddresses(terminal, host.newAddress)
    await stopped(terminal)
    stopAsking()
  } finally {
    await host.close()
  }
}

const acquisitionsOf = (session: Session): Acquisitions =>
  new Acquisitions({
    fork: () => forkAcquireHost(builtFolder),
    tool: { name: 'Trailcase', version, commit },
    grants: session.grants,
    log: (text) => session.log(text),
  })

function stopped(terminal: Terminal): Promise<void> {
  return new Promise((done) => {
    if (terminal.signal.aborted) done()
    else terminal.signal.addEventListener('abort', () => done(), { once: true })
  })
}

/** Each address works once: at a terminal, Enter prints another. */
function offerNewAddresses(terminal: Terminal, newAddress: () => string): () => void {
  const { stdin } = process
  if (!stdin.isTTY) return () => undefined
  terminal.say('Press Enter for another address.')
  const print = () => void terminal.write(`${newAddress()}\n`)
  stdin.on('data', print)
  return () => {
    stdin.off('data', print)
    stdin.pause()
  }
}

/** The system's own way to open an address. Without one, the printed address is enough. */
function openBrowser(address: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', address]]
        : ['xdg-open', [address]]
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
