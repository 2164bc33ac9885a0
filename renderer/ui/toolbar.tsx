import type { ReactNode } from 'react'
import { Toolbar as AriaToolbar } from 'react-aria-components'
import { cx } from './cx.ts'
import css from './toolbar.module.css'

export type ToolbarProps = {
  readonly label: string
  readonly children: ReactNode
  /** Without the hairline below. */
  readonly plain?: boolean
}

/** A row of controls; Tab enters it once, arrow keys move inside. */
export function Toolbar({ label, children, plain = false }: ToolbarProps) {
  return (
    <AriaToolbar aria-label={label} className={cx(css['toolbar'], plain && css['bare'])}>
      {children}
    </AriaToolbar>
  )
}

/** Pushes what follows to the end of a toolbar. */
export const ToolbarSpace = () => <span className={css['space']} />
