import type { EngineOperationName, HostOperationName, Reply } from '#shared/contract/contract.ts'

/**
 * What the main process and the engine's process say to each other over the engine's parent port. The window is no part
 * of it: its requests come over a port of their own.
 *
 *   main                              engine host
 *        <------------- ready
 *        window + port ------------->          serves that window until its port closes
 *        <------------- host, spend            what only main knows: dialogs, and the paths behind grants
 *        reply --------------------->
 *        stop ---------------------->          cancels, closes the cases
 *        <------------- stopped
 */
export type ToEngineHost =
  | { readonly kind: 'window' }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply<unknown> }
  | { readonly kind: 'stop' }

export type FromEngineHost =
  | { readonly kind: 'ready' }
  /** A `host.*` operation that the window asked. */
  | { readonly kind: 'host'; readonly id: number; readonly name: HostOperationName; readonly input: unknown }
  /** The paths behind grants, which are spent by it; the reply is a list in the same order. */
  | {
      readonly kind: 'spend'
      readonly id: number
      readonly operation: EngineOperationName
      readonly grants: readonly string[]
    }
  | { readonly kind: 'opened'; readonly path: string; readonly title: string; readonly number: string }
  /** A bug inside the engine, with its stack, for the people who mend it. */
  | { readonly kind: 'bug'; readonly text: string }
  | { readonly kind: 'stopped' }

/** What the engine's process is given at its start, as JSON in its one argument. */
export type EngineHostSetting = {
  readonly version: string
  readonly commit: string
  readonly temporaryFolder: string
}
