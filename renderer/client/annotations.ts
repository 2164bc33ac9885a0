import { useCallback, useMemo } from 'react'
import { create } from 'zustand'
import { counted } from '#shared/base/count.ts'
import type { AskOf, OperationName, OutputOf, Reply } from '#shared/contract/contract.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useEngine, useForget } from './engine-context.tsx'
import { useAsk } from './use-ask.ts'
import { useWindow } from './window-services.ts'
import { useOpenCase, useWorkspace } from './workspace.ts'

/** Rows of the answer to a query, as ordinals from 0. */
export type SelectedRows = {
  readonly query: EventQuery
  readonly ranges: readonly { readonly from: number; readonly to: number }[]
}

type Pointed = {
  /** The event the keyboard stands on in a list, or null. */
  readonly active: number | null
  readonly selected: SelectedRows | null
  /** Told by the list of events. */
  readonly point: (change: Partial<Pick<Pointed, 'active' | 'selected'>>) => void
}

/** Which events `b` and `t` mean. Kept apart from the view: it is no part of what is looked at or shared. */
export const usePointed = create<Pointed>()((set) => ({
  active: null,
  selected: null,
  point: (change) => set(change),
}))

/** Events to be bookmarked or tagged: those selected, else the one the keyboard stands on, else the one whose details are shown. */
export type EventTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'event'; readonly id: number }
  | { readonly kind: 'rows'; readonly rows: SelectedRows; readonly count: number }

export function eventTarget(active: number | null, selected: SelectedRows | null, shown: number | null): EventTarget {
  const count = selected?.ranges.reduce((sum, range) => sum + range.to - range.from, 0) ?? 0
  if (selected && count > 0) return { kind: 'rows', rows: selected, count }
  const id = active ?? shown
  return id === null ? { kind: 'none' } : { kind: 'event', id }
}

export function useEventTarget(): EventTarget {
  const { active, selected } = usePointed()
  const shown = useWorkspace((w) => w.view.event)
  return useMemo(() => eventTarget(active, selected, shown), [active, selected, shown])
}

/** `1 event` or `12 events`, for headings and messages. */
export const targetWords = (target: EventTarget): string =>
  target.kind === 'none' ? 'no event' : counted(target.kind === 'event' ? 1 : target.count, 'event')

const PAGE = 50_000

/** The numbers of the events meant. Long selections are read a page at a time. */
export function useTargetIds(): (target: EventTarget) => Promise<Reply<readonly number[]>> {
  const engine = useEngine()
  const { caseId } = useOpenCase()
  return useCallback(
    async (target) => {
      if (target.kind !== 'rows') return { ok: true, value: target.kind === 'event' ? [target.id] : [] }
      const ids: number[] = []
      for (const { from, to } of target.rows.ranges)
        for (let offset = from; offset < to; offset += PAGE) {
          const limit = Math.min(PAGE, to - offset)
          const reply = await engine.ask('events.find', { caseId, query: target.rows.query, offset, limit, fields: [] })
          if (!reply.ok) return reply
          for (const row of reply.value.rows) ids.push(row.id)
        }
      return { ok: true, value: ids }
    },
    [engine, caseId],
  )
}

/** Operations that change what is said about a case, and how to take the change back. */
type Change = Extract<
  OperationName,
  | 'tags.define'
  | 'bookmarks.set'
  | 'bookmarks.remove'
  | 'findings.set'
  | 'findings.remove'
  | 'story.set'
  | 'searches.save'
  | 'searches.remove'
  | 'report.setTexts'
>

/** What people have said about the case, and ways to say more. After a change every view asks anew. */
export function useAnnotations() {
  const engine = useEngine()
  const forget = useForget()
  const { notify } = useWindow()
  const { caseId } = useOpenCase()
  const state = useAsk('annotations.state', { caseId }).value

  /** Writes a change; a failure is told in the corner and comes back. */
  const change = useCallback(
    async <N extends Change>(name: N, input: Omit<AskOf<N>, 'caseId'>): Promise<Reply<OutputOf<N>>> => {
      const reply = await engine.ask(name, { ...input, caseId } as AskOf<N>)
      if (reply.ok) await forget(caseId)
      else notify({ tone: 'trouble', text: reply.message })
      return reply
    },
    [engine, forget, notify, caseId],
  )

  const undo = useCallback(
    async (act?: string): Promise<void> => {
      const reply = await engine.ask('annotations.undo', act === undefined ? { caseId } : { caseId, act })
      if (!reply.ok) {
        notify({ tone: 'trouble', text: reply.message })
        return
      }
      await forget(caseId)
      notify({
        tone: 'note',
        text: reply.value.undone
          ? `Taken back: ${reply.value.undone.words}`
          : 'There is nothing of yours to take back.',
      })
    },
    [engine, forget, notify, caseId],
  )

  const redo = useCallback(async (): Promise<void> => {
    const reply = await engine.ask('annotations.redo', { caseId })
    if (!reply.ok) {
      notify({ tone: 'trouble', text: reply.message })
      return
    }
    await forget(caseId)
    notify({
      tone: 'note',
      text: reply.value.redone
        ? `Done again: ${reply.value.redone.words}`
        : 'Nothing was taken back that could be done again.',
    })
  }, [engine, forget, notify, caseId])

  return { state, change, undo, redo }
}
