import { z } from 'zod'
import { annotationFileKinds, dropReasons } from '../domain/annotation-import.ts'
import { caseId, grant } from './common.ts'
import { operationTable } from './operation.ts'

const heading = z.string().min(1).max(200)

const annotationFile = {
  caseId,
  /** Of the file; it can be looked at and then read with the same one. */
  grant,
  /** Headings, where they differ from those of an export. */
  columns: z
    .object({
      eventID: heading,
      sourceSha256: heading,
      ordinal: heading,
      tags: heading,
      comment: heading,
      time: heading,
    })
    .partial()
    .default({}),
  /** Rows whose time has no zone: left out, or read as UTC because the examiner says so. */
  zoneless: z.enum(['refuse', 'utc']).default('refuse'),
  /** Who wrote what the file says; stands below each note that comes from it. */
  author: z.string().max(200).default(''),
}

const found = {
  file: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  kind: z.enum(annotationFileKinds),
  /** All rows; those without tag and comment; those whose tags and comment are in the case already. */
  rows: z.int(),
  silent: z.int(),
  already: z.int(),
  /** Tags that come onto events, most events first. `isNew`: the case has no such tag yet. */
  tags: z.array(z.object({ name: z.string(), events: z.int(), isNew: z.boolean() })).readonly(),
  /** Comments on events without bookmark, each a new exhibit; and those that go below a note that is there. */
  bookmarks: z.int(),
  notes: z.int(),
  /** Rows that cannot be used, by reason, and the first of them one by one. */
  left: z.object({
    total: z.int(),
    reasons: z.array(z.object({ reason: z.enum(dropReasons), count: z.int() })).readonly(),
    first: z.array(z.object({ line: z.int(), reason: z.enum(dropReasons), detail: z.string() })).readonly(),
  }),
}

const work = z.object({ step: z.enum(['reading', 'writing']), done: z.number(), total: z.number() })

/** Tags and comments that come back in a table: from Timesketch, or in our own CSV. */
export const readingBackOperations = operationTable({
  'annotations.importPreview': {
    summary: 'What tags and comments in a file would add to the case, and which of its rows cannot be used',
    input: z.object(annotationFile),
    output: z.object(found),
    progress: work,
    changes: false,
    cli: { command: 'annotate --dry-run' },
  },
  'annotations.import': {
    summary: 'Add the tags and comments of a Timesketch file or of our own CSV to the case, as one act',
    input: z.object({
      ...annotationFile,
      /** Of the preview: a file that has changed since then is refused. */
      sha256: z.string().optional(),
    }),
    output: z.object({ ...found, act: z.string().nullable() }),
    progress: work,
    changes: true,
    cli: { command: 'annotate' },
  },
})
