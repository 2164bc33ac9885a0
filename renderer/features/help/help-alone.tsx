import { ArrowLeft } from 'lucide-react'
import { Button } from '#renderer/ui/button.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { HelpView } from './help-view.tsx'
import css from './help.module.css'

/** The manual where no case is open: with the way back to the start screen. */
export function HelpAlone({ onBack }: { readonly onBack: () => void }) {
  useKeyCommands([{ id: 'help-back', label: 'Back to the start screen', keys: ['Escape'], scope: 'Help', run: onBack }])
  return (
    <main className={css['alone']}>
      <div className={css['back']}>
        <Button tone="quiet" icon={ArrowLeft} keys="Escape" onPress={onBack}>
          Start screen
        </Button>
      </div>
      <HelpView />
    </main>
  )
}
