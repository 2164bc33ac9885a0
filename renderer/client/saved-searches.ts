import { useCallback, useMemo } from 'react'
import type { OutputOf, Reply } from '#shared/contract/contract.ts'
import { everything } from '#shared/domain/query/query.ts'
import { savedTarget, sqlLayout, viewLayout, type SavedTarget } from '#shared/domain/saved-view.ts'
import type { View } from '#shared/domain/view-address.ts'
import { useAnnotations } from './annotations.ts'
import { useEngine } from './engine-context.tsx'
import { useAsk } from './use-ask.ts'
import { useWindow } from './window-services.ts'
import { useOpenCase, useWorkspace } from './workspace.ts'

type SavedSearch = OutputOf<'searches.list'>['searches'][number]
/** A search, a view or a statement that was saved in the case, and what it opens. */
export type Saved = SavedSearch & { readonly target: SavedTarget }

/** What was saved in the case under a name, latest first, and what can be done with it. */
export function useSavedSearches() {
  const { caseId, readOnly } = useOpenCase()
  const engine = useEngine()
  const { notify } = useWindow()
  const { change, undo } = useAnnotations()
  const asked = useAsk('searches.list', { caseId })
  const list = useMemo<readonly Saved[] | undefined>(
    () =>
      asked.value &&
      [...asked.value.searches]
        .sort((a, b) => b.atMs - a.atMs)
        .map((search) => ({ ...search, target: savedTarget(search) })),
    [asked.value],
  )

  /** Saves a question alone, or the whole view: place, question, range, what it is about and the selected event. */
  const saveView = useCallback(
    async (name: string, note: string, view: View, whole: boolean): Promise<boolean> => {
      const selected = whole && view.event !== null ? await engine.ask('events.get', { caseId, id: view.event }) : null
      const layout = whole ? viewLayout(view, selected?.ok === true ? selected.value.eventID : undefined) : ''
      const kind = whole ? 'view' : 'search'
      const reply = await change('searches.save', { name, note, kind, query: view.query, layout })
      return told(reply, notify, `Saved in the case as “${name}”.`)
    },
    [engine, caseId, change, notify],
  )

  const saveSql = useCallback(
    async (name: string, sql: string): Promise<boolean> => {
      const reply = await change('searches.save', { name, kind: 'view', query: everything, layout: sqlLayout(sql) })
      return told(reply, notify, `Saved in the case as “${name}”.`)
    },
    [change, notify],
  )

  const rename = useCallback(
    async ({ id, kind, query, layout, note }: Saved, name: string): Promise<boolean> =>
      told(await change('searches.save', { id, name, kind, query, layout, note }), notify, `Renamed to “${name}”.`),
    [change, notify],
  )

  const remove = useCallback(
    async ({ id, name }: Saved): Promise<void> => {
      const reply = await change('searches.remove', { id })
      if (!reply.ok) return
      const after = await engine.ask('annotations.state', { caseId })
      const act = after.ok ? after.value.undo?.act : undefined
      notify({
        tone: 'done',
        text: `Removed “${name}” from the case.`,
        ...(act !== undefined && { action: { label: 'Undo', run: () => void undo(act) } }),
      })
    },
    [engine, caseId, change, notify, undo],
  )

  return {
    list,
    failure: asked.failure,
    again: asked.again,
    isReadOnly: readOnly !== null,
    saveView,
    saveSql,
    rename,
    remove,
  }
}

function told(reply: Reply<unknown>, notify: ReturnType<typeof useWindow>['notify'], text: string): boolean {
  if (reply.ok) notify({ tone: 'done', text })
  return reply.ok
}

/** Where a saved statement stands in the address: `/sql?about=saved:ID`. */
const SAVED_SQL = 'saved:'
export const savedSqlId = (about: string | null): string | undefined =>
  about?.startsWith(SAVED_SQL) === true ? about.slice(SAVED_SQL.length) : undefined

/** Opens what was saved exactly as it was: place, question, range and selected event; a statement in the console. */
export function useOpenSaved(): (saved: Pick<Saved, 'id' | 'target'>) => Promise<void> {
  const { caseId } = useOpenCase()
  const engine = useEngine()
  const { notify } = useWindow()
  return useCallback(
    async ({ id, target }) => {
      const { look, go } = useWorkspace.getState()
      if (target.kind === 'sql') {
        go('sql', `${SAVED_SQL}${id}`)
        return
      }
      const { view, eventID } = target
      if (view.event === null || eventID === undefined) {
        look(view)
        return
      }
      // Events of a case made from a package may have other numbers: CloudTrail's id says which one was meant.
      const found = await engine.ask('events.locate', { caseId, eventID })
      const ids = found.ok ? found.value.ids : []
      const event = ids.includes(view.event) ? view.event : (ids[0] ?? null)
      if (event === null)
        notify({ tone: 'note', text: `The event that was selected (${eventID}) is not in the evidence of this case.` })
      look({ ...view, event })
    },
    [engine, caseId, notify],
  )
}
