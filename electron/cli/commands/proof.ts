import { extname } from 'node:path'
import type { Command } from 'commander'
import { counted } from '#shared/base/count.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { restoreDashes, wrongUsage } from '../arguments.ts'
import { CliFailure } from '../failure.ts'
import { findEvent } from '../find-event.ts'
import type { Cli } from '../cli.ts'
import { requireExaminer, withCase, type Session } from '../session.ts'

type Subject = AskOf<'proof.card'>['of']
type Options = { file?: string; out?: string; examiner?: string; json?: true }

export function addProof(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('proof')
    .description('the proof card of an event or a file: all that is needed to check it with openssl')
    .argument('<case>', 'the case file')
    .argument('[eventID]', "the eventID, or # and the event's number in the case (_id)")
    .option('--file <path>', 'a file of the evidence instead, by its path as `sources` lists it')
    .option('--out <file>', 'write it to FILE.json or FILE.pdf')
    .option('--examiner <name>', 'who takes it out of the case (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, eventID: string | undefined, options: Options, command: Command) => {
      if ((eventID === undefined) === (options.file === undefined))
        wrongUsage(command, 'give either an eventID or --file PATH')
      const format = options.out === undefined ? undefined : formatOf(command, options.out)
      const examiner = format === undefined ? undefined : requireExaminer(terminal, options.examiner)
      return withCase(terminal, path, examiner, async (session, caseId) => {
        const of = await subjectOf(session, caseId, restoreDashes(eventID), options.file)
        const made = await session.ask('proof.card', { caseId, of })
        if (made.kind === 'unproven') {
          outcome.code = 1
          return options.json ? terminal.json(made) : terminal.line(made.why)
        }
        if (format === undefined) return terminal.json(made.card)
        const grant = session.grant(options.out ?? '', 'save')
        const saved = await session.ask('proof.save', { caseId, of, format, grant })
        if (options.json) return terminal.json(saved)
        await terminal.line(
          `${saved.name}: ${counted(saved.bytes, 'byte')}${saved.pages === null ? '' : `, ${counted(saved.pages, 'page')}`}, SHA-256 ${saved.sha256}`,
        )
      })
    })
}

function formatOf(command: Command, out: string): 'json' | 'pdf' {
  const extension = extname(out).toLowerCase()
  if (extension === '.json') return 'json'
  if (extension === '.pdf') return 'pdf'
  return wrongUsage(command, '--out ends in .json or .pdf')
}

async function subjectOf(
  session: Session,
  caseId: CaseId,
  eventID: string | undefined,
  file: string | undefined,
): Promise<Subject> {
  if (eventID !== undefined) return { event: await findEvent(session, caseId, eventID) }
  const wanted = file ?? ''
  const { files } = await session.ask('sources.files', { caseId, text: wanted, limit: 10_000 })
  const found = files.find((one) => one.path === wanted) ?? (files.length === 1 ? files[0] : undefined)
  if (!found)
    throw new CliFailure(
      'not-found',
      files.length === 0
        ? 'There is no such file in the case. `trailcase sources` lists them.'
        : `${counted(files.length, 'file')} have that in their path. Give the whole path as \`trailcase sources\` lists it.`,
    )
  return { entry: found.id }
}
