import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { createContext, use, useCallback, useState, useSyncExternalStore, type ReactNode } from 'react'
import { isAbout } from './ask-key.ts'
import type { Engine, EngineState, OpenWish } from './engine.ts'

const EngineContext = createContext<Engine | null>(null)

const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // The engine is on this machine: whether there is a network says nothing.
        networkMode: 'always',
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // An answer holds until somebody says that the case has changed (`useForget`).
        staleTime: Infinity,
        gcTime: 60_000,
      },
    },
  })

/** Gives the window its engine and the memory of answers. */
export function EngineProvider({ engine, children }: { readonly engine: Engine; readonly children: ReactNode }) {
  const [client] = useState(newQueryClient)
  return (
    <EngineContext value={engine}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </EngineContext>
  )
}

/** The engine, for work that is no question: jobs, dialogs. */
export function useEngine(): Engine {
  const engine = use(EngineContext)
  if (!engine) throw new Error('This should not happen: a component stands outside EngineProvider')
  return engine
}

/** Whether the engine can be asked; draws again when that changes. */
export function useEngineState(): EngineState {
  const { state } = useEngine()
  return useSyncExternalStore(state.subscribe, state.get)
}

/** A case that the person opened from outside the window, and how to say that it was taken up. */
export function useOpenWish(): readonly [wish: OpenWish | null, take: () => void] {
  const { wish, takeWish } = useEngine()
  return [useSyncExternalStore(wish.subscribe, wish.get), takeWish]
}

/** Says that a case has changed: what is on screen about it is asked again, what is only remembered is dropped. */
export function useForget(): (caseId: string) => Promise<void> {
  const client = useQueryClient()
  return useCallback(
    (caseId: string) => client.invalidateQueries({ predicate: (query) => isAbout(query.queryKey, caseId) }),
    [client],
  )
}
