import { join } from 'node:path'
import { assertNever } from '#shared/base/assert.ts'
import type { Grant } from '#shared/contract/common.ts'
import {
  engineOperations,
  isOperationName,
  type EngineOperationName,
  type HostOperationName,
  type OperationName,
} from '#shared/contract/contract.ts'
import { hostOperations } from '#shared/contract/host.ts'
import { answer, type Handlers } from '#engine/answer.ts'
import { Engine } from '#engine/engine.ts'
import { Refusal } from '#engine/refusal.ts'
import { grantsIn } from '#electron/web-host/grants.ts'
import { MainProcess } from './main-process.ts'
import type { ParentPort, Port } from './ports.ts'
import type { EngineHostSetting, FromEngineHost, ToEngineHost } from './protocol.ts'
import type { Answerer } from '#electron/web-host/serve-requests.ts'
import { servePort } from './serve-port.ts'

export type HostSetting = EngineHostSetting & {
  /** Where the built files lie, for the parsing thread. */
  readonly builtFolder: string
  /** Ends the process, once everything is closed. */
  readonly exit: () => void
}

/** The engine behind message ports: one to the main process, and one for each window that main hands over. */
export function startEngineHost(parent: ParentPort, setting: HostSetting): void {
  const post = (message: FromEngineHost): void => parent.postMessage(message)
  const log = (error: unknown): void =>
    post({ kind: 'bug', text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  const main = new MainProcess(post)
  const paths = new SpentPaths()
  const engine = new Engine(
    {
      now: () => Date.now(),
      workerPath: join(setting.builtFolder, 'parse-worker.cjs'),
      version: setting.version,
      commit: setting.commit,
      temporaryFolder: setting.temporaryFolder,
    },
    {
      spend: (grant) => paths.take(grant),
      opened: (path, title, number) => post({ kind: 'opened', path, title, number }),
    },
  )
  const window = new ServedWindow(engine, answererOf(engine, main, paths, log), log)

  parent.on('message', ({ data, ports }) => {
    const message = data as ToEngineHost
    switch (message.kind) {
      case 'window':
        for (const port of ports) window.add(port)
        return
      case 'reply': {
        main.receive(message)
        return
      }
      case 'stop':
        void window.stop().then(() => {
          post({ kind: 'stopped' })
          setting.exit()
        })
        return
      default:
        assertNever(message)
    }
  })
  post({ kind: 'ready' })
}

/** Paths that main has told for the request that is being answered; the engine takes each once. */
class SpentPaths {
  readonly #paths = new Map<string, string>()

  put(grants: readonly string[], paths: readonly string[]): void {
    for (const [n, grant] of grants.entries()) {
      const path = paths[n]
      if (path !== undefined) this.#paths.set(grant, path)
    }
  }

  /** @throws Refusal `not-found` */
  take(grant: Grant): string {
    const path = this.#paths.get(grant)
    if (path === undefined)
      throw new Refusal('not-found', 'This choice of a file was used already or has expired. Choose it again.')
    this.#paths.delete(grant)
    return path
  }

  forget(grants: readonly string[]): void {
    for (const grant of grants) this.#paths.delete(grant)
  }
}

const isEngineOperation = (name: OperationName): name is EngineOperationName => Object.hasOwn(engineOperations, name)

/** Every request goes through the contract. What belongs to the host, and the paths behind grants, is asked of main. */
function answererOf(engine: Engine, main: MainProcess, paths: SpentPaths, log: (error: unknown) => void): Answerer {
  const handlers = engine.handlers as unknown as Handlers
  const noted = Object.fromEntries(
    Object.keys(hostOperations).map((name) => [name, () => Promise.resolve(null)]),
  ) as Handlers

  return async (name, input, call) => {
    if (!isOperationName(name) || !isEngineOperation(name)) {
      // An unknown name or bad input ends here; main hears only what fits the contract.
      const checked = await answer(noted, name, input, call, log)
      return checked.ok ? main.ask({ kind: 'host', name: name as HostOperationName, input }, call.signal) : checked
    }
    const grants = grantsIn(input)
    // Input that does not fit spends nothing: `answer` says what is wrong with it.
    if (grants.length > 0 && engineOperations[name].input.safeParse(input).success) {
      const told = await main.ask({ kind: 'spend', operation: name, grants }, call.signal)
      if (!told.ok) return told
      paths.put(grants, told.value as string[])
    }
    try {
      return await answer(handlers, name, input, call, log)
    } finally {
      paths.forget(grants)
    }
  }
}

/**
 * The window that is served. There is one: a new port means that its page was loaded anew, so what the page before asked
 * is stopped and its cases are closed before the new one is answered; a case that nobody knows of would stay locked.
 */
class ServedWindow {
  readonly #engine: Engine
  readonly #answer: Answerer
  readonly #log: (error: unknown) => void
  /** Ends the service of the page that is there. */
  #end: (() => Promise<void>) | undefined
  #closing: Promise<void> = Promise.resolve()

  constructor(engine: Engine, answer: Answerer, log: (error: unknown) => void) {
    this.#engine = engine
    this.#answer = answer
    this.#log = log
  }

  add(port: Port): void {
    const ready = this.stop()
    const answer: Answerer = async (name, input, call) => {
      await ready
      return this.#answer(name, input, call)
    }
    const end = servePort(port, answer, () => {
      if (this.#end === end) void this.stop()
    })
    this.#end = end
  }

  /** Cancels what is asked, waits for it, and closes the cases. */
  stop(): Promise<void> {
    const end = this.#end
    this.#end = undefined
    if (end)
      this.#closing = this.#closing.then(async () => {
        await end()
        await this.#engine.closeAll().catch(this.#log)
      })
    return this.#closing
  }
}
