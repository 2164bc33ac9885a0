/**
 * The key map: every operation that has a key, told once. The window's one listener, the command palette and the `?` sheet
 * all read this list, so that what is written is what works.
 *
 * Keys are written as a person presses them: `j`, `Z` (with Shift), `?`, `ArrowDown`, `Escape`, `Mod+k` (Ctrl, or Command
 * on a Mac), `Mod+Shift+z`, `Alt+ArrowLeft`, and sequences with a blank between: `g e`.
 */
export type KeyCommand = {
  readonly id: string
  readonly label: string
  readonly keys: readonly string[]
  /** Where it works, as a heading in the sheet: `Everywhere`, `List`, `Histogram`. */
  readonly scope: string
  /** Absent for keys that a widget handles by itself and that are only listed. */
  readonly run?: () => void
}

/** What is needed of a keyboard event; DOM's `KeyboardEvent` fits. */
export type KeyStroke = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  /** ms, any origin. */
  readonly timeStamp: number
}

export type KeyMap = {
  /** Adds commands and gives the function that takes them away again. Of two with one key, the later wins: inner scopes come last. */
  readonly add: (commands: readonly KeyCommand[]) => () => void
  /** All commands, in the order they were added. The same array until something changes. */
  readonly list: () => readonly KeyCommand[]
  readonly subscribe: (listener: () => void) => () => void
  /** Runs the command of this stroke, if there is one; says whether the stroke was used (also as the start of a sequence). */
  readonly handle: (stroke: KeyStroke, typing: boolean) => boolean
}

const SEQUENCE_MS = 1200
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta'])

/** The stroke as it is written in the map. Shift is named only together with Mod or Alt, or with a key that has a name. */
export function keyName(stroke: KeyStroke): string {
  const mod = stroke.ctrlKey || stroke.metaKey
  const named = stroke.key.length > 1
  const shift = stroke.shiftKey && (named || mod || stroke.altKey)
  const key = stroke.key === ' ' ? 'Space' : mod || stroke.altKey ? lowered(stroke.key) : stroke.key
  return `${mod ? 'Mod+' : ''}${stroke.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`
}

const lowered = (key: string): string => (key.length === 1 ? key.toLowerCase() : key)

/** An empty key map. */
export function createKeyMap(): KeyMap {
  let commands: readonly KeyCommand[] = []
  let pending: { readonly keys: string; readonly at: number } | undefined
  const listeners = new Set<() => void>()
  const change = (next: readonly KeyCommand[]): void => {
    commands = next
    for (const listener of listeners) listener()
  }

  const find = (keys: string): KeyCommand | undefined =>
    commands.findLast((command) => command.run && command.keys.includes(keys))
  const starts = (keys: string): boolean =>
    commands.some((command) => command.run && command.keys.some((k) => k.startsWith(`${keys} `)))

  return {
    add: (added) => {
      change([...commands, ...added])
      return () => change(commands.filter((command) => !added.includes(command)))
    },
    list: () => commands,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    handle: (stroke, typing) => {
      if (MODIFIERS.has(stroke.key)) return false
      const name = keyName(stroke)
      // In a text field a bare letter is text; Alt+letter may be a character of the layout. F1 to F12 are neither.
      if (typing && !name.startsWith('Mod+') && !/^F\d+$/.test(name)) return false
      const follows = pending && stroke.timeStamp - pending.at < SEQUENCE_MS ? `${pending.keys} ${name}` : undefined
      pending = undefined
      const command = (follows === undefined ? undefined : find(follows)) ?? find(name)
      if (command?.run) {
        command.run()
        return true
      }
      if (starts(name)) pending = { keys: name, at: stroke.timeStamp }
      return pending !== undefined
    },
  }
}

const SYMBOLS = new Map([
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
  ['Escape', 'Esc'],
  ['PageUp', 'PgUp'],
  ['PageDown', 'PgDn'],
])

/** The caps to draw for a key: `Mod+Shift+z` gives `Ctrl`, `Shift`, `Z` (`⌘` on a Mac); the keys of a sequence follow each other. */
export function keyCaps(keys: string, mac = false): readonly string[] {
  return keys.split(' ').flatMap((stroke) => {
    // The plus key itself: `+` or `Mod++`.
    const parts = stroke.endsWith('+') ? [...stroke.slice(0, -1).split('+').filter(Boolean), '+'] : stroke.split('+')
    const combined = parts.length > 1
    return parts.map((part) => {
      if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
      return SYMBOLS.get(part) ?? (combined && part.length === 1 ? part.toUpperCase() : part)
    })
  })
}
