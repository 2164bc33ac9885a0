import { counted, grouped } from '#shared/base/count.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import type { MenuGroup } from '#renderer/ui/menu.tsx'

type Format = AskOf<'events.export'>['format']

const formats: readonly { readonly id: Format; readonly label: string; readonly extension: string }[] = [
  { id: 'csv', label: 'CSV, safe to open in a spreadsheet', extension: 'csv' },
  { id: 'xlsx', label: 'Excel workbook', extension: 'xlsx' },
  { id: 'jsonl', label: 'JSON lines, the records as they were written', extension: 'jsonl' },
  { id: 'timesketch', label: 'Timesketch timeline', extension: 'csv' },
  { id: 'parquet', label: 'Parquet', extension: 'parquet' },
]

/** Writes the events of the query to a file the person chooses, with the statement of selection beside it. */
export function useExport() {
  const { caseId, header } = useOpenCase()
  const { choose, notify } = useWindow()
  const job = useJob('events.export')
  const write = async (format: (typeof formats)[number]): Promise<void> => {
    const name = `${(header.number || header.title || 'events').replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${format.extension}`
    const [chosen] = await choose({ purpose: 'save', title: 'Where to save the events', suggestedName: name })
    if (!chosen) return
    const { query } = useWorkspace.getState().view
    const reply = await job.start({ caseId, query, format: format.id, grant: chosen.grant })
    if (!reply.ok) {
      if (reply.code !== 'cancelled') notify({ tone: 'trouble', text: reply.message })
      return
    }
    const { rows, files, sidecar, undatedLeftOut } = reply.value
    const left = undatedLeftOut === 0 ? '' : ` ${counted(undatedLeftOut, 'event')} without a readable time left out.`
    notify({
      tone: 'done',
      text: `${counted(rows, 'event')} written to ${files.map((file) => file.name).join(', ')}, with the statement of selection in ${sidecar}.${left}`,
    })
  }
  const groups: readonly MenuGroup[] = [
    {
      id: 'formats',
      heading: 'Write the events of this query',
      actions: formats.map((format) => ({ id: format.id, label: format.label, onAction: () => void write(format) })),
    },
  ]
  const progress = job.state.kind === 'running' ? job.state.progress : undefined
  return {
    groups,
    running: job.state.kind === 'running',
    words: progress ? `Written ${grouped(progress.done)} of ${counted(progress.total, 'event')}` : 'Writing',
    cancel: job.cancel,
  }
}
