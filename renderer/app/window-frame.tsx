import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import {
  WindowServicesContext,
  type Chosen,
  type ChooseWish,
  type WindowServices,
} from '#renderer/client/window-services.ts'
import { PickerDialog } from '#renderer/features/start/picker-dialog.tsx'
import { createToasts, Toasts } from '#renderer/ui/toast.tsx'

type Props = { readonly host: OutputOf<'host.describe'> | null; readonly children: ReactNode }
type Choosing = { readonly wish: ChooseWish; readonly done: (chosen: readonly Chosen[]) => void }

/** What every view finds around it: choosing files, and messages in the corner. */
export function WindowFrame({ host, children }: Props) {
  const engine = useEngine()
  const [toasts] = useState(createToasts)
  const [choosing, setChoosing] = useState<Choosing | null>(null)
  const native = host?.nativeDialogs ?? false

  const choose = useCallback(
    async (wish: ChooseWish): Promise<readonly Chosen[]> => {
      if (!native) return new Promise((done) => setChoosing({ wish, done }))
      const { purpose, suggestedName } = wish
      const picked = await engine.ask('host.pick', { purpose, ...(suggestedName !== undefined && { suggestedName }) })
      if (picked.ok) return picked.value.grants
      toasts.show({ tone: 'trouble', text: picked.message })
      return []
    },
    [engine, native, toasts],
  )
  const services = useMemo<WindowServices>(() => ({ choose, notify: toasts.show }), [choose, toasts])
  useNoDrop(native, services)

  return (
    <WindowServicesContext value={services}>
      {children}
      {choosing && host && (
        <PickerDialog
          wish={choosing.wish}
          roots={host.roots}
          onDone={(chosen) => {
            setChoosing(null)
            choosing.done(chosen)
          }}
        />
      )}
      <Toasts queue={toasts} />
    </WindowServicesContext>
  )
}

/** A dropped file would otherwise replace the window. Neither host learns from a drop where a file lies. */
function useNoDrop(native: boolean, { notify }: WindowServices): void {
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault()
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      if (event.dataTransfer?.types.includes('Files') !== true) return
      notify({
        tone: 'note',
        text: native
          ? 'A drop does not tell where the files lie, and evidence is kept with its place. Choose them in Evidence instead.'
          : 'A browser does not tell where dropped files lie, and evidence is kept with its place. Choose them in Evidence instead.',
      })
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [native, notify])
}
