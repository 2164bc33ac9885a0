import { useEffect } from 'react'
import { useEngine, useOpenWish } from '#renderer/client/engine-context.tsx'
import { usePackageWish } from '#renderer/client/package-wish.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'

/** Opens what the person opened from outside the window (the file manager, the menu of the desktop program). A package is looked at first. */
export function useWishes(examiner: string | null): void {
  const engine = useEngine()
  const { notify } = useWindow()
  const [wish, take] = useOpenWish()
  useEffect(() => {
    if (!wish) return
    take()
    if (wish.purpose === 'open-package') {
      usePackageWish.getState().show(wish)
      return
    }
    const open = async (): Promise<void> => {
      const before = useWorkspace.getState().open
      if (before?.importing === true) {
        notify({ tone: 'note', text: `An import is running. Stop it before you open ${wish.label}.` })
        return
      }
      const opened = await engine.ask('cases.open', {
        grant: wish.grant,
        ...(examiner !== null && { examiner: { name: examiner } }),
      })
      if (!opened.ok) {
        notify({ tone: 'trouble', text: opened.message })
        return
      }
      useWorkspace.getState().setOpen(opened.value)
      if (before) await engine.ask('cases.close', { caseId: before.caseId })
    }
    void open()
  }, [wish, take, engine, notify, examiner])
}
