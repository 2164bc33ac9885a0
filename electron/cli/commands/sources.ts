import type { Command } from 'commander'
import { counted } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { EvidenceFile } from '#shared/contract/sources.ts'
import type { Cli } from '../cli.ts'
import { withCase, type Session } from '../session.ts'
import { iso, isoOrNull, tableLines } from '../text.ts'

type Source = OutputOf<'sources.list'>['sources'][number]

export function addSources(program: Command, { terminal }: Cli): void {
  program
    .command('sources')
    .description('every source file with its outcome')
    .argument('<case>', 'the case file')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: { json?: true }) =>
      withCase(terminal, path, undefined, async (session, caseId) => {
        const { sources } = await session.ask('sources.list', { caseId })
        if (options.json) {
          await terminal.write(`{"sources":${JSON.stringify(sources.map(sourceDocument))},"files":[`)
          let first = true
          for await (const files of allFiles(session, caseId)) {
            await terminal.write(
              files.map((file, n) => (first && n === 0 ? '' : ',') + JSON.stringify(fileDocument(file))).join(''),
            )
            first &&= files.length === 0
          }
          return terminal.write(']}\n')
        }
        for (const source of sources)
          await terminal.line(
            `${source.path}: ${counted(source.entries.seen, 'file')}, added ${iso(source.addedMs)} by ${source.addedBy}`,
          )
        let isFirst = true
        for await (const files of allFiles(session, caseId)) {
          const rows = files.map((f) => [
            f.outcome,
            f.kind,
            f.verdict ?? '-',
            String(f.records.stored),
            f.path,
            f.reason ?? '',
          ])
          for (const line of tableLines(
            isFirst ? [['outcome', 'kind', 'verdict', 'events', 'path', 'reason'], ...rows] : rows,
          ))
            await terminal.line(line)
          isFirst = false
        }
      }),
    )
}

const PAGE = 10_000

async function* allFiles(session: Session, caseId: CaseId): AsyncGenerator<readonly EvidenceFile[]> {
  for (let offset = 0; ; offset += PAGE) {
    const { files } = await session.ask('sources.files', { caseId, offset, limit: PAGE })
    if (files.length > 0) yield files
    if (files.length < PAGE) return
  }
}

/** A source as JSON: times as text. */
export function sourceDocument({ addedMs, finishedMs, ...rest }: Source): Readonly<Record<string, unknown>> {
  return { ...rest, added: iso(addedMs), finished: isoOrNull(finishedMs) }
}

function fileDocument({ firstEventMs, lastEventMs, ...rest }: EvidenceFile): Readonly<Record<string, unknown>> {
  return { ...rest, firstEvent: isoOrNull(firstEventMs), lastEvent: isoOrNull(lastEventMs) }
}
