import { useEffect, useState } from 'react'

const keyOf = (uuid: string): string => `sql.draft.${uuid}`

/** The statement in the editor, kept on this machine while one looks elsewhere. */
export function useDraft(uuid: string, first: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => localStorage.getItem(keyOf(uuid)) ?? first)
  useEffect(() => {
    try {
      localStorage.setItem(keyOf(uuid), text)
    } catch {
      // A full or forbidden store: the draft is a convenience.
    }
  }, [uuid, text])
  return [text, setText]
}
