/** Waits between attempts: exponential, with equal jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export type RetrySetting = { readonly attempts: number; readonly baseMs: number; readonly longestMs: number }

export const defaultRetry: RetrySetting = { attempts: 7, baseMs: 200, longestMs: 20_000 }

/** Milliseconds to wait after attempt `n` (from 1) failed. `random` is in [0, 1). */
export function waitAfter(n: number, setting: RetrySetting, random: number): number {
  const most = Math.min(setting.longestMs, setting.baseMs * 2 ** (n - 1))
  return Math.floor(most * (0.5 + random / 2))
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** When a store says to slow down, all requests wait, not only the one that was told. */
export class SharedPause {
  #until = 0
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  extend(ms: number): void {
    this.#until = Math.max(this.#until, this.#now() + ms)
  }

  async wait(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#until > this.#now()) await pause(this.#until - this.#now(), signal)
  }
}
