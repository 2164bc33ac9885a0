import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** A pause in typing after which a text is written even while the field has the focus. */
const PAUSE_MS = 4000

/**
 * A text while it is typed. It is written when the focus leaves its frame, when the field goes (another tab, another place) or after a pause, not with
 * every letter: each writing is an act in the custody log. `onBlur` belongs on the frame around the field.
 */
export function useDraft(value: string, write: (value: string) => void) {
  const [draft, setDraft] = useState<string | null>(null)
  const typed = useRef<string | null>(null)
  const latest = useRef({ value, write })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useLayoutEffect(() => {
    latest.current = { value, write }
  })
  const flush = useCallback((): void => {
    clearTimeout(timer.current)
    const text = typed.current
    if (text !== null && text !== latest.current.value) latest.current.write(text)
    typed.current = null
  }, [])
  useEffect(() => flush, [flush])
  useEffect(() => {
    if (typed.current === null) setDraft(null)
  }, [value])
  return {
    value: draft ?? value,
    onChange: (text: string): void => {
      typed.current = text
      setDraft(text)
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, PAUSE_MS)
    },
    // What was typed stays in sight until the case says the same, also when it could not be written.
    onBlur: flush,
  }
}
