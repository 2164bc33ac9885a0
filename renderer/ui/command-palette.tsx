import { useState } from 'react'
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField } from 'react-aria-components'
import { Search } from 'lucide-react'
import { Keys } from './kbd.tsx'
import type { KeyCommand } from './keys.ts'
import { useAllCommands } from './use-keys.tsx'
import css from './command-palette.module.css'

export type CommandPaletteProps = { readonly isOpen: boolean; readonly onClose: () => void }

/** Every operation with its key: type a few letters in any order of words, Enter runs it. Reads the key map. */
export function CommandPalette({ isOpen, onClose }: CommandPaletteProps) {
  return (
    <ModalOverlay
      className={css['overlay'] ?? ''}
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className={css['modal'] ?? ''}>
        <Dialog aria-label="Commands" className={css['dialog'] ?? ''} data-keys-rest="">
          <PaletteBody onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Whether every word typed stands somewhere in the text, ignoring case. */
export function matchesWords(text: string, typed: string): boolean {
  const lower = text.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word))
}

function PaletteBody({ onClose }: { readonly onClose: () => void }) {
  const commands = useAllCommands().filter((command) => command.run)
  const [typed, setTyped] = useState('')
  const run = (command: KeyCommand): void => {
    onClose()
    // After the dialog has given the focus back, so that the command may move it.
    setTimeout(() => command.run?.(), 0)
  }
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped} filter={matchesWords}>
      <SearchField aria-label="Find a command" className={css['field'] ?? ''} autoFocus>
        <Search aria-hidden size={15} />
        <Input className={css['input'] ?? ''} placeholder="What do you want to do?" />
      </SearchField>
      <Menu
        aria-label="Commands"
        className={css['menu'] ?? ''}
        items={commands}
        renderEmptyState={() => <p className={css['none']}>No command has these words.</p>}
      >
        {(command) => (
          <MenuItem
            id={command.id}
            textValue={`${command.label} ${command.scope}`}
            className={css['item'] ?? ''}
            onAction={() => run(command)}
          >
            <span className={css['label']}>{command.label}</span>
            <span className={css['scope']}>{command.scope}</span>
            {command.keys[0] !== undefined && <Keys keys={command.keys[0]} />}
          </MenuItem>
        )}
      </Menu>
    </Autocomplete>
  )
}
