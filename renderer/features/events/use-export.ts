import { counted, grouped } from '#shared/base/count.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import type { NamedIndicator } from '#shared/domain/export.ts'
import { exportFormats } from '#shared/domain/export-formats.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'

export type Format = AskOf<'events.export'>['format']

/** Every shape, the one that most people want first. */
export const formatsOfEvents: readonly Format[] = [
  'xlsx',
  'csv',
  'jsonl',
  'timesketch',
  'timesketch-csv',
  'iris',
  'ocsf',
  'parquet',
  'stix',
  'misp',
]

/** Whether the shape is made of values that somebody confirmed as indicators. */
export const holdsIndicators = (format: Format): boolean => format === 'stix' || format === 'misp'

/** Writes the events of a query to a file the person chooses, with the statement of selection beside it. */
export function useExport() {
  const { caseId, header } = useOpenCase()
  const { choose, notify } = useWindow()
  const job = useJob('events.export')
  const write = async (query: EventQuery, format: Format, indicators: readonly NamedIndicator[]): Promise<void> => {
    const { ending } = exportFormats[format]
    const name = `${(header.number || header.title || 'events').replace(/[^\p{L}\p{N}._-]+/gu, '-')}${ending}`
    const [chosen] = await choose({ purpose: 'save', title: 'Where to save the events', suggestedName: name })
    if (!chosen) return
    const reply = await job.start({ caseId, query, format, indicators: [...indicators], grant: chosen.grant })
    if (!reply.ok) {
      if (reply.code !== 'cancelled') notify({ tone: 'trouble', text: reply.message })
      return
    }
    const { rows, files, sidecar, undatedLeftOut, indicators: seen } = reply.value
    const left = undatedLeftOut === 0 ? '' : ` ${counted(undatedLeftOut, 'event')} without a readable time left out.`
    const [first, exact] = files
    const beside = exact === undefined ? '' : `, the exact records to ${exact.name}`
    const written = format === 'parquet' ? counted(files.length, 'file') : `${first?.name ?? ''}${beside}`
    notify({
      tone: 'done',
      text: `${holdsIndicators(format) ? counted(seen.length, 'indicator') : counted(rows, 'event')} written to ${written}, with the statement of selection in ${sidecar}.${left}`,
    })
  }
  const progress = job.state.kind === 'running' ? job.state.progress : undefined
  return {
    write,
    running: job.state.kind === 'running',
    words: progress ? `Written ${grouped(progress.done)} of ${counted(progress.total, 'event')}` : 'Writing',
    cancel: job.cancel,
  }
}
