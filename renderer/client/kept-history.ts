import type { View } from '#shared/domain/view-address.ts'
import { historyText, readHistoryText, startHistory, visit, type HistoryTree } from './history-tree.ts'

/** How long a history rests before it is written, in ms: a walk through the rows changes it with every row. */
const REST_MS = 500

const keyOf = (uuid: string): string => `trailcase.history.${uuid}`

/** The history of a case as it was left on this machine, going on with the view that is shown. */
export function keptHistory(uuid: string, view: View): HistoryTree {
  const kept = read(keyOf(uuid))
  return kept ? visit(kept, view, Date.now()) : startHistory(view, Date.now())
}

function read(key: string): HistoryTree | undefined {
  try {
    return readHistoryText(localStorage.getItem(key))
  } catch {
    // A forbidden store: the history starts anew.
    return undefined
  }
}

/** Writes the histories it is given, each a moment after it rests, at the latest when the window goes. */
export class HistoryKeeper {
  #next: { readonly uuid: string; readonly history: HistoryTree } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    addEventListener('pagehide', this.flush)
  }

  keep(uuid: string, history: HistoryTree): void {
    if (this.#next && this.#next.uuid !== uuid) this.flush()
    this.#next = { uuid, history }
    this.#timer ??= setTimeout(this.flush, REST_MS)
  }

  flush = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const next = this.#next
    this.#next = undefined
    if (!next) return
    try {
      localStorage.setItem(keyOf(next.uuid), historyText(next.history))
    } catch {
      // A full or forbidden store: the history holds until the window is closed.
    }
  }

  stop(): void {
    this.flush()
    removeEventListener('pagehide', this.flush)
  }
}
