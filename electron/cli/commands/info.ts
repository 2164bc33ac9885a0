import { resolve } from 'node:path'
import type { Command } from 'commander'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { Cli } from '../cli.ts'
import { casePath, withCase } from '../session.ts'
import { iso, isoOrNull, tableLines } from '../text.ts'
import { sourceDocument } from './sources.ts'

export function addInfo(program: Command, { terminal }: Cli): void {
  program
    .command('info')
    .description('case data, sources, counts, tool versions')
    .argument('<case>', 'the case file')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: { json?: true }) =>
      withCase(terminal, path, undefined, async (session, caseId) => {
        const info = await session.ask('cases.info', { caseId })
        const { sources } = await session.ask('sources.list', { caseId })
        if (options.json) return terminal.json({ ...caseDocument(path, info), sources: sources.map(sourceDocument) })
        for (const line of tableLines(infoRows(info))) await terminal.line(line)
        for (const source of sources)
          await terminal.line(
            `  source  ${source.path} (${source.mode}, added ${iso(source.addedMs)} by ${source.addedBy})`,
          )
      }),
    )
}

/** A case as JSON: the contract's answer with times as text, and without what only a running engine knows. */
export function caseDocument(path: string, info: CaseInfo): Readonly<Record<string, unknown>> {
  const {
    caseId: _,
    createdMs,
    firstEventMs,
    lastEventMs,
    examiner: __,
    readOnly: ___,
    importing: ____,
    header,
    fileName: _____,
    ...rest
  } = info
  return {
    case: resolve(casePath(path)),
    ...header,
    created: iso(createdMs),
    firstEvent: isoOrNull(firstEventMs),
    lastEvent: isoOrNull(lastEventMs),
    ...rest,
  }
}

function infoRows(info: CaseInfo): string[][] {
  const { header, entries: e, records: r, versions: v } = info
  const range =
    info.firstEventMs === null || info.lastEventMs === null
      ? 'none'
      : `${iso(info.firstEventMs)} to ${iso(info.lastEventMs)}`
  return [
    ['title', header.title],
    ['number', header.number],
    ['marking', header.tlp],
    ['zone', header.zone],
    ['created', iso(info.createdMs)],
    [
      'events',
      `${grouped(info.events)}${info.undated > 0 ? `, ${grouped(info.undated)} of them without a readable time` : ''}`,
    ],
    ['time range', range],
    ['files', fileSum(e)],
    ['records', recordSum(r)],
    [
      'sizes',
      `case file ${bytes(info.size.caseFile)}, evidence ${bytes(info.size.evidence)}, inflated ${bytes(info.size.inflated)}`,
    ],
    [
      'made with',
      `trailcase ${v.trailcase} (${v.commit}), SQLite ${v.sqlite}, Node ${v.node}, case format ${v.schema}`,
    ],
    ['sources', counted(info.sources, 'source')],
  ]
}

/** The ledger of files as a sum that a reader can check. */
export const fileSum = (e: CaseInfo['entries']): string =>
  `${grouped(e.seen)} seen = ${grouped(e.stored)} stored + ${grouped(e.duplicate)} duplicate + ${grouped(e.quarantined)} quarantined + ${grouped(e.ignored)} ignored`

/** The same for records. */
export const recordSum = (r: CaseInfo['records']): string =>
  `${grouped(r.read)} read = ${grouped(r.stored)} stored + ${grouped(r.duplicate)} duplicate + ${grouped(r.conflict)} conflict + ${grouped(r.rejected)} rejected`
