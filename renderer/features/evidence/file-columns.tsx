import { bytes, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EvidenceFile } from '#shared/contract/sources.ts'
import type { GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { TimeCell } from '#renderer/ui/time-cell.tsx'
import { timeText } from '#shared/base/zone.ts'
import { kindWord, verdictWords } from './words.ts'
import css from './evidence.module.css'

const time = (ms: number | null): string => (ms === null ? '' : timeText(ms))
const timeColumn = (
  id: string,
  label: string,
  of: (file: EvidenceFile) => number | null,
): GridColumn<EvidenceFile> => ({
  id,
  label,
  width: 170,
  hidden: true,
  text: (file) => time(of(file)),
  render: (file) => {
    const ms = of(file)
    return ms === null ? '' : <TimeCell utc={ms} />
  },
})
const count = (
  id: string,
  label: string,
  of: (file: EvidenceFile) => number,
  hidden = false,
): GridColumn<EvidenceFile> => ({
  id,
  label,
  width: 84,
  align: 'end',
  hidden,
  text: (file) => grouped(of(file)),
})

/** What is shown of each file. */
export const fileColumns: readonly GridColumn<EvidenceFile>[] = [
  {
    id: 'outcome',
    label: 'Outcome',
    width: 96,
    text: (file) => file.outcome,
    render: (file) => <span className={css[file.outcome]}>{file.outcome}</span>,
  },
  {
    id: 'path',
    label: 'Path',
    width: 460,
    growTo: 900,
    mono: true,
    text: (file) => visible(file.path),
    render: (file) => <PathCell path={visible(file.path)} />,
  },
  { id: 'kind', label: 'Kind', width: 124, growTo: 170, text: (file) => kindWord(file.kind) },
  {
    id: 'verdict',
    label: 'Digests say',
    width: 150,
    text: (file) => verdictWords(file.verdict)?.says ?? '',
    render: (file) => {
      const words = verdictWords(file.verdict)
      return words ? <Mark kind={words.mark} word={words.says} /> : ''
    },
  },
  { id: 'reason', label: 'Reason', width: 260, growTo: 420, text: (file) => visible(file.reason ?? '') },
  count('records', 'Records', (file) => file.records.read),
  { id: 'size', label: 'Size', width: 84, align: 'end', text: (file) => bytes(file.size) },
  timeColumn('first', 'First event', (file) => file.firstEventMs),
  timeColumn('last', 'Last event', (file) => file.lastEventMs),
  count('rejected', 'Rejected', (file) => file.records.rejected, true),
  { id: 'source', label: 'Source', width: 200, hidden: true, mono: true, text: (file) => visible(file.source) },
  { id: 'sha256', label: 'SHA-256', width: 460, hidden: true, mono: true, text: (file) => file.sha256 ?? '' },
]

/** A path that gives way in its folders: the name at the end is what tells files apart. */
function PathCell({ path }: { readonly path: string }) {
  const at = path.lastIndexOf('/') + 1
  return (
    <span className={css['pathCell']}>
      <span className={css['folders']}>{path.slice(0, at)}</span>
      <span className={css['name']}>{path.slice(at)}</span>
    </span>
  )
}
