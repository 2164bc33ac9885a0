import { tagKey, TAG_NAME_LENGTH } from '#shared/domain/annotation.ts'
import type {
  AnnotationFileKind,
  AnnotationProposal,
  DroppedRow,
  DropReason,
} from '#shared/domain/annotation-import.ts'
import { nameOf } from '../../annotations/annotate.ts'
import type { OpenCase } from '../../open-case.ts'
import { Refusal } from '../../refusal.ts'
import { mergeComment, type Words } from './merge-comment.ts'

/** Text of a note and tags of one row, at most. */
export const NOTE_LENGTH = 200_000
export const TAGS_PER_ROW = 100
/** Each comment on an event without bookmark makes an exhibit: more than this is a mistake, or an attack. */
const MOST_COMMENTS = 10_000
const MOST_COMMENT_TEXT = 64_000_000
const MOST_TAGS = 1000
/** Rows that cannot be used and are listed one by one. */
const LISTED = 100

/** What a bookmark will say: one that is there, or a new one. */
export type PlannedWords = Words & { readonly event: number; readonly bookmark: string | undefined }

/** What reading a file back would add to a case, gathered row by row. */
export class ImportPlan {
  rows = 0
  /** Rows without tag and comment: most of an export. */
  silent = 0
  /** Rows whose tags and comment are there already. */
  already = 0
  readonly left = { total: 0, reasons: new Map<DropReason, number>(), first: [] as DroppedRow[] }
  readonly #open: OpenCase
  readonly #kind: AnnotationFileKind
  readonly #origin: string
  /** By tag key: the name, and event numbers in the order of the rows. */
  readonly #tags = new Map<string, { readonly name: string; readonly events: number[] }>()
  /** By event. */
  readonly #words = new Map<number, PlannedWords>()
  #text = 0
  /** Tags of the case under the form in which a Timesketch CSV writes them. */
  readonly #withoutCommas: ReadonlyMap<string, readonly string[]>

  /** @param origin who wrote the comments and where they come from, for below them */
  constructor(open: OpenCase, kind: AnnotationFileKind, origin: string) {
    this.#open = open
    this.#kind = kind
    this.#origin = origin
    const keys = new Map<string, string[]>()
    for (const { name } of open.annotated.state.tags.values()) {
      const plain = tagKey(name.replaceAll(',', ' '))
      keys.set(plain, [...(keys.get(plain) ?? []), tagKey(name)])
    }
    this.#withoutCommas = keys
  }

  leave(row: DroppedRow): void {
    this.left.total++
    this.left.reasons.set(row.reason, (this.left.reasons.get(row.reason) ?? 0) + 1)
    if (this.left.first.length < LISTED) this.left.first.push(row)
  }

  /** Takes in what a row says about an event. @throws Refusal `bad-input` when the file holds more than anybody could have meant */
  add(event: number, { line, tags, comment }: AnnotationProposal): void {
    const badTag = tags.find((tag) => tag.length > TAG_NAME_LENGTH || /\p{C}/u.test(tag))
    if (badTag !== undefined)
      this.leave({
        line,
        reason: 'BAD_TAG',
        detail: `A tag has more than ${TAG_NAME_LENGTH} characters, or characters that cannot be seen. The rest of the row is used.`,
      })
    const isTagged = tags.filter((tag) => tag !== badTag && this.#addTag(event, tag)).length > 0
    const isWorded = this.#addComment(event, line, comment)
    if (!isTagged && !isWorded && badTag === undefined) this.already++
  }

  #addTag(event: number, tag: string): boolean {
    if (tag.length > TAG_NAME_LENGTH || /\p{C}/u.test(tag)) return false
    const key = tagKey(tag)
    if (key === '' || this.#carries(event, key)) return false
    const planned = this.#tags.get(key) ?? { name: nameOf(this.#open, tag), events: [] }
    if (planned.events.at(-1) === event) return false
    planned.events.push(event)
    this.#tags.set(key, planned)
    if (this.#tags.size > MOST_TAGS)
      throw new Refusal(
        'bad-input',
        `The file has more than ${MOST_TAGS} different tags: is another column than the tags being read? Nothing was changed.`,
      )
    return true
  }

  #carries(event: number, key: string): boolean {
    const keys = this.#kind === 'timesketch-csv' ? [key, ...(this.#withoutCommas.get(key) ?? [])] : [key]
    return keys.some((one) => this.#open.annotated.tagged.get(one)?.has(event - 1) === true)
  }

  #addComment(event: number, line: number, comment: string): boolean {
    if (comment === '') return false
    const { annotated, examiner } = this.#open
    const planned = this.#words.get(event)
    const there = annotated.bookmarksOf(event)
    if (there.length > 1 && mergeComment(annotated.wordsOf(event), comment, this.#origin) === undefined) return false
    if (there.some((bookmark) => mergeComment(bookmark, comment, this.#origin) === undefined)) return false
    const bookmark = there.find(({ by }) => by === examiner?.name) ?? there[0]
    const words = mergeComment(planned ?? bookmark, comment, this.#origin)
    if (words === undefined) return false
    if (words.note.length > NOTE_LENGTH) {
      this.leave({ line, reason: 'TOO_LONG', detail: `A note has at most ${NOTE_LENGTH} characters.` })
      return true
    }
    this.#text += words.note.length - (planned?.note.length ?? 0)
    this.#words.set(event, { ...words, event, bookmark: bookmark?.id })
    if (this.#words.size > MOST_COMMENTS || this.#text > MOST_COMMENT_TEXT)
      throw new Refusal(
        'bad-input',
        `The file has more than ${MOST_COMMENTS} new comments, or more text than a case can show. Each would become an exhibit: leave only the rows that somebody wrote something about. Nothing was changed.`,
      )
    return true
  }

  /** New tags on events, each with event numbers ascending and once. */
  tags(): readonly { readonly name: string; readonly events: Uint32Array }[] {
    return [...this.#tags.values()].map(({ name, events }) => ({
      name,
      events: Uint32Array.from(new Set(events)).sort(),
    }))
  }

  /** Words of bookmarks that change, and of new ones, in the order of the rows. */
  words(): readonly PlannedWords[] {
    return [...this.#words.values()]
  }
}
