import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '#test/architecture/cruise.ts'

export const program = join(root, 'dist/node/trailcase.cjs')

export type Run = { readonly code: number | null; readonly out: Buffer; readonly text: string; readonly err: string }
export type RunOptions = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly examiner?: string | null
}

/** Starts the built program as a person's shell would. No display, its own data folder, an examiner unless it is null. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const { examiner = 'A. Rossi' } = options
  const { DISPLAY: _, WAYLAND_DISPLAY: __, TRAILCASE_EXAMINER: ___, ...env } = process.env
  return spawn(process.execPath, [program, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: {
      ...env,
      XDG_DATA_HOME: dataHome,
      ...(examiner !== null && { TRAILCASE_EXAMINER: examiner }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export const dataHome = mkdtempSync(join(tmpdir(), 'trailcase-data-'))

/** Runs the program to its end. */
export function trailcase(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return finished(start(args, options))
}

export function finished(child: ChildProcess): Promise<Run> {
  return new Promise((resolve) => {
    const out: Buffer[] = []
    let err = ''
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.on('close', (code) => {
      const bytes = Buffer.concat(out)
      resolve({ code, out: bytes, text: bytes.toString('utf8'), err })
    })
  })
}

/** Runs with `--json` and gives the one JSON value on stdout. */
export async function json(args: readonly string[], options: RunOptions = {}): Promise<unknown> {
  const run = await trailcase([...args, '--json'], options)
  if (run.code !== 0 && run.code !== 1) throw new Error(`exit ${run.code ?? 'none'}: ${run.err}`)
  return JSON.parse(run.text)
}
