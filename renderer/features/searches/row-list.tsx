import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { cx } from '#renderer/ui/cx.ts'
import css from './searches.module.css'

export type Row = {
  readonly id: string
  readonly isCurrent?: boolean
  /** Columns by which the line is moved to the right. */
  readonly depth?: number
  /** What stands in the line; it is the name of its button. */
  readonly children: ReactNode
  readonly onOpen: () => void
  /** Small buttons at the end of the line. */
  readonly tools: ReactNode
  /** Keys that do something with the line, beside Enter. */
  readonly keys?: Readonly<Record<string, () => void>>
}

const MOST_DEPTH = 12

/** Lines that open something: arrows, Home and End move, Enter opens. The current line is brought into view. */
export function RowList({ label, rows }: { readonly label: string; readonly rows: readonly Row[] }) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' })
  }, [])
  const move = (event: KeyboardEvent, n: number): void => {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('[data-line]') ?? [])]
    const act = rows[n]?.keys?.[event.key]
    const to = { ArrowDown: n + 1, ArrowUp: n - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (act) act()
    else if (to !== undefined) buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus()
    else return
    event.preventDefault()
  }
  return (
    <ul ref={list} className={css['list']} aria-label={label}>
      {rows.map((row, n) => (
        <li
          key={row.id}
          className={cx(css['row'], row.isCurrent === true && css['current'])}
          style={{ paddingInlineStart: `${Math.min(MOST_DEPTH, row.depth ?? 0) * 16}px` }}
        >
          <button
            type="button"
            data-line=""
            className={css['line']}
            aria-current={row.isCurrent === true ? 'step' : undefined}
            onClick={row.onOpen}
            onKeyDown={(event) => move(event, n)}
          >
            {row.children}
          </button>
          <span className={css['tools']}>{row.tools}</span>
        </li>
      ))}
    </ul>
  )
}
