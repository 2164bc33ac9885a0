import type { Command } from 'commander'
import { collect, wholeNumber } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { serveWindow } from '../serve-window.ts'
import { casePath, examinerOf, withSession } from '../session.ts'

type Options = { port: number; root?: readonly string[]; open: boolean; acquire?: true; examiner?: string }

export function addServe(program: Command, { terminal }: Cli): void {
  program
    .command('serve')
    .description('the workbench in a browser, on 127.0.0.1 only; prints the address with its one-time token')
    .argument('[case]', 'the case to open, or a package to look at')
    .option('--port <n>', 'a fixed port; 0 is any free one', wholeNumber(0), 0)
    .option(
      '--root <dir>',
      'a folder the file picker may show; may be repeated (default: home and current folder)',
      collect,
    )
    .option('--no-open', 'print the address only')
    .option('--acquire', 'let this window acquire from S3: the one thing that uses a network')
    .option('--examiner <name>', 'who works here (or TRAILCASE_EXAMINER)')
    .action((path: string | undefined, options: Options) =>
      withSession(
        terminal,
        (session) =>
          serveWindow(session, terminal, {
            start: path === undefined ? null : casePath(path),
            examiner: examinerOf(terminal, options.examiner)?.name ?? null,
            port: options.port,
            roots: options.root,
            opensBrowser: options.open,
            mayAcquire: options.acquire ?? false,
          }),
        { remembers: true },
      ),
    )
}
