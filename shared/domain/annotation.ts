import { tagShapes, type TagShape } from './report.ts'

/**
 * What examiners say about events: tags, bookmarks, findings and the story. Nothing here is ever overwritten: the values
 * below are what the operations of a case add up to (`electron/engine/annotations`).
 */

/** Who said something, and when (UTC milliseconds). */
export type Authorship = { readonly by: string; readonly atMs: number }

/** Two or more values written without knowledge of each other, after a merge. All stay until somebody chooses. */
export type Conflict = {
  /** `tag:exfil`, `bookmark:<id>`, `finding:<id>`, … */
  readonly target: string
  readonly field: string
  readonly values: readonly (Authorship & { readonly value: unknown; readonly operation: string })[]
}

/** A place in the evidence that names an event in every case: the stored bytes of a file, and the record in it from 0. */
export type EventPlace = { readonly sha256: string; readonly ordinal: number }

export const eventTarget = (place: EventPlace): string => `event:${place.sha256}:${place.ordinal}`

const EVENT_TARGET = /^event:([0-9a-f]{64}):(\d{1,9})$/
export function parseEventTarget(target: string): EventPlace | undefined {
  const match = EVENT_TARGET.exec(target)
  return match ? { sha256: match[1]!, ordinal: Number(match[2]) } : undefined
}

/** The longest tag name, in UTF-16 units. */
export const TAG_NAME_LENGTH = 80

/** Tags are the same when their names differ only in letter case, blanks around them, or the form of their accents. */
export const tagKey = (name: string): string => name.normalize('NFC').trim().toLowerCase()

/** Eight colours, each with a shape of its own, so that tags stay apart in black and white. */
export const tagShape = (colour: number): TagShape => tagShapes[colour % tagShapes.length]!

export type TagDefinition = {
  readonly name: string
  /** 0 to 7; the shape follows from it. */
  readonly colour: number
  /** ATT&CK tactic id such as `TA0010`, or empty. */
  readonly tactic: string
  /** ATT&CK technique ids such as `T1537` or `T1078.004`. */
  readonly techniques: readonly string[]
  readonly description: string
  /** No longer offered; the events that carry it keep it. */
  readonly retired: boolean
}

export type Tag = TagDefinition & {
  /** Events of this case that carry it. */
  readonly events: number
  /** Places that carry it in evidence which this case does not have. */
  readonly elsewhere: number
}

export const attackTactic = /^TA\d{4}$/
export const attackTechnique = /^T\d{4}(\.\d{3})?$/

/** `AR` for A. Rossi: the letters that begin an examiner's exhibit numbers. */
export function examinerInitials(name: string): string {
  const words = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter((word) => word !== '')
  if (words.length === 0) return 'EX'
  if (words.length === 1) return words[0]!.slice(0, 2)
  return words
    .map((word) => word[0]!)
    .slice(0, 4)
    .join('')
}

/** `AR-0007`. */
export const exhibitNumber = (prefix: string, n: number): string => `${prefix}-${String(n).padStart(4, '0')}`

const EXHIBIT = /^([A-Z]{1,4})(\d{0,3})([A-Z]?)-(\d{4,9})$/
export function parseExhibit(
  exhibit: string,
): { readonly prefix: string; readonly digits: number; readonly number: number } | undefined {
  const match = EXHIBIT.exec(exhibit)
  if (!match) return undefined
  const [, letters, digits, letter, number] = match
  return { prefix: `${letters!}${digits!}${letter!}`, digits: Number(digits), number: Number(number) }
}

export type GivenExhibit = { readonly exhibit: string; readonly examiner: string }

/** What marks the numbers of a case that was made from a package: one of these, drawn when it is made. */
export const copyMarks = { least: 100, most: 999 } as const

/**
 * The next exhibit number of an examiner. Numbers are never used again, also when their bookmark was removed or undone: `given`
 * are all that were ever given. An examiner keeps the prefix used before; where another examiner of the case has
 * the same initials, a digit tells them apart (`AR2-0001`).
 *
 * A case made from a package is worked on beside the one it came from, and neither sees which numbers the other gives. So a copy
 * numbers under a mark of its own (`AR417-0001`; `AR417B-0001` for the second A. R. there), and both may merge later
 * without a number being given twice or changed.
 * @param copy 0 in the case that was made first, else the mark of this copy
 */
export function nextExhibit(examiner: string, given: readonly GivenExhibit[], copy = 0): string {
  const all = given.flatMap((one) => {
    const parsed = parseExhibit(one.exhibit)
    return parsed ? [{ ...parsed, examiner: one.examiner }] : []
  })
  const isHere = ({ digits }: { digits: number }) => (copy === 0 ? digits < copyMarks.least : digits === copy)
  const own = all.filter((one) => one.examiner === examiner && isHere(one)).at(-1)?.prefix
  const taken = new Set(all.map((one) => one.prefix))
  const initials = examinerInitials(examiner)
  const nth = (n: number): string => {
    if (copy > 0) return `${initials}${copy}${n === 1 ? '' : String.fromCharCode(64 + Math.min(n, 26))}`
    return n === 1 ? initials : `${initials}${n}`
  }
  let prefix = own ?? nth(1)
  for (let n = 2; own === undefined && taken.has(prefix) && n < copyMarks.least; n++) prefix = nth(n)
  const last = all.reduce((most, one) => (one.prefix === prefix ? Math.max(most, one.number) : most), 0)
  return exhibitNumber(prefix, last + 1)
}

export type Bookmark = Authorship & {
  /** Id of the operation that made it. */
  readonly id: string
  /** Permanent exhibit number. One that was given twice, in two copies of the same file, carries a mark after it: `AR-0001~3f2a`. */
  readonly exhibit: string
  readonly place: EventPlace
  /** As the record names itself, for the time when its evidence is not at hand. */
  readonly eventID: string
  readonly title: string
  /** Small markdown. */
  readonly note: string
}

export const findingKinds = ['fact', 'inference', 'hypothesis'] as const
export type FindingKind = (typeof findingKinds)[number]
export const confidences = ['high', 'medium', 'low'] as const
export type Confidence = (typeof confidences)[number]

export type FindingContent = {
  readonly title: string
  /** Small markdown. */
  readonly statement: string
  readonly kind: FindingKind
  readonly confidence: Confidence
  /** Other explanations of the same events (NIST SP 800-86: report them). */
  readonly alternatives: readonly string[]
  /** Exhibit numbers it stands on. */
  readonly exhibits: readonly string[]
  /** Findings are shown and printed in this order. */
  readonly order: number
}
export type Finding = FindingContent & Authorship & { readonly id: string }

/** One block of the story, in the order in which it is read and printed. */
export type StoryBlock = { readonly id: string } & (
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'finding'; readonly finding: string }
  | { readonly kind: 'exhibit'; readonly exhibit: string; readonly text: string }
  | { readonly kind: 'view'; readonly search: string; readonly text: string }
)

/** What the printed report says beyond the case data, the evidence and the annotations. */
export type ReportTexts = {
  readonly title: string
  /** Small markdown, at most a page. */
  readonly summary: string
  readonly limitations: readonly string[]
  readonly distribution: readonly { readonly name: string; readonly organisation: string; readonly purpose: string }[]
  readonly revisions: readonly {
    readonly number: number
    readonly atMs: number
    readonly by: string
    readonly change: string
  }[]
}

export const emptyReportTexts: ReportTexts = {
  title: '',
  summary: '',
  limitations: [],
  distribution: [],
  revisions: [],
}

/** Sorted record numbers as ranges: `[0,1,2,7]` is `0-2,7`. */
export function rangesOf(sorted: ArrayLike<number>): string {
  let out = ''
  for (let i = 0; i < sorted.length;) {
    let end = i
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end]! + 1) end++
    out += `${out === '' ? '' : ','}${sorted[i]!}${end > i ? `-${sorted[end]!}` : ''}`
    i = end + 1
  }
  return out
}

/** The most records that one file can name; more is nonsense or an attack on memory. */
const MOST_RECORDS = 100_000_000
export type Range = readonly [first: number, last: number]

/** Reads ranges back; `undefined` for text that is not ascending ranges. */
export function parseRanges(text: string): Range[] | undefined {
  const ranges: Range[] = []
  let least = 0
  for (const part of text.split(',')) {
    const dash = part.indexOf('-')
    const first = wholeNumber(dash < 0 ? part : part.slice(0, dash))
    const last = dash < 0 ? first : wholeNumber(part.slice(dash + 1))
    if (first === undefined || last === undefined || first < least || last < first) return undefined
    ranges.push([first, last])
    least = last + 1
  }
  return ranges
}

function wholeNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > 9) return undefined
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return undefined
  const n = Number(text)
  return n < MOST_RECORDS ? n : undefined
}
