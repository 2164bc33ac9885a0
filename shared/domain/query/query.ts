import type { UtcMs } from '../../base/time.ts'

/** One facet of a question: only (or, with `exclude`, none of) the events whose field has one of these exact values. */
export type FacetFilter = { readonly field: string; readonly values: readonly string[]; readonly exclude: boolean }

/** Oldest first, or newest first. */
export type EventSort = 'eventTime' | '-eventTime'

/**
 * What is asked of a case: the same value in every view, in the address, in history, in what is saved and exported.
 * The parts are combined with AND. `from` is inclusive, `to` is exclusive.
 */
export type EventQuery = {
  /** The query language of `parse.ts`; empty means everything. */
  readonly text: string
  readonly from?: UtcMs | undefined
  readonly to?: UtcMs | undefined
  readonly facets: readonly FacetFilter[]
  readonly sort: EventSort
}

/** Every event, oldest first. */
export const everything: EventQuery = { text: '', facets: [], sort: 'eventTime' }
