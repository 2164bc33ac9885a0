import type { ExitCode } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** What a command gets besides its arguments. */
export type Cli = {
  readonly terminal: Terminal
  /** The exit code of a command that was done. */
  readonly outcome: { code: ExitCode }
}
