/** What the engine is told by its host: it asks neither the clock nor the file system layout by itself. */
export type EngineSetting = {
  /** UTC milliseconds now. */
  readonly now: () => number
  /** The bundled parsing thread. */
  readonly workerPath: string
  /** Parsing threads; the default leaves one core free. */
  readonly workers?: number
  readonly version: string
  readonly commit: string
  /** Where the sample investigation and other throw-away cases are made. */
  readonly temporaryFolder: string
}
