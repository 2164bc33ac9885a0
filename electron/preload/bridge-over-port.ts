import type { Bridge, HostNotice } from '#shared/contract/bridge.ts'

/** The window's end of a channel to the engine. */
export type EnginePort = {
  postMessage(text: string): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  close(): void
}

/** The longest message that the engine reads, in UTF-16 units. */
const MOST_LENGTH = 4_000_000
/** Messages kept while there is no engine, or nobody listens. */
const MOST_WAITING = 1000

/**
 * The pair of functions that the window is given, over a port that changes when the engine starts anew. `hear` takes what
 * main says; the port of a new engine comes with `engine-ready`.
 */
export function bridgeOverPort(): {
  readonly bridge: Bridge
  readonly hear: (notice: HostNotice, port?: EnginePort) => void
} {
  let port: EnginePort | undefined
  let listener: ((text: string) => void) | undefined
  let unsent: string[] = []
  let unheard: string[] = []

  const deliver = (text: string): void => {
    if (listener) listener(text)
    else if (unheard.length < MOST_WAITING) unheard.push(text)
  }
  const change = (next: EnginePort | undefined): void => {
    if (port) {
      port.onmessage = null
      port.close()
    }
    port = next
    if (next) next.onmessage = ({ data }) => (typeof data === 'string' ? deliver(data) : undefined)
  }

  return {
    bridge: Object.freeze({
      post: (text: string) => {
        if (typeof text !== 'string' || text.length > MOST_LENGTH)
          throw new TypeError('A message is a text of at most 4,000,000 characters.')
        if (port) port.postMessage(text)
        else if (unsent.length < MOST_WAITING) unsent.push(text)
        else throw new Error('Too many messages wait for the engine.')
      },
      listen: (hears: (text: string) => void) => {
        if (typeof hears !== 'function') throw new TypeError('A listener is a function.')
        listener = hears
        const missed = unheard
        unheard = []
        for (const text of missed) hears(text)
      },
    }),
    hear: (notice, next) => {
      if (next || notice.kind === 'engine-gone') change(next)
      deliver(JSON.stringify(notice))
      if (!next) return
      const waiting = unsent
      unsent = []
      for (const text of waiting) next.postMessage(text)
    },
  }
}
