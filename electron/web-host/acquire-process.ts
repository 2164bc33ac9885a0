import { fork } from 'node:child_process'
import { join } from 'node:path'
import { assertNever } from '#shared/base/assert.ts'
import type { AcquirePlan, AcquireProgress, AcquireResult } from '#shared/contract/acquire.ts'
import type { Reply } from '#shared/contract/contract.ts'
import type { AcquireJob, FromAcquireHost, ToAcquireHost } from '#engine/acquire/protocol.ts'

/** A started process that acquires, whoever started it. */
export type AcquireProcess = {
  readonly send: (message: ToAcquireHost) => void
  readonly onMessage: (listener: (message: FromAcquireHost) => void) => void
  readonly onExit: (listener: () => void) => void
  readonly kill: () => void
}

export type AcquireHearing = {
  readonly progress: (progress: AcquireProgress) => void
  readonly planned: (plan: AcquirePlan) => void
  /** Bugs, with their stack. */
  readonly log: (text: string) => void
}

/** Starts dist/node/acquire-host.cjs: the only process with a way out of this machine, and only for this one job. */
export function forkAcquireHost(builtFolder: string): AcquireProcess {
  const child = fork(join(builtFolder, 'acquire-host.cjs'), [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  return {
    send: (message) => {
      if (child.connected) child.send(message)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromAcquireHost)),
    onExit: (listener) => {
      child.once('exit', listener)
      child.once('error', listener)
    },
    kill: () => child.kill('SIGKILL'),
  }
}

/** How long a process that was asked to stop may take to write its records, in milliseconds. */
const STOP_MS = 30_000

/** Has one job done. The answer is nothing for a plan; a process that ends without one is a coded failure too. */
export function runAcquireProcess(
  child: AcquireProcess,
  job: AcquireJob,
  hearing: AcquireHearing,
  signal: AbortSignal,
): Promise<Reply<AcquireResult | null>> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const stop = (): void => {
      child.send({ kind: 'stop' })
      timer = setTimeout(() => child.kill(), STOP_MS)
    }
    const settle = (reply: Reply<AcquireResult | null>): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(reply)
    }
    child.onExit(() => settle({ ok: false, code: 'internal', message: ENDED }))
    child.onMessage((message) => {
      switch (message.kind) {
        case 'ready':
          child.send({ kind: 'start', job })
          if (signal.aborted) stop()
          else signal.addEventListener('abort', stop, { once: true })
          return
        case 'progress':
          hearing.progress(message.progress)
          return
        case 'plan':
          hearing.planned(message.plan)
          return
        case 'done':
          settle({ ok: true, value: message.result })
          return
        case 'failed':
          settle({ ok: false, code: message.code, message: message.message })
          return
        case 'bug':
          hearing.log(message.text)
          return
        default:
          assertNever(message)
      }
    })
  })
}

const ENDED =
  'The process that fetches from S3 ended unexpectedly. What was fetched stays; run the same again, and it continues.'
