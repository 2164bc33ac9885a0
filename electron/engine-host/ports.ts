// The part of Electron's message ports that is used here, so that this process needs no Electron module.

type PortEvent = { readonly data: unknown; readonly ports: readonly Port[] }

/** One end of a channel to a window (Electron's `MessagePortMain`). */
export type Port = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: PortEvent) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** The channel to the main process (Electron's `process.parentPort`). */
export type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: PortEvent) => void): unknown
}
