import { Option, type Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { CoverageLane } from '#shared/contract/integrity.ts'
import type { ImportResult } from '#shared/contract/sources.ts'
import { collect } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { requireExaminer, requirePaths, withCase, type Session } from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { isoOrNull, tableLines } from '../text.ts'
import { progressText } from './import.ts'
import { integrityLines } from './integrity-text.ts'

type Unit = 'day' | 'hour' | 'minute'
type Options = {
  keys?: readonly string[]
  signatures?: readonly string[]
  coverage?: Unit | true
  acquisition?: true
  examiner?: string
  json?: true
}

export function addIntegrity(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('integrity')
    .description('what the digests prove; --keys and --signatures are added to the case and checked at once')
    .argument('<case>', 'the case file')
    .option('--keys <path>', 'public keys to add (list-public-keys output, DER or PEM); may be repeated', collect)
    .option('--signatures <path>', 'captured digest signatures to add (head-object output); may be repeated', collect)
    .addOption(
      new Option('--coverage [unit]', 'where digests vouch for what was delivered, by account and region').choices([
        'day',
        'hour',
        'minute',
      ]),
    )
    .option('--acquisition', 'print the commands that copy what offline validation needs, and nothing else')
    .option('--examiner <name>', 'who adds keys or signatures (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: Options) => {
      const proofs = [...(options.keys ?? []), ...(options.signatures ?? [])]
      requirePaths(proofs)
      const examiner = proofs.length > 0 ? requireExaminer(terminal, options.examiner) : undefined
      return withCase(terminal, path, examiner, async (session, caseId) => {
        if (options.acquisition) return acquisition(session, terminal, caseId, options.json === true)
        const summary = await judged(session, terminal, caseId, proofs)
        if (!summary.clean) outcome.code = 1
        const lanes = options.coverage === undefined ? undefined : await coverage(session, caseId, options.coverage)
        if (options.json) return terminal.json(lanes ? { ...summary, coverage: lanes.map(laneDocument) } : summary)
        for (const line of integrityLines(summary)) await terminal.line(line)
        for (const line of lanes ? coverageLines(lanes) : []) await terminal.line(line)
      })
    })
}

async function judged(
  session: Session,
  terminal: Terminal,
  caseId: CaseId,
  proofs: readonly string[],
): Promise<ImportResult['integrity']> {
  if (proofs.length === 0) return (await session.ask('integrity.summary', { caseId })).summary
  const { added, summary } = await session.ask(
    'integrity.addProofs',
    { caseId, grants: proofs.map((one) => session.grant(one, 'evidence')) },
    { progress: (p) => terminal.progress(progressText(p)) },
  )
  const { seen, duplicate } = added.entries
  if (added.keys + added.signatures + duplicate === 0)
    terminal.say(`No public keys and no signatures were found in ${counted(seen, 'file')}; nothing was added.`)
  return summary
}

async function acquisition(session: Session, terminal: Terminal, caseId: CaseId, asJson: boolean): Promise<void> {
  const { place, places, commands } = await session.ask('integrity.help', { caseId })
  return asJson ? terminal.json({ place, places, commands }) : terminal.write(commands)
}

async function coverage(session: Session, caseId: CaseId, unit: Unit | true): Promise<readonly CoverageLane[]> {
  const { lanes } = await session.ask('integrity.coverage', { caseId, unit: unit === true ? 'auto' : unit })
  return lanes
}

function coverageLines(lanes: readonly CoverageLane[]): string[] {
  const hours = (seconds: number): string => (seconds / 3600).toFixed(1)
  const sum = (lane: CoverageLane, state: 'proven' | 'listed' | 'broken'): string =>
    hours(lane.cells.reduce((n, cell) => n + cell.seconds[state], 0))
  return [
    'Coverage in hours. An hour without a digest is not proof of silence.',
    ...tableLines([
      [
        'account',
        'region',
        'proven',
        'listed',
        'broken',
        'log files',
        'gaps',
        'first event',
        'last event',
        'first delivery',
        'last delivery',
      ],
      ...lanes.map((lane) => [
        lane.account,
        lane.region,
        sum(lane, 'proven'),
        sum(lane, 'listed'),
        sum(lane, 'broken'),
        grouped(lane.cells.reduce((n, cell) => n + cell.files, 0)),
        String(lane.gaps.length),
        isoOrNull(lane.firstEventMs) ?? '-',
        isoOrNull(lane.lastEventMs) ?? '-',
        isoOrNull(lane.firstDeliveryMs) ?? '-',
        isoOrNull(lane.lastDeliveryMs) ?? '-',
      ]),
    ]),
  ]
}

/** A lane as JSON: times as text. */
function laneDocument(lane: CoverageLane): Readonly<Record<string, unknown>> {
  return {
    account: lane.account,
    region: lane.region,
    firstEvent: isoOrNull(lane.firstEventMs),
    lastEvent: isoOrNull(lane.lastEventMs),
    firstDelivery: isoOrNull(lane.firstDeliveryMs),
    lastDelivery: isoOrNull(lane.lastDeliveryMs),
    gaps: lane.gaps.map(({ fromMs, toMs, ...gap }) => ({ from: isoOrNull(fromMs), to: isoOrNull(toMs), ...gap })),
    cells: lane.cells.map(({ atMs, state, seconds, files, damaged, missing, ...times }) => ({
      at: isoOrNull(atMs),
      state,
      seconds,
      files,
      damaged,
      missing,
      firstEvent: isoOrNull(times.firstEventMs),
      lastEvent: isoOrNull(times.lastEventMs),
      firstDelivery: isoOrNull(times.firstDeliveryMs),
      lastDelivery: isoOrNull(times.lastDeliveryMs),
    })),
  }
}
