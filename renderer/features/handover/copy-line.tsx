import { Copy } from 'lucide-react'
import { useWindow } from '#renderer/client/window-services.ts'
import { IconButton } from '#renderer/ui/button.tsx'
import css from './handover.module.css'

/** A hash or a command, whole, with a button that copies it. `what`: said by the button and after copying. */
export function CopyLine({ what, text }: { readonly what: string; readonly text: string }) {
  const { notify } = useWindow()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    notify({ tone: 'done', text: `Copied: ${what}.` })
  }
  return (
    <span className={css['copyLine']}>
      <code>{text}</code>
      <IconButton size="small" icon={Copy} label={`Copy: ${what}`} onPress={() => void copy()} />
    </span>
  )
}
