import { create } from 'zustand'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { addressToView, startView, viewToAddress, type Place, type View } from '#shared/domain/view-address.ts'

/** A step in the history of what was looked at; kept so that it can be walked back, and branched. */
type Step = { readonly view: View; readonly atMs: number }

export type Workspace = {
  /** The case that is open, as the engine last described it. */
  readonly open: CaseInfo | null
  readonly view: View
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  /** `UTC`, or the zone of the case. Every time says which. */
  readonly zone: string
  setOpen: (open: CaseInfo | null) => void
  /** Looks at something else; the view before goes to the history. */
  look: (change: Partial<View>) => void
  /** Changes the query; a change of the same kind within a second replaces the step before (typing, dragging). */
  ask: (change: Partial<EventQuery>) => void
  go: (place: Place, about?: string | null) => void
  select: (event: number | null) => void
  back: () => void
  forward: () => void
  setZone: (zone: string) => void
}

const KEPT = 500

/** The one state that all views share: which case, which question, which event, which zone. Results are never kept here. */
export const useWorkspace = create<Workspace>()((set) => ({
  open: null,
  view: location.hash.length > 1 ? addressToView(location.hash) : startView,
  past: [],
  future: [],
  zone: 'UTC',
  setOpen: (open) =>
    set((w) => ({ open, ...(open?.caseId === w.open?.caseId || open === null ? {} : { past: [], future: [] }) })),
  look: (change) => set((w) => step(w, { ...w.view, ...change })),
  ask: (change) => set((w) => step(w, { ...w.view, query: { ...w.view.query, ...change } })),
  go: (place, about = null) => set((w) => step(w, { ...w.view, place, about })),
  select: (event) => set((w) => ({ view: { ...w.view, event } })),
  back: () =>
    set((w) => {
      const last = w.past.at(-1)
      return last ? { view: last.view, past: w.past.slice(0, -1), future: [stepOf(w.view), ...w.future] } : {}
    }),
  forward: () =>
    set((w) => {
      const next = w.future[0]
      return next ? { view: next.view, past: [...w.past, stepOf(w.view)], future: w.future.slice(1) } : {}
    }),
  setZone: (zone) => set({ zone }),
}))

const stepOf = (view: View): Step => ({ view, atMs: Date.now() })

function step(w: Workspace, view: View): Partial<Workspace> {
  if (viewToAddress(view) === viewToAddress(w.view)) return {}
  return { view, past: [...w.past, stepOf(w.view)].slice(-KEPT), future: [] }
}

/** Keeps the address bar and the state the same; gives the function that ends it. */
export function followAddress(): () => void {
  const stop = useWorkspace.subscribe((w) => {
    const hash = `#${viewToAddress(w.view)}`
    if (hash !== location.hash) history.replaceState(null, '', hash)
  })
  const read = () => {
    const view = addressToView(location.hash)
    if (viewToAddress(view) !== viewToAddress(useWorkspace.getState().view)) useWorkspace.getState().look(view)
  }
  addEventListener('hashchange', read)
  return () => {
    stop()
    removeEventListener('hashchange', read)
  }
}

/** The open case, in views that are only shown when there is one. */
export function useOpenCase(): CaseInfo {
  const open = useWorkspace((w) => w.open)
  if (!open) throw new Error('This should not happen: a view of a case is shown while no case is open')
  return open
}
