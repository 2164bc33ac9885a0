import { useWorkspace } from '#renderer/client/workspace.ts'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { placeHelp } from './place-help.ts'
import { placeEntries } from './places.tsx'

type Props = { readonly onPalette: () => void; readonly onKeys: () => void; readonly onSearch: () => void }

/**
 * The keys that work everywhere. Stands first in the window, so that its commands come first in the palette and a place may
 * take a key over while it is shown.
 */
export function ShellKeys({ onPalette, onKeys, onSearch }: Props) {
  const { back, forward, select, go } = useWorkspace.getState()
  useKeyCommands([
    ...placeEntries.map(({ id, label, letter }) => ({
      id: `go-${id}`,
      label: `Go to ${label}`,
      keys: [`g ${letter}`],
      scope: 'Places',
      run: () => go(id),
    })),
    { id: 'palette', label: 'Find a command', keys: ['Mod+k'], scope: 'Everywhere', run: onPalette },
    { id: 'help', label: 'Help about what is shown', keys: ['F1'], scope: 'Everywhere', run: openHelp },
    { id: 'keys', label: 'Show the keys', keys: ['?'], scope: 'Everywhere', run: onKeys },
    { id: 'search', label: 'Search', keys: ['/'], scope: 'Everywhere', run: onSearch },
    {
      id: 'back',
      label: 'Back to what was looked at before',
      keys: ['[', 'Alt+ArrowLeft'],
      scope: 'Everywhere',
      run: back,
    },
    { id: 'forward', label: 'Forward again', keys: [']', 'Alt+ArrowRight'], scope: 'Everywhere', run: forward },
    { id: 'close-details', label: 'Close the details', keys: ['Escape'], scope: 'Everywhere', run: () => select(null) },
  ])
  return null
}

/** The manual, at what it says about the place that is shown. */
function openHelp(): void {
  const { view, go } = useWorkspace.getState()
  if (view.place !== 'help') go('help', placeHelp[view.place])
}
