import type { GapReason } from '#shared/domain/integrity.ts'
import type { IntegrityFacts, VisualTimeline } from '#shared/domain/report.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'

export type ReportScope =
  | { readonly kind: 'bookmarks' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'query'; readonly query: EventQuery }

/** What a person asks to have printed. */
export type ReportWish = {
  readonly scope: ReportScope
  /** A report is final only when nobody asked for a draft and the case says who is responsible for it. */
  readonly draft: boolean
  readonly sort: 'eventTime' | '-eventTime'
  /** Time of printing, UTC milliseconds: the same case, wish and time give the same bytes. */
  readonly printedMs: number
  /** Whether the draft certificate for FRE 902(13)/(14) is added. */
  readonly certificate: boolean
}

/** What was checked for this report. */
export type ReportChecks = {
  readonly integrity: IntegrityFacts
  /** Result of hashing each original again, for the evidence list. */
  readonly byOriginal: ReadonlyMap<number, 'match' | 'differs' | 'unreadable'>
  readonly gaps: readonly {
    readonly account: string
    readonly region: string
    readonly fromMs: number
    readonly toMs: number
    readonly reason: GapReason
  }[]
  /** What digests vouch for, from the first to the last moment asked for. */
  readonly coverage: (fromMs: number, toMs: number) => VisualTimeline['coverage']
}
