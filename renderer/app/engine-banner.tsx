import { Unplug } from 'lucide-react'
import { useEngineState } from '#renderer/client/engine-context.tsx'
import css from './app.module.css'

/** Says that the engine is gone, and why, above everything; what is on screen stays. */
export function EngineBanner() {
  const state = useEngineState()
  if (state.kind !== 'gone') return null
  return (
    <div className={css['gone']} role="alert">
      <Unplug aria-hidden size={15} />
      <span>{state.failure.message}</span>
      <span className={css['trying']}>Trying to connect again</span>
    </div>
  )
}
