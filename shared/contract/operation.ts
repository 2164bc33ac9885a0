import type { z } from 'zod'

/**
 * One thing the engine (or its host) can be asked. Declared once; handlers, client, command line and documentation are
 * derived from it or tested against it.
 */
export type Operation = {
  /** One line for the documentation: what a person gets. */
  readonly summary: string
  readonly input: z.ZodType
  readonly output: z.ZodType
  /** What is reported while it works, for operations that may take longer than a second. */
  readonly progress?: z.ZodType
  /** Whether it changes the case, and so needs an examiner and leaves a custody entry. */
  readonly changes: boolean
  /** Its form on the command line, or why it has none. */
  readonly cli: { readonly command: string } | { readonly none: string }
}

/** Keeps the exact types of a table of operations while checking its shape. */
export const operationTable = <T extends Record<string, Operation>>(table: T): T => table
