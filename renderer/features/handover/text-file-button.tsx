import { FileTrigger } from 'react-aria-components'
import { FileKey } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import { Button } from '#renderer/ui/button.tsx'
import css from './handover.module.css'

/** Keys are some hundred bytes; a file of another size is a slip of the hand. */
const MOST = 65_536

export type TextFile = { readonly name: string; readonly text: string }

type Props = {
  readonly label: string
  /** What is chosen, to be shown beside the button. */
  readonly chosen?: string | undefined
  readonly onText: (file: TextFile) => void
  readonly onTrouble: (words: string) => void
}

/** Reads a small text file (a key) that the person chooses. The window learns what is in it, not where it lies. */
export function TextFileButton({ label, chosen, onText, onTrouble }: Props) {
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return
    if (file.size > MOST) {
      onTrouble(`${visible(file.name)} is too large for a key. Choose the key file itself.`)
      return
    }
    onText({ name: file.name, text: await file.text() })
  }
  return (
    <div className={css['fileLine']}>
      <FileTrigger onSelect={(files) => void read(files?.[0])}>
        <Button icon={FileKey}>{label}</Button>
      </FileTrigger>
      {chosen !== undefined && <span className={css['chosen']}>{visible(chosen)}</span>}
    </div>
  )
}
