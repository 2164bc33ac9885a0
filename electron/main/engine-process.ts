import type { MessagePortMain, UtilityProcess } from 'electron'
import { assertNever } from '#shared/base/assert.ts'
import type { HostNotice } from '#shared/contract/bridge.ts'
import type { Failure, Reply } from '#shared/contract/contract.ts'
import type { FromEngineHost, ToEngineHost } from '#electron/engine-host/protocol.ts'
import type { ElectronApi } from './electron-api.ts'
import type { Restarts } from './restarts.ts'

export type EngineParts = {
  readonly fork: () => UtilityProcess
  readonly MessageChannelMain: ElectronApi['MessageChannelMain']
  readonly restarts: Restarts
  readonly answerHost: (name: string, input: unknown) => Promise<Reply<unknown>>
  readonly spend: (message: Extract<FromEngineHost, { kind: 'spend' }>) => Reply<readonly string[]>
  readonly opened: (path: string, title: string, number: string) => void
  readonly toWindow: (notice: HostNotice, ports: MessagePortMain[]) => void
  readonly log: (text: string) => void
}

const restarted: Failure = {
  ok: false,
  code: 'internal',
  message:
    'The engine ended unexpectedly and is being started again. What was stored is safe. Open the case again; an import continues where it stopped.',
}
const givenUp: Failure = {
  ok: false,
  code: 'internal',
  message:
    'The engine has ended several times in a row and is not started again. What was stored is safe. Close Trailcase and open it again; if it goes on, check the free memory and disk space.',
}

/** How long a stopping engine may take to close its cases, in milliseconds. */
const STOP_MS = 15_000

/**
 * The engine's process: started, started again when it crashes, stopped with everything closed. A crash takes nothing with
 * it but the answers that were on their way; the window is told in words.
 */
export class EngineProcess {
  readonly #parts: EngineParts
  #child: UtilityProcess | undefined
  #isReady = false
  #wantsWindow = false
  #whenStopped: (() => void) | undefined

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  start(): void {
    const child = this.#parts.fork()
    this.#child = child
    child.on('message', (message: FromEngineHost) => this.#receive(child, message))
    child.on('exit', () => this.#ended(child))
  }

  /** Hands a new port to the window; waits for the engine if need be. Called for each page that is loaded. */
  connectWindow(): void {
    this.#wantsWindow = true
    if (!this.#isReady || !this.#child) return
    const { port1, port2 } = new this.#parts.MessageChannelMain()
    this.#child.postMessage({ kind: 'window' } satisfies ToEngineHost, [port1])
    this.#parts.toWindow({ kind: 'engine-ready' }, [port2])
  }

  /** Lets the engine close its cases and end. Resolves when it is gone. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child) return
    const gone = new Promise<void>((resolve) => (this.#whenStopped = resolve))
    child.postMessage({ kind: 'stop' } satisfies ToEngineHost)
    const timer = setTimeout(() => child.kill(), STOP_MS)
    await gone
    clearTimeout(timer)
  }

  #receive(child: UtilityProcess, message: FromEngineHost): void {
    if (child !== this.#child) return
    const reply = (id: number, answer: Reply<unknown>): void =>
      child.postMessage({ kind: 'reply', id, reply: answer } satisfies ToEngineHost)
    switch (message.kind) {
      case 'ready':
        this.#isReady = true
        if (this.#wantsWindow) this.connectWindow()
        return
      case 'host':
        void this.#parts.answerHost(message.name, message.input).then((answer) => {
          if (child === this.#child) reply(message.id, answer)
        })
        return
      case 'spend': {
        reply(message.id, this.#parts.spend(message))
        return
      }
      case 'opened': {
        this.#parts.opened(message.path, message.title, message.number)
        return
      }
      case 'bug': {
        this.#parts.log(message.text)
        return
      }
      case 'stopped':
        return
      default:
        return assertNever(message)
    }
  }

  #ended(child: UtilityProcess): void {
    if (child !== this.#child) return
    this.#child = undefined
    this.#isReady = false
    if (this.#whenStopped) {
      this.#whenStopped()
      return
    }
    const again = this.#parts.restarts.mayRestart()
    this.#parts.toWindow({ kind: 'engine-gone', failure: again ? restarted : givenUp }, [])
    if (again) this.start()
  }
}
