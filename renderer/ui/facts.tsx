import type { ReactNode } from 'react'
import css from './facts.module.css'

export type FactsProps = {
  /** `<dt>` and `<dd>` in turn. */
  readonly children: ReactNode
  /** Names the list for a screen reader, and lets the keyboard reach it, for a list in a dialog that has nothing else to reach. */
  readonly label?: string
}

/** What is known of one thing: names on the left, values on the right. Long values wrap without loss. */
export function Facts({ children, label }: FactsProps) {
  return (
    <dl className={css['facts']} {...(label !== undefined && { tabIndex: 0, 'aria-label': label })}>
      {children}
    </dl>
  )
}
