import type { ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'
import css from './states.module.css'

export type EmptyStateProps = {
  readonly icon?: LucideIcon
  /** Why it is empty: `No event matches`. */
  readonly title: string
  /** What that means and what to do. */
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

/** Why there is nothing, and what to do about it. */
export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={css['state']}>
      {Icon && <Icon aria-hidden size={20} strokeWidth={1.5} />}
      <h2 className={css['title']}>{title}</h2>
      {children !== undefined && <div className={css['body']}>{children}</div>}
      {actions !== undefined && <div className={css['actions']}>{actions}</div>}
    </div>
  )
}

export type ErrorStateProps = {
  /** What happened. */
  readonly title: string
  /** What is safe: `Nothing in the case was changed.` */
  readonly safe: string
  /** What to do. */
  readonly advice: string
  /** For a colleague or a bug report: a code, a path. */
  readonly code?: string
  readonly actions?: ReactNode
}

/** What happened, what is safe, what to do. */
export function ErrorState({ title, safe, advice, code, actions }: ErrorStateProps) {
  return (
    <div className={css['trouble']} role="alert">
      <h2 className={css['title']}>{title}</h2>
      <p>{safe}</p>
      <p className={css['body']}>{advice}</p>
      {code !== undefined && <code className={css['code']}>{code}</code>}
      {actions !== undefined && <div className={css['actions']}>{actions}</div>}
    </div>
  )
}

/** Grey bars where text will stand. They appear only after 150 ms, so that a quick answer does not flicker. */
export function Skeleton({ lines = 3, label = 'Loading' }: { readonly lines?: number; readonly label?: string }) {
  return (
    <div className={css['skeleton']} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className={css['bone']} style={{ width: `${[84, 62, 74, 48, 68][i % 5]!}%` }} />
      ))}
    </div>
  )
}
