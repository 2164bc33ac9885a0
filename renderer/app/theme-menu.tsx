import { useState } from 'react'
import { SunMoon } from 'lucide-react'
import { IconButton } from '#renderer/ui/button.tsx'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { applyTheme, type ThemeChoice } from '#renderer/ui/theme.ts'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { rememberedTheme, rememberTheme } from './remembered.ts'

const CHOICES: readonly { readonly id: ThemeChoice; readonly label: string; readonly command: string }[] = [
  { id: 'system', label: 'As the system', command: 'Light or dark as the system' },
  { id: 'light', label: 'Light', command: 'Light colours' },
  { id: 'dark', label: 'Dark', command: 'Dark colours' },
]

/** Light, dark, or as the system is; kept on this machine. */
export function ThemeMenu() {
  const [theme, setTheme] = useState(rememberedTheme)
  const choose = (choice: ThemeChoice): void => {
    setTheme(choice)
    rememberTheme(choice)
    applyTheme(choice)
  }
  useKeyCommands(
    CHOICES.map(({ id, command }) => ({
      id: `theme-${id}`,
      label: command,
      keys: [],
      scope: 'Look',
      run: () => choose(id),
    })),
  )
  return (
    <MenuButton
      label="Colours"
      groups={[
        {
          id: 'colours',
          actions: CHOICES.map(({ id, label }) => ({ id, label, isOn: id === theme, onAction: () => choose(id) })),
        },
      ]}
    >
      <IconButton label="Colours" icon={SunMoon} />
    </MenuButton>
  )
}
