import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import type { AskOf, OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { dropReasonWords } from '#shared/domain/annotation-import.ts'
import type { Cli } from '../cli.ts'
import { casePath, examinerOf, requireExaminer, requirePaths, withCase } from '../session.ts'

type Columns = NonNullable<AskOf<'annotations.import'>['columns']>
type Options = {
  dryRun?: true
  author?: string
  column?: Columns
  utc?: true
  examiner?: string
  json?: true
}

export function addAnnotate(program: Command, { terminal }: Cli): void {
  program
    .command('annotate')
    .description('reads tags and comments back from a Timesketch file (CSV, JSON lines) or from our own CSV')
    .argument('<case>', 'the case file')
    .argument('<file>', 'the file that came back')
    .option('--dry-run', 'only say what it would add; changes nothing')
    .option('--author <name>', 'who wrote what the file says; stands below each note from it')
    .option(
      '--column <name=heading>',
      'a heading that differs: event, sha256, record, tags, comment or time; may be repeated',
      column,
    )
    .option('--utc', 'times without a zone are UTC; without this, such rows are left out')
    .option('--examiner <name>', 'who works on the case (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, file: string, options: Options) => {
      const { dryRun = false, author = '', column: columns = {} } = options
      const examiner = dryRun ? examinerOf(terminal, options.examiner) : requireExaminer(terminal, options.examiner)
      requirePaths([file])
      return withCase(terminal, path, dryRun ? undefined : examiner, async (session, caseId) => {
        const input = {
          caseId,
          grant: session.grant(file, 'annotations'),
          author,
          columns,
          zoneless: options.utc ? ('utc' as const) : ('refuse' as const),
        }
        const progress = (p: ProgressOf<'annotations.import'>) => terminal.progress(progressText(p))
        const found = dryRun
          ? await session.ask('annotations.importPreview', input, { progress })
          : await session.ask('annotations.import', input, { progress })
        if (options.json) return terminal.json({ case: resolve(casePath(path)), dryRun, ...found })
        for (const line of textOf(found, dryRun)) await terminal.line(line)
      })
    })
}

/** How each column is called on the command line. */
const columnNames: ReadonlyMap<string, keyof Columns> = new Map([
  ['event', 'eventID'],
  ['sha256', 'sourceSha256'],
  ['record', 'ordinal'],
  ['tags', 'tags'],
  ['comment', 'comment'],
  ['time', 'time'],
])

function column(text: string, before: Columns | undefined): Columns {
  const at = text.indexOf('=')
  const name = columnNames.get(text.slice(0, Math.max(0, at)))
  const heading = text.slice(at + 1)
  if (name === undefined || heading === '')
    throw new InvalidArgumentError(
      `Write NAME=HEADING with one of the names ${[...columnNames.keys()].join(', ')}, such as tags=Labels.`,
    )
  return { ...before, [name]: heading }
}

function textOf(found: OutputOf<'annotations.importPreview'>, dryRun: boolean): string[] {
  const { file, sha256, rows, silent, already, tags, bookmarks, notes, left } = found
  const tagged = tags.reduce((sum, { events }) => sum + events, 0)
  const adds = tagged + bookmarks + notes > 0
  return [
    `${adds ? (dryRun ? 'Would add' : 'Added') : 'Nothing to add'} from ${file} (SHA-256 ${sha256}):`,
    `  ${counted(tagged, 'new tag')} on events, ${counted(bookmarks, 'new bookmark')}, ${counted(notes, 'note')} with more text`,
    ...tags.map(({ name, events, isNew }) => `    ${name}${isNew ? ' (a new tag)' : ''}: ${counted(events, 'event')}`),
    `  Of ${counted(rows, 'row')}: ${grouped(already)} in the case already, ${grouped(silent)} without tag and comment, ${grouped(left.total)} not used`,
    ...left.reasons.map(({ reason, count }) => `    ${counted(count, 'row')}: ${dropReasonWords[reason]}`),
    ...left.first.map(({ line, detail }) => `      line ${grouped(line)}: ${detail}`),
    ...(left.first.length < left.total ? [`      … and ${grouped(left.total - left.first.length)} more`] : []),
  ]
}

const progressText = ({ step, done, total }: ProgressOf<'annotations.import'>): string =>
  step === 'reading'
    ? `reading: ${bytes(done)} of ${bytes(total)}`
    : `writing: ${grouped(done)} of ${counted(total, 'tag')}`
