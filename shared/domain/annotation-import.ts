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
export const dropReasons = [
  'UNREADABLE',
  'NO_EVENT',
  'NO_ZONE',
  'NO_TIME',
  'NOTHING_SAID',
  /** The event that the row names is not in this case. */
  'NOT_HERE',
  /** Several records of the case have the eventID, and the row does not say which it means. */
  'SEVERAL_EVENTS',
  /** Place and eventID of the row name different events: cells were moved against each other. */
  'OTHER_EVENT',
  'BAD_TAG',
  'TOO_LONG',
] as const
export type DropReason = (typeof dropReasons)[number]

/** Each reason in the words of a list: `12 rows: event not in this case`. */
export const dropReasonWords: Readonly<Record<DropReason, string>> = {
  UNREADABLE: 'unreadable',
  NO_EVENT: 'no event named',
  NO_ZONE: 'time without a zone',
  NO_TIME: 'unreadable time',
  NOTHING_SAID: 'neither tag nor comment',
  NOT_HERE: 'event not in this case',
  SEVERAL_EVENTS: 'eventID of several records',
  OTHER_EVENT: 'place and eventID of different events',
  BAD_TAG: 'a tag that cannot be one',
  TOO_LONG: 'comment too long',
}

export type AnnotationRow =
  | { readonly kind: 'proposal'; readonly proposal: AnnotationProposal }
  | { readonly kind: 'dropped'; readonly dropped: DroppedRow }

export const annotationFileKinds = ['timesketch', 'timesketch-csv', 'csv'] as const
export type AnnotationFileKind = (typeof annotationFileKinds)[number]
