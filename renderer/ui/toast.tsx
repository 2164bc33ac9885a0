import { useSyncExternalStore } from 'react'
import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'
import css from './toast.module.css'

export type ToastTone = 'done' | 'note' | 'trouble'

export type Toast = {
  readonly id: number
  readonly tone: ToastTone
  readonly text: string
  /** Such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

export type ToastQueue = {
  readonly show: (toast: Omit<Toast, 'id'>) => void
  readonly dismiss: (id: number) => void
  readonly list: () => readonly Toast[]
  readonly subscribe: (listener: () => void) => () => void
}

const LASTS_MS = 8000
const MOST = 4

/** Short messages at the corner. Trouble stays until it is read; the rest goes after 8 s. At most four stand at once, the oldest goes first. */
export function createToasts(): ToastQueue {
  let toasts: readonly Toast[] = []
  let next = 1
  const listeners = new Set<() => void>()
  const change = (list: readonly Toast[]): void => {
    toasts = list
    for (const listener of listeners) listener()
  }
  const dismiss = (id: number): void => change(toasts.filter((toast) => toast.id !== id))
  return {
    show: (toast) => {
      const id = next++
      change([...toasts, { ...toast, id }].slice(-MOST))
      if (toast.tone !== 'trouble') setTimeout(() => dismiss(id), LASTS_MS)
    },
    dismiss,
    list: () => toasts,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const ICONS = { done: CircleCheck, note: Info, trouble: TriangleAlert }

/** Draws a queue; one per window. */
export function Toasts({ queue }: { readonly queue: ToastQueue }) {
  const toasts = useSyncExternalStore(queue.subscribe, queue.list)
  return (
    <div className={css['region']} role="status" aria-live="polite" aria-label="Messages">
      {toasts.map((toast) => {
        const Icon = ICONS[toast.tone]
        const { action } = toast
        return (
          <div key={toast.id} className={cx(css['toast'], css[toast.tone])}>
            <Icon aria-hidden size={15} />
            <span className={css['text']}>{toast.text}</span>
            {action && (
              <button
                type="button"
                className={css['action']}
                onClick={() => {
                  action.run()
                  queue.dismiss(toast.id)
                }}
              >
                {action.label}
              </button>
            )}
            <IconButton label="Dismiss" icon={X} size="small" onPress={() => queue.dismiss(toast.id)} />
          </div>
        )
      })}
    </div>
  )
}
