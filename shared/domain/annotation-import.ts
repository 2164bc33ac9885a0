/** What a table from another tool says about one event of the case, before anyone accepted it. */
export type AnnotationProposal = {
  /** Line of the file, from 1, the heading included. */
  readonly line: number
  /** How the row names its event. The place in the evidence is exact; an eventID can stand for several copies. */
  readonly event:
    | {
        readonly kind: 'place'
        readonly sourceSha256: string
        readonly ordinal: number
        readonly eventID: string | undefined
      }
    | { readonly kind: 'eventID'; readonly eventID: string }
  readonly tags: readonly string[]
  readonly comment: string
}

/** A row that proposes nothing, and why. Nothing is dropped in silence. */
export type DroppedRow = { readonly line: number; readonly reason: DropReason; readonly detail: string }
export type DropReason = 'UNREADABLE' | 'NO_EVENT' | 'NO_ZONE' | 'NO_TIME' | 'NOTHING_SAID'

export type AnnotationRow =
  | { readonly kind: 'proposal'; readonly proposal: AnnotationProposal }
  | { readonly kind: 'dropped'; readonly dropped: DroppedRow }

export const annotationFileKinds = ['timesketch', 'timesketch-csv', 'csv'] as const
export type AnnotationFileKind = (typeof annotationFileKinds)[number]
