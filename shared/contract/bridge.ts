import type { Failure } from './contract.ts'
import type { Grant } from './common.ts'
import type { FromEngine } from './wire.ts'

/**
 * What the desktop window finds as `trailcase` on its global object: one pair of functions, nothing else. Both carry the
 * JSON text of one message, the same text as the frames of the browser host's WebSocket.
 *
 *   window --post(ToEngine)--> engine
 *   window <--listen(FromEngine | HostNotice)-- engine, and the program around it
 */
export type Bridge = {
  /** Sends the JSON of one `ToEngine`. What is posted while no engine is there waits for the next one. */
  readonly post: (text: string) => void
  /** Hears the JSON of every `FromDesktop` from now on, and of those that came before anyone listened. The last listener counts. */
  readonly listen: (listener: (text: string) => void) => void
}

/** What the program around the window tells it unasked. Has no `id`: it answers nothing. */
export type HostNotice =
  /** An engine is there, the first or a new one. A new one has no cases open. */
  | { readonly kind: 'engine-ready' }
  /** The engine ended. What was asked and not answered gets no answer any more; `failure` is the answer to it, in words. */
  | { readonly kind: 'engine-gone'; readonly failure: Failure }
  /**
   * The person opened a case or a package from outside the window: the file manager, the menu, a second start. A package is looked at before anything is
   * made from it.
   */
  | {
      readonly kind: 'open'
      readonly purpose: 'open-case' | 'open-package'
      readonly grant: Grant
      readonly label: string
    }

export type FromDesktop = FromEngine | HostNotice
