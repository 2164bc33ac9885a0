import { CommanderError } from 'commander'
import { visible } from '#shared/base/visible.ts'
import { protectDashes } from './arguments.ts'
import { CliFailure, exitCodeOf, type ExitCode } from './failure.ts'
import { buildProgram } from './program.ts'
import { Terminal } from './terminal.ts'

/** Runs one command line and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = new Terminal(process.stdout, process.stderr, process.env)
  stopOnSignals(terminal)
  const code = await run(args, terminal)
  await terminal.flush()
  process.exit(code)
}

/** The first signal stops cleanly: what is stored stays. A second one ends the process at once. */
function stopOnSignals(terminal: Terminal): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (terminal.signal.aborted) process.exit(3)
      if (terminal.hasProgress) terminal.say('Stopping; what is stored stays. Press Ctrl-C again to end at once.')
      terminal.stop()
    })
  }
}

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const outcome = { code: 0 as ExitCode }
  try {
    await buildProgram(terminal, outcome).parseAsync(protectDashes(args), { from: 'user' })
    return outcome.code
  } catch (error) {
    if (terminal.pipeClosed) return 0
    return fail(error, args, terminal)
  }
}

async function fail(error: unknown, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  const failure = toFailure(error)
  if (args.includes('--json')) await terminal.json({ error: failure })
  terminal.say(`trailcase: ${failure.message}`)
  if (failure.code === 'internal' && terminal.env['TRAILCASE_DEBUG'] !== undefined)
    terminal.say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCodeOf(failure.code)
}

function toFailure(error: unknown): { code: CliFailure['code']; message: string } {
  if (error instanceof CliFailure) return { code: error.code, message: oneLine(error.message) }
  if (error instanceof CommanderError)
    return {
      code: 'bad-input',
      message: `${oneLine(error.message.replace(/^error: /, ''))} Run trailcase --help, or trailcase COMMAND --help.`,
    }
  return {
    code: 'internal',
    message:
      'Something went wrong inside Trailcase. The case is safe. Set TRAILCASE_DEBUG=1 to see where, and report it.',
  }
}

const oneLine = (text: string): string => visible(text.trim().replace(/\s*\n\s*/g, ' '))
