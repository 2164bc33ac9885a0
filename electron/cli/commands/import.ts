import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import type { UtcMs } from '#shared/base/time.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { ImportProgress, ImportResult } from '#shared/contract/sources.ts'
import { collect, time } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import {
  casePath,
  openCase,
  requireExaminer,
  requirePaths,
  withSession,
  type Session,
  type Examiner,
} from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { tableLines } from '../text.ts'
import { fileSum, recordSum } from './info.ts'
import { integrityLines } from './integrity-text.ts'

type Options = {
  keys?: readonly string[]
  signatures?: readonly string[]
  account?: readonly string[]
  region?: readonly string[]
  from?: UtcMs
  to?: UtcMs
  reference?: true
  examiner?: string
  json?: true
}

export function addImport(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('import')
    .description('import evidence (making the case if it is absent), then validate it')
    .argument('<case>', 'the case file')
    .argument('<paths...>', 'folders, files or archives')
    .option('--keys <path>', 'public keys (list-public-keys output, DER or PEM); may be repeated', collect)
    .option('--signatures <path>', 'captured digest signatures (head-object output); may be repeated', collect)
    .option('--account <id>', 'only log files of this account; may be repeated', collect)
    .option('--region <name>', 'only log files of this region; may be repeated', collect)
    .option('--from <time>', 'only log files delivered from this time on', time)
    .option('--to <time>', 'only log files for events before this time', time)
    .option('--reference', 'keep paths and hashes of the originals instead of their bytes')
    .option('--examiner <name>', 'who works on the case (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, paths: readonly string[], options: Options) => {
      const examiner = requireExaminer(terminal, options.examiner)
      const all = [...paths, ...(options.keys ?? []), ...(options.signatures ?? [])]
      requirePaths(all)
      const result = await withSession(terminal, (session) =>
        importInto(session, terminal, path, all, examiner, options),
      )
      if (!result.integrity.clean) outcome.code = 1
      if (options.json) return terminal.json(result)
      for (const line of importLines(result, path)) await terminal.line(line)
    })
}

/** Opens or makes the case and imports; the case stays open in the session. */
export async function importInto(
  session: Session,
  terminal: Terminal,
  path: string,
  paths: readonly string[],
  examiner: Examiner,
  options: Pick<Options, 'account' | 'region' | 'from' | 'to' | 'reference'> = {},
): Promise<ImportResult> {
  const { caseId } = await openOrMake(session, path, examiner)
  return session.ask(
    'sources.import',
    {
      caseId,
      grants: paths.map((one) => session.grant(one, 'evidence')),
      mode: options.reference ? 'reference' : 'copy',
      accounts: [...(options.account ?? [])],
      regions: [...(options.region ?? [])],
      ...(options.from !== undefined && { from: options.from }),
      ...(options.to !== undefined && { to: options.to }),
    },
    { progress: (p) => terminal.progress(progressText(p)) },
  )
}

/** The case at a path, made when there is none. */
export async function openOrMake(session: Session, path: string, examiner: Examiner): Promise<OutputOf<'cases.open'>> {
  const file = casePath(path)
  if (existsSync(file)) return openCase(session, file, examiner)
  return session.ask('cases.create', {
    grant: session.grant(file, 'new-case'),
    header: { title: basename(file).replace(/\.trailcase$/, '') },
    examiner,
  })
}

/** `1,200 of 3,000 files · 41,000 events · 12.0 MB · 40,600 events/s · 8 s left`. */
export function progressText(p: ImportProgress): string {
  const seconds = p.elapsedMs / 1000
  const parts = [
    p.filesTotal === undefined ? counted(p.files, 'file') : `${grouped(p.files)} of ${counted(p.filesTotal, 'file')}`,
    counted(p.events, 'event'),
    bytes(p.bytes),
  ]
  if (p.phase === 'finishing') return [...parts, 'sorting and validating'].join(' · ')
  if (seconds >= 1) parts.push(`${grouped(p.events / seconds)} events/s`)
  if (seconds >= 2 && p.filesTotal !== undefined && p.files > 0 && p.filesTotal > p.files)
    parts.push(`${duration((seconds / p.files) * (p.filesTotal - p.files))} left`)
  return parts.join(' · ')
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}

const MOST_QUARANTINED = 20

/** What an import found, for a person. */
export function importLines(result: ImportResult, path: string): string[] {
  const { quarantine } = result
  const proofs = `${counted(result.digests, 'digest')}, ${counted(result.keys, 'key list')}, ${counted(result.signatures, 'file')} of signatures`
  return [
    `Imported ${counted(result.sources, 'source')} into ${casePath(path)} in ${result.seconds.toFixed(1)} s (${bytes(result.bytes.read)} read, ${bytes(result.bytes.inflated)} inflated).`,
    ...tableLines([
      ['  files', fileSum(result.entries)],
      ['  records', recordSum(result.records)],
      ['  proofs', proofs],
    ]),
    ...(quarantine.length === 0 ? [] : [`Quarantined, kept with the reason (${counted(quarantine.length, 'file')}):`]),
    ...quarantine.slice(0, MOST_QUARANTINED).map((q) => `  ${q.path}: ${q.reason}`),
    ...(quarantine.length > MOST_QUARANTINED
      ? [`  and ${counted(quarantine.length - MOST_QUARANTINED, 'more file')}: trailcase sources ${casePath(path)}`]
      : []),
    ...integrityLines(result.integrity),
  ]
}
