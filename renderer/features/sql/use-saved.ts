import { useCallback } from 'react'
import { everything } from '#shared/domain/query/query.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'

export type SavedSql = { readonly id: string; readonly name: string; readonly sql: string }

/** Statements saved in the case: views whose layout says that they belong to this place. */
export function useSaved() {
  const { caseId } = useOpenCase()
  const engine = useEngine()
  const forget = useForget()
  const { notify } = useWindow()
  const asked = useAsk('searches.list', { caseId })
  const saved: readonly SavedSql[] = (asked.value?.searches ?? []).flatMap(({ id, name, layout }) => {
    const sql = sqlOf(layout)
    return sql === undefined ? [] : [{ id, name, sql }]
  })
  const save = useCallback(
    async (name: string, sql: string): Promise<boolean> => {
      const layout = JSON.stringify({ place: 'sql', sql })
      const reply = await engine.ask('searches.save', { caseId, name, kind: 'view', query: everything, layout })
      notify(
        reply.ok ? { tone: 'done', text: `Saved in the case as “${name}”.` } : { tone: 'trouble', text: reply.message },
      )
      await forget(caseId)
      return reply.ok
    },
    [engine, caseId, notify, forget],
  )
  const remove = useCallback(
    async (id: string): Promise<void> => {
      const reply = await engine.ask('searches.remove', { caseId, id })
      if (!reply.ok) notify({ tone: 'trouble', text: reply.message })
      await forget(caseId)
    },
    [engine, caseId, notify, forget],
  )
  return { saved, save, remove }
}

/** The statement in the layout of a saved view; nothing for the views of other places. */
function sqlOf(layout: string): string | undefined {
  try {
    const value = JSON.parse(layout) as { place?: unknown; sql?: unknown } | null
    return value?.place === 'sql' && typeof value.sql === 'string' ? value.sql : undefined
  } catch {
    return undefined
  }
}
