import { useCallback, useState } from 'react'

const PREFIX = 'trailcase.events.'

/** A value as it was kept on this machine; `fallback` where there is none, or none that can be read. */
function remembered<T>(name: string, fallback: T, read: (value: unknown) => T | undefined): T {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? fallback : (read(JSON.parse(text)) ?? fallback)
  } catch {
    return fallback
  }
}

/** State that is kept on this machine. `read` checks what was kept: it may be from another version. */
export function useRemembered<T>(
  name: string,
  fallback: T,
  read: (value: unknown) => T | undefined,
): readonly [T, (value: T) => void] {
  const [value, setValue] = useState(() => remembered(name, fallback, read))
  const keep = useCallback(
    (next: T) => {
      setValue(next)
      try {
        localStorage.setItem(PREFIX + name, JSON.stringify(next))
      } catch {
        // Storage that is full or switched off: the choice holds until the window is closed.
      }
    },
    [name],
  )
  return [value, keep]
}

export const readText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
export const readTexts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined
