import { useEffect, useRef } from 'react'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { Engine } from '#renderer/client/engine.ts'
import { useEngine, useEngineState, useForget } from '#renderer/client/engine-context.tsx'
import { useWindow } from '#renderer/client/window-services.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'

/**
 * After the engine was gone and came back: a new one has no cases open, so the case is looked for among the recent ones and
 * opened again with the examiner it had. Where that fails, the window goes back to the start and says so.
 */
export function useReopen(): void {
  const engine = useEngine()
  const state = useEngineState()
  const forget = useForget()
  const { notify } = useWindow()
  const life = state.kind === 'ready' ? state.life : 0
  const seen = useRef(1)
  useEffect(() => {
    const before = useWorkspace.getState().open
    if (life <= seen.current) return
    seen.current = life
    if (!before) return
    const again = async (): Promise<void> => {
      const info = await engine.ask('cases.info', { caseId: before.caseId })
      const found = info.ok ? info.value : info.code === 'not-found' ? await openAgain(engine, before) : null
      useWorkspace.getState().setOpen(found)
      if (found) await forget(found.caseId)
      else
        notify({
          tone: 'trouble',
          text: 'The case could not be opened again by itself. What was stored is safe; open it from the list.',
        })
    }
    void again()
  }, [life, engine, forget, notify])
}

async function openAgain(engine: Engine, before: CaseInfo): Promise<CaseInfo | null> {
  const recent = await engine.ask('host.recent', {})
  if (!recent.ok) return null
  const same = recent.value.cases.find(
    (one) => one.present && one.title === before.header.title && baseName(one.path) === before.fileName,
  )
  if (!same) return null
  const { examiner } = before
  const opened = await engine.ask('cases.open', { grant: same.grant, ...(examiner && { examiner }) })
  if (!opened.ok) return null
  if (opened.value.uuid === before.uuid) return opened.value
  await engine.ask('cases.close', { caseId: opened.value.caseId })
  return null
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
