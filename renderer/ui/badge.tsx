import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import css from './badge.module.css'

export type BadgeTone = 'plain' | 'accent' | 'good' | 'warn' | 'danger' | 'info'

/** A word in a hairline frame: a state, a class, a version. Colour only where it means something. */
export function Badge({ children, tone = 'plain' }: { readonly children: ReactNode; readonly tone?: BadgeTone }) {
  return <span className={cx(css['badge'], css[tone])}>{children}</span>
}
