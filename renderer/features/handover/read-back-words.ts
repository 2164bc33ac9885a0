import { counted, grouped } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'

export type Found = OutputOf<'annotations.importPreview'>

export const taggedEvents = ({ tags }: Pick<Found, 'tags'>): number => tags.reduce((sum, { events }) => sum + events, 0)

/** `12 new tags on events, 3 new bookmarks.`: what a file adds, or that it adds nothing. */
export function readBackSentence(found: Pick<Found, 'tags' | 'bookmarks' | 'notes'>): string {
  const tagged = taggedEvents(found)
  const parts = [
    tagged > 0 && `${counted(tagged, 'new tag')} on events`,
    found.bookmarks > 0 && counted(found.bookmarks, 'new bookmark'),
    found.notes > 0 && `${counted(found.notes, 'note')} with more text`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'Nothing that the case does not have.' : `${parts.join(', ')}.`
}

/** `of 27 rows, 3 are in the case already, 20 say nothing, 1 cannot be used`. */
export const rowsSentence = ({ rows, already, silent, left }: Found): string =>
  `${counted(rows, 'row')}: ${grouped(already)} in the case already, ${grouped(silent)} without tag and comment, ${grouped(left.total)} not used`
