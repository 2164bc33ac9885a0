import { useState, type ReactNode } from 'react'
import { FolderInput } from 'lucide-react'
import { cx } from './cx.ts'
import css from './drop-zone.module.css'

export type DropZoneProps = {
  readonly title: string
  /** What may be dropped. */
  readonly hint: string
  /** The dropped files as the browser hands them over; the caller turns them into grants. */
  readonly onDrop: (transfer: DataTransfer) => void
  /** Buttons to pick instead. */
  readonly actions?: ReactNode
}

/** A place to drop files and folders, with buttons that do the same. */
export function DropZone({ title, hint, onDrop, actions }: DropZoneProps) {
  const [depth, setDepth] = useState(0)
  return (
    <div
      role="group"
      aria-label={title}
      className={cx(css['zone'], depth > 0 && css['over'])}
      onDragEnter={(event) => {
        event.preventDefault()
        setDepth((n) => n + 1)
      }}
      onDragOver={(event) => event.preventDefault()}
      onDragLeave={() => setDepth((n) => Math.max(0, n - 1))}
      onDrop={(event) => {
        event.preventDefault()
        setDepth(0)
        onDrop(event.dataTransfer)
      }}
    >
      <FolderInput aria-hidden size={20} strokeWidth={1.5} />
      <p className={css['title']}>{title}</p>
      <p className={css['hint']}>{hint}</p>
      {actions !== undefined && <div className={css['actions']}>{actions}</div>}
    </div>
  )
}
