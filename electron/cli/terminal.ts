import { visible } from '#shared/base/visible.ts'
import { Refusal } from '#engine/refusal.ts'

type Stream = NodeJS.WriteStream

/**
 * Where results and messages go, and how a person stops a command. Results go to stdout, everything else to stderr.
 * A reader that went away (`trailcase events … | head`) stops the command quietly.
 */
export class Terminal {
  readonly env: NodeJS.ProcessEnv
  /** Stops the command: Ctrl-C, a closed pipe, or the end of the session. */
  readonly #stop = new AbortController()
  /** True when nobody reads stdout any more. */
  pipeClosed = false
  readonly #out: Stream
  readonly #err: Stream
  #progress = ''

  constructor(out: Stream, err: Stream, env: NodeJS.ProcessEnv) {
    this.#out = out
    this.#err = err
    this.env = env
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      this.pipeClosed = true
      this.stop()
    })
    // Nobody reads the messages: the results may still be wanted.
    err.on('error', () => undefined)
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Stops the command. What is thrown where work notices it is an expected failure, not a bug. */
  stop(): void {
    this.#stop.abort(new Refusal('cancelled', 'Stopped as you asked. What was finished before is kept.'))
  }

  /** The width of the terminal that results go to, or nothing when they go to a file or a pipe. */
  get width(): number | undefined {
    return this.#out.isTTY ? this.#out.columns : undefined
  }

  get hasProgress(): boolean {
    return this.#err.isTTY
  }

  /** Writes a piece of the result, waiting for a slow reader. Text from evidence must have gone through `visible`. */
  async write(piece: string | Uint8Array): Promise<void> {
    if (this.pipeClosed) return
    this.progress('')
    if (this.#out.write(piece)) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#out.off('drain', done)
        this.signal.removeEventListener('abort', done)
        resolve()
      }
      this.#out.once('drain', done)
      this.signal.addEventListener('abort', done, { once: true })
    })
  }

  /** One line of the result; hidden characters are shown. */
  line(text = ''): Promise<void> {
    return this.write(`${visible(text)}\n`)
  }

  /** One JSON value as the whole result. */
  json(value: unknown): Promise<void> {
    return this.write(`${JSON.stringify(value)}\n`)
  }

  /** A message for the person, not part of the result. */
  say(text: string): void {
    this.progress('')
    this.#err.write(`${visible(text)}\n`)
  }

  /** Shows how far the work is, over the line shown before. Nothing where stderr is no terminal. */
  progress(text: string): void {
    if (!this.#err.isTTY || text === this.#progress) return
    this.#progress = text
    this.#err.write(`\r\u001b[K${visible(text).slice(0, Math.max(10, this.#err.columns - 1))}`)
  }

  /** Waits until everything is written. */
  async flush(): Promise<void> {
    this.progress('')
    for (const stream of [this.#out, this.#err]) {
      if (stream.writableLength > 0 && !stream.destroyed)
        await new Promise<void>((done) => stream.write('', () => done()))
    }
  }
}
