import { create } from 'zustand'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import {
  amend,
  back,
  canGoForward,
  current,
  forward,
  jump,
  startHistory,
  visit,
  type HistoryTree,
} from './history-tree.ts'
import { HistoryKeeper, keptHistory } from './kept-history.ts'
import { addressToView, startView, viewToAddress, type Place, type View } from '#shared/domain/view-address.ts'

export type Workspace = {
  /** The case that is open, as the engine last described it. */
  readonly open: CaseInfo | null
  readonly view: View
  /** What was looked at, with its branches; kept on this machine by case. */
  readonly history: HistoryTree
  /** `UTC`, or the zone of the case. Every time says which. */
  readonly zone: string
  setOpen: (open: CaseInfo | null) => void
  /** Looks at something else; the view before stays in the history. */
  look: (change: Partial<View>) => void
  /** Changes the query. Changes of the range alone that follow within a second (a wheel, a drag) are one step. */
  ask: (change: Partial<EventQuery>) => void
  go: (place: Place, about?: string | null) => void
  select: (event: number | null) => void
  back: () => void
  forward: () => void
  /** Shows a step of the history, by its id. */
  walkTo: (step: number) => void
  setZone: (zone: string) => void
}

const ONE_STEP_MS = 1000
const firstView = (): View => (location.hash.length > 1 ? addressToView(location.hash) : startView)

/** The one state that all views share: which case, which question, which event, which zone. Results are never kept here. */
export const useWorkspace = create<Workspace>()((set) => ({
  open: null,
  view: firstView(),
  history: startHistory(firstView(), Date.now()),
  zone: 'UTC',
  setOpen: (open) =>
    set((w) => ({
      open,
      ...(open === null || open.uuid === w.open?.uuid ? {} : { history: keptHistory(open.uuid, w.view) }),
    })),
  look: (change) => set((w) => moved(visit(w.history, { ...w.view, ...change }, Date.now()))),
  ask: (change) => set((w) => moved(asked(w, change))),
  go: (place, about = null) => set((w) => moved(visit(w.history, { ...w.view, place, about }, Date.now()))),
  select: (event) => set((w) => moved(amend(w.history, { ...w.view, event }))),
  back: () => set((w) => moved(back(w.history))),
  forward: () => set((w) => moved(forward(w.history))),
  walkTo: (step) => set((w) => moved(jump(w.history, step))),
  setZone: (zone) => set({ zone }),
}))

const moved = (history: HistoryTree): Partial<Workspace> => ({ history, view: current(history).view })

let ranged = { step: 0, atMs: -Infinity }

function asked({ history, view }: Workspace, change: Partial<EventQuery>): HistoryTree {
  const now = Date.now()
  const next = { ...view, query: { ...view.query, ...change } }
  const isRange = Object.keys(change).every((key) => key === 'from' || key === 'to')
  const goesOn = isRange && ranged.step === history.at && now - ranged.atMs < ONE_STEP_MS && !canGoForward(history)
  const after = goesOn ? amend(history, next) : visit(history, next, now)
  if (isRange) ranged = { step: after.at, atMs: now }
  return after
}

/** Keeps the history of the open case on this machine; gives the function that ends it. */
function keepHistory(): () => void {
  const keeper = new HistoryKeeper()
  const unsubscribe = useWorkspace.subscribe((w, before) => {
    if (w.open && w.history !== before.history) keeper.keep(w.open.uuid, w.history)
  })
  return () => {
    unsubscribe()
    keeper.stop()
  }
}

/** Keeps the address bar, the kept history and the state the same; gives the function that ends it. */
export function followAddress(): () => void {
  const stopKeeping = keepHistory()
  const stop = useWorkspace.subscribe((w, before) => {
    // Only a view that changed: else another change would take back an address that was just typed and is not read yet.
    if (w.view === before.view) return
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
    stopKeeping()
    removeEventListener('hashchange', read)
  }
}

/** The open case, in views that are only shown when there is one. */
export function useOpenCase(): CaseInfo {
  const open = useWorkspace((w) => w.open)
  if (!open) throw new Error('This should not happen: a view of a case is shown while no case is open')
  return open
}
