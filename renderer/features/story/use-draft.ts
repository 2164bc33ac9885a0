import { useState } from 'react'

/**
 * A text while it is typed. It is written when the focus leaves its frame, not with every letter: each writing is an act in the custody log.
 * `onBlur` belongs on the frame around the field.
 */
export function useDraft(value: string, write: (value: string) => void) {
  const [draft, setDraft] = useState<string | null>(null)
  return {
    value: draft ?? value,
    onChange: setDraft,
    onBlur: (): void => {
      if (draft !== null && draft !== value) write(draft)
      setDraft(null)
    },
  }
}
