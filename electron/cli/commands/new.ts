import type { Command } from 'commander'
import { tlp as tlpLevels } from '#shared/contract/common.ts'
import { CliFailure } from '../failure.ts'
import type { Cli } from '../cli.ts'
import { casePath, requireExaminer, withSession } from '../session.ts'
import { caseDocument } from './info.ts'

type Options = { title?: string; number?: string; zone?: string; tlp?: string; examiner?: string; json?: true }

export function addNew(program: Command, { terminal }: Cli): void {
  program
    .command('new')
    .description('make an empty case')
    .argument('<case>', 'the case file to make')
    .option('--title <text>', 'title of the case')
    .option('--number <text>', 'case number')
    .option('--zone <zone>', 'display zone beside UTC, such as Europe/Berlin')
    .option('--tlp <level>', 'RED, AMBER+STRICT, AMBER, GREEN or CLEAR')
    .option('--examiner <name>', 'who works on the case (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, options: Options) => {
      const examiner = requireExaminer(terminal, options.examiner)
      const header = {
        ...(options.title !== undefined && { title: options.title }),
        ...(options.number !== undefined && { number: options.number }),
        ...(options.zone !== undefined && { zone: zoneOf(options.zone) }),
        ...(options.tlp !== undefined && { tlp: tlpOf(options.tlp) }),
      }
      await withSession(terminal, async (session) => {
        const info = await session.ask('cases.create', {
          grant: session.grant(casePath(path), 'new-case'),
          header,
          examiner,
        })
        if (options.json) return terminal.json(caseDocument(casePath(path), info))
        return terminal.line(`Made ${casePath(path)}. Next: trailcase import ${casePath(path)} PATH…`)
      })
    })
}

function zoneOf(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new CliFailure(
      'bad-input',
      `There is no time zone ${zone}. Write a name of the IANA list, such as Europe/Berlin or UTC.`,
    )
  }
}

function tlpOf(level: string) {
  const parsed = tlpLevels.safeParse(`TLP:${level.toUpperCase().replace(/^TLP:/, '')}`)
  if (!parsed.success)
    throw new CliFailure('bad-input', `There is no TLP level ${level}. Write RED, AMBER+STRICT, AMBER, GREEN or CLEAR.`)
  return parsed.data
}
