import { GridList, GridListItem } from 'react-aria-components'
import { File, Folder } from 'lucide-react'
import { bytes, counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import type { PickerEntry } from './picker-entries.ts'
import css from './picker.module.css'

export type { PickerEntry } from './picker-entries.ts'

type Props = {
  readonly label: string
  readonly entries: readonly PickerEntry[]
  readonly isMultiple: boolean
  readonly selected: ReadonlySet<string>
  readonly onSelected: (names: ReadonlySet<string>) => void
  /** Enter or a double click. */
  readonly onOpen: (entry: PickerEntry) => void
  /** Backspace. */
  readonly onUp: () => void
  readonly filesLeftOut: number
  readonly empty: string
}

const MOST = 1000

/** A folder as a list: arrows and letters move, Shift and Ctrl choose several, Enter opens, Backspace goes up. */
export function PickerList(props: Props) {
  const { label, entries, isMultiple, selected, onSelected, onOpen, onUp, filesLeftOut, empty } = props
  const shown = entries.slice(0, MOST)
  const more = entries.length - shown.length + filesLeftOut
  const byName = new Map(shown.map((entry) => [entry.name, entry]))
  return (
    <div
      className={css['frame']}
      onKeyDown={(event) => {
        if (event.key !== 'Backspace') return
        event.preventDefault()
        onUp()
      }}
    >
      <GridList
        aria-label={label}
        className={css['list'] ?? ''}
        selectionMode={isMultiple ? 'multiple' : 'single'}
        selectionBehavior="replace"
        selectedKeys={selected}
        onSelectionChange={(keys) =>
          onSelected(keys === 'all' ? new Set(byName.keys()) : new Set([...keys].map(String)))
        }
        onAction={(key) => {
          const entry = byName.get(String(key))
          if (entry) onOpen(entry)
        }}
        renderEmptyState={() => <p className={css['empty']}>{empty}</p>}
      >
        {shown.map((entry) => (
          <GridListItem key={entry.name} id={entry.name} textValue={entry.name} className={css['entry'] ?? ''}>
            {entry.kind === 'folder' ? <Folder aria-hidden size={14} /> : <File aria-hidden size={14} />}
            <span className={css['name']}>{visible(entry.name)}</span>
            <span className={css['size']}>{entry.kind === 'file' ? bytes(entry.size) : 'folder'}</span>
            <span className={css['when']}>
              {entry.kind === 'file' ? timeText(entry.modifiedMs - (entry.modifiedMs % 1000)) : ''}
            </span>
          </GridListItem>
        ))}
      </GridList>
      {more > 0 && (
        <p className={css['more']}>
          {counted(more, 'entry', 'entries')} more. Type above to narrow the list, or use the whole folder.
        </p>
      )}
    </div>
  )
}
