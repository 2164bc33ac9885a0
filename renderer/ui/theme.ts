import { useEffect, useState } from 'react'

export type ThemeChoice = 'system' | 'light' | 'dark'

/** Sets the colour scheme of the whole page; `system` follows the machine. */
export function applyTheme(choice: ThemeChoice): void {
  const root = document.documentElement
  if (choice === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = choice
}

/** A number that changes whenever the scheme, the contrast or the pixel density does: what is painted on a canvas depends on it. */
export function useThemeEpoch(): number {
  const [epoch, setEpoch] = useState(0)
  useEffect(() => {
    const bump = (): void => setEpoch((n) => n + 1)
    const queries = [
      '(prefers-color-scheme: dark)',
      '(prefers-contrast: more)',
      `(resolution: ${window.devicePixelRatio}dppx)`,
    ].map((q) => window.matchMedia(q))
    const watcher = new MutationObserver(bump)
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    for (const query of queries) query.addEventListener('change', bump)
    return () => {
      watcher.disconnect()
      for (const query of queries) query.removeEventListener('change', bump)
    }
  }, [])
  return epoch
}

/** The colour of a token such as `--line` as this element sees it, in a form that a canvas takes. */
export function tokenColor(element: HTMLElement, token: string): string {
  const before = element.style.color
  element.style.color = `var(${token})`
  const color = getComputedStyle(element).color
  element.style.color = before
  return color
}
