import { hostname, userInfo } from 'node:os'
import { assertNever } from '#shared/base/assert.ts'
import { visible } from '#shared/base/visible.ts'
import { defaultRetry } from '#engine/acquire/retry.ts'
import type { AcquireJob, FromAcquireHost, ToAcquireHost } from '#engine/acquire/protocol.ts'
import { Refusal, STOPPED } from '#engine/refusal.ts'
import { acquire } from './acquire.ts'
import type { ProfileFiles } from './keys.ts'
import { AcquireFailure } from './s3-trouble.ts'

/** The way to the process that started this one. */
export type Starter = {
  readonly post: (message: FromAcquireHost) => void
  readonly listen: (listener: (message: ToAcquireHost) => void) => void
  /** Ends this process, after what was posted has gone out. */
  readonly end: () => void
}

/** Waits for one job, does it, and ends. */
export function startAcquireHost(starter: Starter, profileFiles: ProfileFiles): void {
  const stop = new AbortController()
  let isStarted = false
  starter.listen((message) => {
    switch (message.kind) {
      case 'start':
        if (isStarted) return
        isStarted = true
        void run(starter, message.job, profileFiles, stop.signal)
        return
      case 'stop':
        stop.abort()
        return
      default:
        assertNever(message)
    }
  })
  starter.post({ kind: 'ready' })
}

async function run(starter: Starter, job: AcquireJob, profileFiles: ProfileFiles, signal: AbortSignal): Promise<void> {
  try {
    const result = await acquire({
      job,
      profileFiles,
      operator: { user: userName(), host: hostname() },
      retry: defaultRetry,
      now: () => Date.now(),
      signal,
      progress: (progress) => starter.post({ kind: 'progress', progress }),
      planned: (plan) => starter.post({ kind: 'plan', plan }),
    })
    starter.post({ kind: 'done', result })
  } catch (error) {
    starter.post(failureOf(error, (text) => starter.post({ kind: 'bug', text })))
  }
  starter.end()
}

function failureOf(error: unknown, log: (text: string) => void): Extract<FromAcquireHost, { kind: 'failed' }> {
  if (error instanceof AcquireFailure || error instanceof Refusal)
    return { kind: 'failed', code: error.code, message: visible(error.message) }
  if (error instanceof Error && error.name === 'AbortError')
    return { kind: 'failed', code: 'cancelled', message: STOPPED }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOSPC')
    return { kind: 'failed', code: 'disk-full', message: 'The disk is full. What was fetched stays.' }
  if (code !== undefined && /^E(ACCES|PERM|ROFS|NOTDIR|NOENT)$/.test(code))
    return {
      kind: 'failed',
      code: 'unreadable',
      message: `The folder cannot be written (${code}). Choose another one.`,
    }
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return {
    kind: 'failed',
    code: 'internal',
    message:
      'Something went wrong inside Trailcase. What was fetched stays; run the same again, and report it if it goes on.',
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // An account that the system does not know by name.
    return ''
  }
}
