import { Dialog } from './dialog.tsx'
import { Keys } from './kbd.tsx'
import { useAllCommands } from './use-keys.tsx'
import css from './key-sheet.module.css'

export type KeySheetProps = { readonly isOpen: boolean; readonly onClose: () => void }

/** The `?` sheet: all keys that work now, by where they work. Reads the key map. */
export function KeySheet({ isOpen, onClose }: KeySheetProps) {
  const commands = useAllCommands().filter((command) => command.keys.length > 0)
  const scopes = [...new Set(commands.map((command) => command.scope))]
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose} width="wide">
      <div className={css['sheet']}>
        {scopes.map((scope) => (
          <section key={scope} className={css['scope']}>
            <h3 className={css['title']}>{scope}</h3>
            <dl>
              {commands
                .filter((command) => command.scope === scope)
                .map((command) => (
                  <div key={command.id} className={css['line']}>
                    <dt>{command.label}</dt>
                    <dd className={css['keys']}>
                      {command.keys.map((keys, i) => (
                        <span key={keys} className={css['one']}>
                          {i > 0 && <span className={css['or']}>or</span>}
                          <Keys keys={keys} />
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
