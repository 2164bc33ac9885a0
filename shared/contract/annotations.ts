import { z } from 'zod'
import { attackTactic, attackTechnique, confidences, findingKinds, TAG_NAME_LENGTH } from '../domain/annotation.ts'
import { caseId, eventQuery, grant, utc } from './common.ts'
import { eventId } from './events.ts'
import { operationTable } from './operation.ts'

const words = z.string().max(1000)
const prose = z.string().max(200_000)
const exhibit = z.string().min(1).max(60)
const id = z.string().min(1).max(100)
const authorship = { by: z.string(), atMs: z.number() }

const tagDefinition = {
  /** 0 to 7; the shape follows from it (`tagShape`). */
  colour: z.int().min(0).max(7),
  tactic: z.union([z.literal(''), z.string().regex(attackTactic, 'is no ATT&CK tactic id; write it like TA0010')]),
  techniques: z
    .array(z.string().regex(attackTechnique, 'is no ATT&CK technique id; write it like T1537 or T1078.004'))
    .max(20),
  description: prose,
  /** No longer offered; the events that carry it keep it. */
  retired: z.boolean(),
}
const tagName = z
  .string()
  .trim()
  .min(1)
  .max(TAG_NAME_LENGTH)
  .refine((name) => !/\p{C}/u.test(name), 'holds characters that cannot be seen')
const tag = z.object({
  name: z.string(),
  ...tagDefinition,
  /** Events of this case that carry it. */
  events: z.int(),
  /** Places that carry it in evidence which is not in this case. */
  elsewhere: z.int(),
})

const place = z.object({ sha256: z.string(), ordinal: z.int() })
const bookmark = z.object({
  id: z.string(),
  exhibit: z.string(),
  title: z.string(),
  note: z.string(),
  place,
  eventID: z.string(),
  /** The event in this case; null when its evidence is not here. */
  event: z
    .object({
      id: z.int(),
      timeMs: z.number().nullable(),
      eventName: z.string().nullable(),
      eventSource: z.string().nullable(),
      principal: z.string().nullable(),
    })
    .nullable(),
  ...authorship,
})
export type BookmarkShown = z.infer<typeof bookmark>

const findingContent = {
  title: words,
  statement: prose,
  kind: z.enum(findingKinds),
  confidence: z.enum(confidences),
  alternatives: z.array(prose).max(100),
  exhibits: z.array(exhibit).max(10_000),
  order: z.number(),
}
const finding = z.object({ id: z.string(), ...findingContent, ...authorship })

const storyBlock = z.discriminatedUnion('kind', [
  z.object({ id, kind: z.literal('prose'), text: prose }),
  z.object({ id, kind: z.literal('finding'), finding: id }),
  z.object({ id, kind: z.literal('exhibit'), exhibit, text: prose }),
  z.object({ id, kind: z.literal('view'), search: id, text: prose }),
])

const savedSearch = z.object({
  id: z.string(),
  name: words,
  kind: z.enum(['search', 'view']),
  query: eventQuery,
  layout: z.string().max(20_000),
  note: prose,
  ...authorship,
})

/** One field that was written on both sides without knowledge of the other: all values stay until somebody chooses. */
export const conflict = z.object({
  /** `bookmark:<id>`, `tag:exfil`, `finding:<id>`, `block:<id>`, `search:<id>`, `report`, `setting`, `case`. */
  target: z.string(),
  field: z.string(),
  /** The object in words: `bookmark AR-0001`, `finding "Keys were stolen"`. Text of people: show it as text. */
  what: z.string(),
  /** Latest first: the first is the one that is shown until somebody chooses. */
  values: z.array(z.object({ value: z.unknown(), operation: z.string(), ...authorship })).readonly(),
})

/** What undo or redo would take back, in words. */
const offered = z.object({ act: z.string(), words: z.string(), atMs: z.number() }).nullable()

export const annotationState = z.object({
  tags: z.array(tag),
  bookmarks: z.array(bookmark),
  findings: z.array(finding),
  story: z.array(storyBlock),
  searches: z.array(savedSearch),
  conflicts: z.array(conflict),
  logViews: z.boolean(),
  undo: offered,
  redo: offered,
})
export type AnnotationStateShown = z.infer<typeof annotationState>

const changed = z.object({
  /** Events whose state changed, and those of the selection that were so already. */
  changed: z.int(),
  already: z.int(),
  act: z.string().nullable(),
})
const selection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('events'), ids: z.array(eventId).min(1).max(1_000_000) }),
  z.object({ kind: z.literal('query'), query: eventQuery }),
])
const work = z.object({ phase: z.enum(['finding', 'writing']), done: z.int(), total: z.int() })

export const historyEntry = z.object({
  operation: z.string(),
  act: z.string(),
  type: z.string(),
  words: z.string(),
  /** Whether it was taken back by undo. */
  undone: z.boolean(),
  ...authorship,
})

export const custodyEntry = z.object({
  seq: z.int(),
  timeMs: z.number(),
  examiner: z.string(),
  action: z.string(),
  /** What was done, in one line. */
  detail: z.string(),
  /** Everything that was noted, as JSON text. */
  body: z.string(),
  hash: z.string(),
})
export type CustodyEntryShown = z.infer<typeof custodyEntry>

const reportTexts = {
  title: words,
  /** Small markdown, at most a page. */
  summary: prose,
  limitations: z.array(prose).max(200),
  distribution: z.array(z.object({ name: words, organisation: words, purpose: words })).max(200),
  revisions: z.array(z.object({ number: z.int().min(1), atMs: z.number(), by: words, change: words })).max(1000),
}

/** What a person asks to have printed. */
const reportWish = {
  scope: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('bookmarks') }),
      z.object({ kind: z.literal('tag'), tag: z.string().min(1).max(TAG_NAME_LENGTH) }),
      z.object({ kind: z.literal('query'), query: eventQuery }),
    ])
    .default({ kind: 'bookmarks' }),
  draft: z.boolean().default(false),
  sort: z.enum(['eventTime', '-eventTime']).default('eventTime'),
  /** Time of printing; the same case, wish and time give the same bytes. Default now. */
  printed: utc.optional(),
  certificate: z.boolean().default(true),
  /** Values that must not be in the report, wherever they stand, and why. */
  redactions: z
    .array(z.object({ value: z.string().min(1).max(10_000), reason: z.string().min(1).max(200) }))
    .max(1000)
    .default([]),
}
const reportWork = z.object({
  step: z.enum(['originals', 'digests', 'custody', 'gathering', 'drawing']),
  done: z.int(),
  total: z.int(),
})
const reportMade = {
  status: z.enum(['DRAFT', 'FINAL']),
  /** Why it is a draft although a final report was asked for; empty otherwise. */
  missing: z.array(z.string()),
  /** First digits of the hash over its content, as on every page. */
  reportId: z.string(),
  events: z.int(),
  bookmarks: z.object({ inCase: z.int(), excluded: z.int() }),
  /** Whether a check failed; the report then says so on every page. */
  integrityFailed: z.boolean(),
}

export const annotationOperations = operationTable({
  'annotations.state': {
    summary: 'Everything people have said about the case: tags, bookmarks, findings, story, saved searches, conflicts',
    input: z.object({ caseId }),
    output: annotationState,
    changes: false,
    cli: { command: 'tags, bookmarks' },
  },
  'annotations.resolve': {
    summary: 'Choose one of the values that two people wrote without knowledge of each other',
    input: z.object({
      caseId,
      target: z.string().min(1).max(1000),
      field: z.string().min(1).max(200),
      /** The operation whose value is to stand. */
      operation: id,
    }),
    output: z.object({
      /** False: there is no such conflict any more. */
      resolved: z.boolean(),
      /** Those that are left. */
      conflicts: z.array(conflict),
    }),
    changes: true,
    cli: { none: 'a choice between two versions is made where both are in sight: in the window' },
  },
  'tags.define': {
    summary: 'Make a tag or change how it looks and what it means',
    input: z.object({ caseId, name: tagName, ...z.object(tagDefinition).partial().shape }),
    output: tag,
    changes: true,
    cli: { command: 'tag --colour … --technique …' },
  },
  'tags.apply': {
    summary: 'Put a tag on events, or on all events of a query',
    input: z.object({ caseId, tag: tagName, events: selection }),
    output: changed,
    progress: work,
    changes: true,
    cli: { command: 'tag' },
  },
  'tags.remove': {
    summary: 'Take a tag off events, or off all events of a query',
    input: z.object({ caseId, tag: tagName, events: selection }),
    output: changed,
    progress: work,
    changes: true,
    cli: { command: 'tag --remove' },
  },
  'bookmarks.set': {
    summary: 'Bookmark an event, which gives it a permanent exhibit number, or change title and note of a bookmark',
    input: z.object({
      caseId,
      event: eventId.optional(),
      exhibit: exhibit.optional(),
      title: words.optional(),
      note: prose.optional(),
    }),
    output: bookmark,
    changes: true,
    cli: { command: 'bookmark' },
  },
  'bookmarks.remove': {
    summary: 'Remove a bookmark; its exhibit number is never given again',
    input: z.object({ caseId, exhibit }),
    output: z.object({ removed: z.boolean() }),
    changes: true,
    cli: { command: 'bookmark --remove' },
  },
  'findings.set': {
    summary: 'Write or change a finding: fact, inference or hypothesis, with its exhibits',
    input: z.object({ caseId, id: id.optional(), ...z.object(findingContent).partial().shape }),
    output: finding,
    changes: true,
    cli: { none: 'findings are written beside the exhibits they stand on, in the window' },
  },
  'findings.remove': {
    summary: 'Remove a finding; its history stays',
    input: z.object({ caseId, id }),
    output: z.object({ removed: z.boolean() }),
    changes: true,
    cli: { none: 'findings are written in the window' },
  },
  'story.set': {
    summary: 'Put the blocks of the story in this order; only what differs is written',
    input: z.object({ caseId, blocks: z.array(storyBlock).max(10_000) }),
    output: z.object({ story: z.array(storyBlock), changed: z.int() }),
    changes: true,
    cli: { none: 'the story is written in the window, beside the page it becomes' },
  },
  'searches.save': {
    summary: 'Save a search or a view under a name, or change a saved one',
    input: z.object({
      caseId,
      id: id.optional(),
      name: words.min(1),
      kind: z.enum(['search', 'view']).default('search'),
      query: eventQuery,
      layout: z.string().max(20_000).default(''),
      note: prose.default(''),
    }),
    output: savedSearch,
    changes: true,
    cli: { none: 'on the command line a script keeps its query itself' },
  },
  'searches.list': {
    summary: 'Saved searches and views',
    input: z.object({ caseId }),
    output: z.object({ searches: z.array(savedSearch) }),
    changes: false,
    cli: { none: 'on the command line a script keeps its query itself' },
  },
  'searches.remove': {
    summary: 'Remove a saved search or view',
    input: z.object({ caseId, id }),
    output: z.object({ removed: z.boolean() }),
    changes: true,
    cli: { none: 'on the command line a script keeps its query itself' },
  },
  'annotations.undo': {
    summary: "Take back one's last act, or a named one, with a new operation; nothing is erased",
    input: z.object({ caseId, act: id.optional() }),
    output: z.object({ undone: offered }),
    changes: true,
    cli: { none: 'the command line removes what it set by name (`tag --remove`, `bookmark --remove`)' },
  },
  'annotations.redo': {
    summary: 'Bring back what was undone last',
    input: z.object({ caseId }),
    output: z.object({ redone: offered }),
    changes: true,
    cli: { none: 'the command line sets things again by name' },
  },
  'annotations.history': {
    summary: 'Every operation on an event, a bookmark, a finding or a tag, newest first',
    input: z.object({
      caseId,
      about: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('all') }),
        z.object({ kind: z.literal('event'), id: eventId }),
        z.object({ kind: z.literal('exhibit'), exhibit }),
        z.object({ kind: z.literal('finding'), id }),
        z.object({ kind: z.literal('tag'), tag: tagName }),
      ]),
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(10_000).default(200),
    }),
    output: z.object({ total: z.int(), entries: z.array(historyEntry) }),
    changes: false,
    cli: { command: 'custody' },
  },
  'custody.list': {
    summary: 'The custody log, filtered and a page at a time',
    input: z.object({
      caseId,
      /** Part of the action, the examiner or what was noted. */
      text: z.string().max(1000).default(''),
      action: z.string().max(100).optional(),
      examiner: z.string().max(200).optional(),
      order: z.enum(['oldest', 'newest']).default('oldest'),
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(100_000).default(200),
    }),
    output: z.object({
      total: z.int(),
      all: z.int(),
      entries: z.array(custodyEntry),
      actions: z.array(z.string()),
      examiners: z.array(z.string()),
    }),
    changes: false,
    cli: { command: 'custody' },
  },
  'custody.head': {
    summary:
      'How many entries the custody log has and the hash of the last one; compared with a head that was noted elsewhere, on a printed report or on paper',
    input: z.object({
      caseId,
      noted: z
        .object({ entries: z.int().min(1), hash: z.string().regex(/^[0-9a-fA-F]{64}$/, 'is no SHA-256 in hex') })
        .optional(),
    }),
    output: z.object({
      entries: z.int(),
      hash: z.string(),
      /** `same`: the log still says what it said then. `rewritten`: that entry differs. `cut`: the log is shorter now. */
      noted: z.enum(['same', 'rewritten', 'cut']).nullable(),
    }),
    changes: false,
    cli: { command: 'custody --head' },
  },
  'custody.logViews': {
    summary: 'Have searches and views written to the custody log from now on, or no longer',
    input: z.object({ caseId, on: z.boolean() }),
    output: z.object({ logViews: z.boolean() }),
    changes: true,
    cli: { command: 'custody --log-views' },
  },
  'report.texts': {
    summary: 'Title, summary, limitations, distribution and revisions of the printed report',
    input: z.object({ caseId }),
    output: z.object(reportTexts),
    changes: false,
    cli: { none: 'the texts are written in the window, beside the printed page' },
  },
  'report.setTexts': {
    summary: 'Change the texts of the printed report',
    input: z.object({ caseId, ...z.object(reportTexts).partial().shape }),
    output: z.object(reportTexts),
    changes: true,
    cli: { none: 'the texts are written in the window, beside the printed page' },
  },
  'report.preview': {
    summary: 'The report as a page of HTML, as it would be printed now',
    input: z.object({
      caseId,
      ...reportWish,
      /** Hash the originals and judge the digests again, as printing does; else the result of the last time is shown with its date. */
      check: z.boolean().default(false),
    }),
    output: z.object({ ...reportMade, html: z.string(), checkedMs: z.number() }),
    progress: reportWork,
    changes: false,
    cli: { command: 'report --out FILE.html' },
  },
  'report.make': {
    summary: 'Print the timeline as PDF or HTML after checking originals, digests and custody log',
    input: z.object({
      caseId,
      grant,
      format: z.enum(['pdf', 'html']),
      paper: z.enum(['A4', 'Letter']).default('A4'),
      ...reportWish,
    }),
    output: z.object({
      ...reportMade,
      file: z.string(),
      bytes: z.int(),
      sha256: z.string(),
      /** Null for HTML, which has no pages. */
      pages: z.int().nullable(),
    }),
    progress: reportWork,
    changes: true,
    cli: { command: 'report' },
  },
})
