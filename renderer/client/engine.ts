import type { Ask, Failure } from '#shared/contract/contract.ts'
import type { FromEngine } from '#shared/contract/wire.ts'
import type { HostNotice } from '#shared/contract/bridge.ts'
import type { Observable } from './observable.ts'

/** Whether the engine can be asked. */
export type EngineState =
  /** Not yet: what is asked waits. */
  | { readonly kind: 'connecting' }
  /** `life` counts connections. After the first, cases may be closed: ask `cases.info`, and open again on `not-found`. */
  | { readonly kind: 'ready'; readonly life: number }
  /** What is asked fails with `failure` at once. The connection is tried again by itself. */
  | { readonly kind: 'gone'; readonly failure: Failure }

/** A wish from outside the window: the person double-clicked a case. */
export type OpenWish = Extract<HostNotice, { kind: 'open' }>

/** The engine, whatever stands between it and the window. */
export type Engine = {
  readonly ask: Ask
  readonly state: Pick<Observable<EngineState>, 'get' | 'subscribe'>
  /** The newest wish to open a case, or null; `takeWish` empties it. */
  readonly wish: Pick<Observable<OpenWish | null>, 'get' | 'subscribe'>
  readonly takeWish: () => void
  readonly close: () => void
}

/** A message as it comes from either side; anything else is nothing. */
export function parseIncoming(text: string): FromEngine | HostNotice | undefined {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && 'kind' in message
      ? (message as FromEngine | HostNotice)
      : undefined
  } catch {
    return undefined
  }
}

/** Asks that are made while the engine is gone fail at once instead of waiting for nobody. */
export const guarded =
  (ask: Ask, state: Observable<EngineState>): Ask =>
  (name, input, options) => {
    const now = state.get()
    return now.kind === 'gone' ? Promise.resolve(now.failure) : ask(name, input, options)
  }
