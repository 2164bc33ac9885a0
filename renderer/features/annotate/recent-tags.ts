import { useCallback, useState } from 'react'
import { tagKey } from '#shared/domain/annotation.ts'

const MOST = 9

/** The list with `name` first; the same tag in another spelling goes. */
export const withRecent = (names: readonly string[], name: string): readonly string[] =>
  [name, ...names.filter((one) => tagKey(one) !== tagKey(name))].slice(0, MOST)

/** The last tags used in a case on this machine, newest first: what the keys 1 to 9 give. */
export function useRecentTags(uuid: string): readonly [readonly string[], (name: string) => void] {
  const key = `trailcase.tags.${uuid}`
  const [names, setNames] = useState<readonly string[]>(() => parseNames(localStorage.getItem(key)))
  const use = useCallback(
    (name: string) =>
      setNames((before) => {
        const next = withRecent(before, name)
        localStorage.setItem(key, JSON.stringify(next))
        return next
      }),
    [key],
  )
  return [names, use]
}

/** Reads what was kept; anything else than a list of texts is nothing. */
export function parseNames(text: string | null): readonly string[] {
  if (text === null) return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}
