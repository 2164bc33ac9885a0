import type { Failure } from './contract.ts'

/**
 * Requests and answers as they travel between window and engine, over a message port or a WebSocket.
 *
 *   ask ->      progress <-   progress <-      done <-  (or failed <-)
 *   cancel ->                                  failed "cancelled" <-
 */
export type ToEngine =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }

export type FromEngine =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }

/** A message from a stranger: anything that is not exactly one of ours is nothing. */
export function parseToEngine(message: unknown): ToEngine | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const m = message as Record<string, unknown>
  if (typeof m['id'] !== 'number' || !Number.isSafeInteger(m['id'])) return undefined
  if (m['kind'] === 'cancel') return { kind: 'cancel', id: m['id'] }
  if (m['kind'] === 'ask' && typeof m['name'] === 'string')
    return { kind: 'ask', id: m['id'], name: m['name'], input: m['input'] }
  return undefined
}
