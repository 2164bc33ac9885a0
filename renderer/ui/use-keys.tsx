import { createContext, useContext, useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react'
import { createKeyMap, type KeyCommand, type KeyMap } from './keys.ts'

const KeyMapContext = createContext<KeyMap | undefined>(undefined)

/** Whether this element takes text, so that bare letters are not commands there. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type)
}

/** Holds the window's key map and its one listener. Widgets that use a key themselves call `preventDefault`, and the map leaves it alone. */
export function KeyMapProvider({ children }: { readonly children: ReactNode }) {
  const map = useMemo(createKeyMap, [])
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      // Under an open dialog or menu the page's keys rest.
      if (document.querySelector('[data-keys-rest]')) return
      if (map.handle(event, takesText(event.target))) event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [map])
  return <KeyMapContext value={map}>{children}</KeyMapContext>
}

function useKeyMap(): KeyMap {
  const map = useContext(KeyMapContext)
  if (!map) throw new Error('This should not happen: a widget with keys stands outside KeyMapProvider')
  return map
}

/**
 * Adds these commands while the component is mounted. Labels, keys and scopes are read when `ids` change; what runs is always the
 * newest closure, so callers need not memoise.
 */
export function useKeyCommands(commands: readonly KeyCommand[]): void {
  const map = useKeyMap()
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  const shape = JSON.stringify(
    commands.map(({ id, label, keys, scope, run }) => [id, label, keys, scope, run !== undefined]),
  )
  useEffect(() => {
    const bound = latest.current.map((command): KeyCommand => {
      if (!command.run) return command
      return { ...command, run: () => latest.current.find((now) => now.id === command.id)?.run?.() }
    })
    return map.add(bound)
  }, [map, shape])
}

/** All commands there are now, for the palette and the `?` sheet. */
export function useAllCommands(): readonly KeyCommand[] {
  const map = useKeyMap()
  return useSyncExternalStore(map.subscribe, map.list)
}
