import { resolve } from 'node:path'
import type { Command } from 'commander'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import type { OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { collect } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { casePath, examinerOf, requireExaminer, requirePaths, withCase } from '../session.ts'
import { iso } from '../text.ts'
import { readSecrets, type SecretOptions } from './inspect.ts'

type Options = SecretOptions & { dryRun?: true; examiner?: string; json?: true }

export function addMerge(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('merge')
    .description('merges the evidence and the annotations of a package of the same case')
    .argument('<case>', 'the case file')
    .argument('<file>', 'the package, or its first part')
    .option('--dry-run', 'only say what it would bring; changes nothing')
    .option('--key <pubfile>', 'a public key that you know; may be given several times', collect)
    .option('--identity <file>', 'an age identity that opens it; may be given several times', collect)
    .option('--passphrase-file <file>', 'the passphrase that opens it: the first line of this file')
    .option('--examiner <name>', 'who merges, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, file: string, options: Options) => {
      const { dryRun = false } = options
      const examiner = dryRun ? examinerOf(terminal, options.examiner) : requireExaminer(terminal, options.examiner)
      requirePaths([file])
      return withCase(terminal, path, dryRun ? undefined : examiner, async (session, caseId) => {
        const input = { caseId, grant: session.grant(file, 'open-package'), ...readSecrets(options) }
        const progress = (p: ProgressOf<'packages.merge'>) => terminal.progress(progressText(p))
        const merged = dryRun ? undefined : await session.ask('packages.merge', input, { progress })
        const found = merged ?? (await session.ask('packages.mergePreview', input, { progress }))
        if (merged !== undefined && merged.differing > 0) outcome.code = 1
        if (options.json) {
          if (merged === undefined) return terminal.json({ case: resolve(casePath(path)), dryRun, ...found })
          const { info, ...rest } = merged
          return terminal.json({ case: resolve(casePath(path)), dryRun, events: info.events, ...rest })
        }
        for (const line of textOf(found, merged, resolve(casePath(path)))) await terminal.line(line)
      })
    })
}

type Found = OutputOf<'packages.mergePreview'>
type Merged = OutputOf<'packages.merge'>

function textOf(found: Found, merged: Merged | undefined, path: string): string[] {
  const { evidence, annotations, conflicts, from, signatures } = found
  const signed = signatures.map((s) => (s.state === 'broken' ? s.state : `${s.state} key ${s.fingerprint ?? s.number}`))
  const kinds = annotations.kinds.map(
    ({ kind, added, changed, removed }) =>
      `${kindNames[kind]}: ${grouped(added)} new, ${grouped(changed)} changed, ${grouped(removed)} removed`,
  )
  return [
    found.nothingNew
      ? `The package holds nothing that ${path} does not have.`
      : `${merged ? 'Merged into' : 'Would be merged into'} ${path}:`,
    `  From ${from.examiner}, packed ${iso(from.madeMs)}; ${signed.length === 0 ? 'unsigned: anyone may have made it' : `signed: ${signed.join(', ')}`}`,
    `  Evidence: ${counted(evidence.newFiles, 'new file')}, ${grouped(evidence.knownFiles)} here already; ${counted(evidence.newEntries, 'new line')} in the ledger, ${counted(evidence.sources, 'new source')}`,
    ...(evidence.byHash + evidence.filled > 0
      ? [
          `  Known by hash only: ${counted(evidence.byHash, 'new file')}; ${grouped(evidence.filled)} came with their bytes now`,
        ]
      : []),
    merged
      ? `  ${counted(merged.newEvents, 'new event')}, ${grouped(merged.info.events)} in the case now`
      : `  ${counted(evidence.records, 'record')} in the new files`,
    `  Annotations: ${counted(annotations.operations, 'new act', 'new acts')}, ${grouped(annotations.known)} here already`,
    ...kinds.map((line) => `    ${line}`),
    `  ${counted(conflicts.length, 'conflict')}${conflicts.length === 0 ? '' : '; all values are kept, and the first is shown until somebody chooses:'}`,
    ...conflicts.flatMap(({ what, field, values }) => [
      `    ${what}, ${field}`,
      ...values.map(({ value, by, atMs }) => `      ${by}, ${iso(atMs)}: ${JSON.stringify(value)}`),
    ]),
    ...(merged === undefined || merged.differing === 0
      ? []
      : [
          `  ${counted(merged.differing, 'file')} read otherwise here than where the package was made:`,
          ...merged.differences.map(({ path: file, what }) => `    ${file}: ${what}`),
        ]),
  ]
}

const kindNames: Readonly<Record<Found['annotations']['kinds'][number]['kind'], string>> = {
  bookmark: 'bookmarks',
  tag: 'tags',
  tagged: 'records with a tag',
  finding: 'findings',
  'story block': 'story blocks',
  search: 'saved searches',
  report: 'report texts',
  setting: 'settings',
  case: 'case data',
}

function progressText({ step, done, total }: ProgressOf<'packages.merge'>): string {
  if (step === 'checking') return `checking: ${bytes(done)} of ${bytes(total)}`
  const words = {
    comparing: 'comparing',
    importing: 'importing',
    annotations: 'annotations',
    judging: 'judging digests',
  } as const
  return `${words[step]}: ${grouped(done)} of ${grouped(total)}`
}
