import type { z } from 'zod'
import type { StopSignal } from '../base/stop.ts'
import { acquireOperations } from './acquire.ts'
import { annotationOperations } from './annotations.ts'
import { caseOperations } from './cases.ts'
import { eventOperations } from './events.ts'
import { exchangeOperations } from './exchange.ts'
import { exploreOperations } from './explore.ts'
import { hostOperations } from './host.ts'
import { integrityOperations } from './integrity.ts'
import { mergingOperations } from './merging.ts'
import { readingBackOperations } from './reading-back.ts'
import type { Operation } from './operation.ts'
import { sourceOperations } from './sources.ts'
import { timelineOperations } from './timeline.ts'
import { validationOperations } from './validation.ts'

/** Everything the engine can be asked. The key is the name on every channel; nothing else may invent one. */
export const engineOperations = {
  ...caseOperations,
  ...sourceOperations,
  ...acquireOperations,
  ...eventOperations,
  ...exploreOperations,
  ...annotationOperations,
  ...integrityOperations,
  ...timelineOperations,
  ...exchangeOperations,
  ...mergingOperations,
  ...readingBackOperations,
  ...validationOperations,
} as const
/** The engine's operations and those of the host around it. */
export const operations = { ...hostOperations, ...engineOperations } as const

type Table = typeof operations
export type OperationName = keyof Table
export type EngineOperationName = keyof typeof engineOperations
export type HostOperationName = keyof typeof hostOperations

/** What a handler gets: input after validation, defaults filled in. */
export type InputOf<N extends OperationName> = z.output<Table[N]['input']>
/** What a caller gives: defaults may be left out. */
export type AskOf<N extends OperationName> = z.input<Table[N]['input']>
export type OutputOf<N extends OperationName> = z.output<Table[N]['output']>
export type ProgressOf<N extends OperationName> = Table[N] extends { progress: infer P extends z.ZodType }
  ? z.output<P>
  : never

export type FailureCode =
  | 'bad-input'
  | 'unknown-operation'
  | 'bad-query'
  | 'not-found'
  | 'already-exists'
  | 'not-a-case'
  | 'newer-version'
  | 'damaged'
  | 'locked'
  | 'read-only'
  | 'no-examiner'
  | 'disk-full'
  | 'unreadable'
  | 'cancelled'
  | 'time-limit'
  | 'denied'
  | 'internal'

export type Failure = {
  readonly ok: false
  readonly code: FailureCode
  /** One line: what happened, why, what to do. */
  readonly message: string
  /** For `bad-query`: the place in the text. */
  readonly at?: { readonly start: number; readonly end: number }
}
export type Reply<T> = { readonly ok: true; readonly value: T } | Failure

/** What accompanies a request: a way to stop it and a way to tell how far it is. Node's hosts pass an `AbortSignal`. */
export type Call<P, Signal extends StopSignal> = { readonly signal: Signal; readonly progress: (progress: P) => void }

/** One handler per operation: a missing one does not compile. */
export type HandlersOf<N extends OperationName, Signal extends StopSignal> = {
  readonly [K in N]: (input: InputOf<K>, call: Call<ProgressOf<K>, Signal>) => Promise<OutputOf<K>>
}

/** Asks one operation; the type of the answer follows from its name. */
export type Ask = <N extends OperationName>(
  name: N,
  input: AskOf<N>,
  options?: { readonly signal?: StopSignal; readonly progress?: (progress: ProgressOf<N>) => void },
) => Promise<Reply<OutputOf<N>>>

/** The table as plain operations, for code that walks it. */
export const operationNames = Object.keys(operations) as OperationName[]
export const operationOf = (name: OperationName): Operation => operations[name]
export const isOperationName = (name: string): name is OperationName => Object.hasOwn(operations, name)
