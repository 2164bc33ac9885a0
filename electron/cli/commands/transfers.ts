import { InvalidArgumentError, type Command } from 'commander'
import { bytes, counted } from '#shared/base/count.ts'
import { wrongUsage } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { requireExaminer, withCase } from '../session.ts'
import { iso, tableLines } from '../text.ts'

type Options = { form?: number; out?: string; examiner?: string; json?: true }

export function addTransfers(program: Command, { terminal }: Cli): void {
  program
    .command('transfers')
    .description('each time the case changed hands; prints the form of one to sign')
    .argument('<case>', 'the case file')
    .option('--form <entry>', 'the form of this transfer, by its entry of the custody log', entryNumber)
    .option('--out <file>', 'the PDF to write the form to')
    .option('--examiner <name>', 'who prints it, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: Options, command: Command) => {
      const { form, out } = options
      if ((form === undefined) !== (out === undefined)) return wrongUsage(command, '--form and --out belong together.')
      const examiner = form === undefined ? undefined : requireExaminer(terminal, options.examiner)
      return withCase(terminal, path, examiner, async (session, caseId) => {
        if (form !== undefined && out !== undefined) {
          const grant = session.grant(out, 'save')
          const saved = await session.ask('packages.transferForm', { caseId, seq: form, grant })
          return options.json
            ? terminal.json(saved)
            : terminal.line(
                `${saved.name}: ${counted(saved.bytes, 'byte')}, ${counted(saved.pages, 'page')}, SHA-256 ${saved.sha256}`,
              )
        }
        const { transfers } = await session.ask('packages.transfers', { caseId })
        if (options.json)
          return terminal.json({ transfers: transfers.map(({ atMs, ...rest }) => ({ ...rest, time: iso(atMs) })) })
        if (transfers.length === 0)
          return terminal.line('The case has not changed hands: it was never packed or unpacked.')
        const rows = transfers.map((t) => [
          String(t.seq),
          iso(t.atMs),
          t.kind,
          t.from,
          t.to,
          `${t.file} (${bytes(t.bytes)})`,
          t.sha256,
        ])
        const head = ['entry', 'time', 'what', 'from', 'to', 'package', 'SHA-256']
        for (const line of tableLines([head, ...rows], terminal.width)) await terminal.line(line)
      })
    })
}

function entryNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('Write the number of an entry of the custody log, as the list shows it.')
  return Number(text)
}
