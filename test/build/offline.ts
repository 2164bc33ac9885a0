import { join } from 'node:path'

/** What a command without a network came to: its exit code, and how often anything in it reached out. */
export type Offline = { readonly code: number; readonly attempts: number | undefined }
type Options = { readonly stdio?: 'inherit' | 'ignore'; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv }

/** `build/offline.mjs`, with types. */
export const { runOffline, whyNotOffline } = (await import(join(import.meta.dirname, '../../build/offline.mjs'))) as {
  readonly runOffline: (command: readonly string[], options?: Options) => Promise<Offline>
  readonly whyNotOffline: () => string | undefined
}
