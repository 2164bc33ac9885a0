import { z } from 'zod'
import { attackTactic, attackTechnique, confidences, findingKinds, TAG_NAME_LENGTH } from '#shared/domain/annotation.ts'
import type { Operation } from './operations-log.ts'

/** Ids in one list: an undo of a million tags names a dozen operations, so this is far beyond honest use. */
const MOST_IDS = 100_000
const id = z.string().min(1).max(100)
const ids = z.array(id).max(MOST_IDS)
const line = z.string().max(1000)
const prose = z.string().max(200_000)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** All operations of one act share its id: undo takes back the act as a whole. */
const act = { act: id }

/** Where an annotation was read from a file: as the file was called, its hash, and who wrote it, where that is known. */
const origin = { origin: z.object({ file: z.string().max(300), sha256, author: z.string().max(200) }).optional() }

/** Sets fields; `replaces` names per field the operations whose values were in sight. */
const setting = <T extends z.ZodRawShape>(fields: z.ZodObject<T>) =>
  z.object({
    ...act,
    ...origin,
    before: z.record(z.string(), z.unknown()),
    after: fields.partial(),
    replaces: z.record(z.string(), ids),
  })
const removal = z.object({ ...act, before: z.record(z.string(), z.unknown()), observed: ids })

/** Record numbers per source file, as ranges: the compact list with which one operation tags thousands of events. */
const files = z.record(sha256, z.string().max(2_000_000))

export const tagFields = z.object({
  name: z.string().min(1).max(TAG_NAME_LENGTH),
  colour: z.int().min(0).max(7),
  tactic: z.union([z.literal(''), z.string().regex(attackTactic)]),
  techniques: z.array(z.string().regex(attackTechnique)).max(20),
  description: prose,
  retired: z.boolean(),
})
export const bookmarkFields = z.object({ title: line, note: prose })
export const findingFields = z.object({
  title: line,
  statement: prose,
  kind: z.enum(findingKinds),
  confidence: z.enum(confidences),
  alternatives: z.array(prose).max(100),
  exhibits: z.array(z.string().max(60)).max(10_000),
  order: z.number(),
})
export const blockFields = z.object({
  kind: z.enum(['prose', 'finding', 'exhibit', 'view']),
  text: prose,
  /** What the block shows: a finding's id, an exhibit number, a saved search's id. */
  shows: z.string().max(100),
  order: z.number(),
})
export const searchFields = z.object({
  name: line,
  kind: z.enum(['search', 'view']),
  query: z.object({
    text: z.string().max(20_000),
    from: z.number().optional(),
    to: z.number().optional(),
    facets: z
      .array(z.object({ field: z.string().max(200), values: z.array(z.string()).max(1000), exclude: z.boolean() }))
      .max(100),
    sort: z.enum(['eventTime', '-eventTime']),
  }),
  /** How a view was laid out: columns, lanes. Read back by the window that wrote it. */
  layout: z.string().max(20_000),
  note: prose,
})
export const reportFields = z.object({
  title: line,
  summary: prose,
  limitations: z.array(prose).max(200),
  distribution: z.array(z.object({ name: line, organisation: line, purpose: line })).max(200),
  revisions: z.array(z.object({ number: z.int().min(1), atMs: z.number(), by: line, change: line })).max(1000),
})
export const settingFields = z.object({ logViews: z.boolean() })

/** What the body of each kind of operation must look like; anything else is kept, not understood, and reported by `verify`. */
const bodies = {
  'tag.define': setting(tagFields),
  'tag.add': z.object({ ...act, ...origin, tag: z.string().min(1).max(TAG_NAME_LENGTH), files }),
  'tag.remove': z.object({ ...act, tag: z.string().min(1).max(TAG_NAME_LENGTH), files, observed: ids }),
  'bookmark.add': z.object({
    ...act,
    ...origin,
    exhibit: z.string().max(60),
    eventID: z.string().max(1000),
    after: bookmarkFields,
  }),
  'bookmark.set': setting(bookmarkFields),
  'bookmark.remove': removal,
  'finding.set': setting(findingFields),
  'finding.remove': removal,
  'block.set': setting(blockFields),
  'block.remove': removal,
  'search.set': setting(searchFields),
  'search.remove': removal,
  'report.set': setting(reportFields),
  'setting.set': setting(settingFields),
  undo: z.object({ ...act, of: id, reverts: ids }),
  redo: z.object({ ...act, of: id, reverts: ids }),
} as const

type Bodies = typeof bodies
export type AnnotationType = keyof Bodies
export const annotationTypes = Object.keys(bodies) as AnnotationType[]
export const isAnnotationType = (type: string): type is AnnotationType => Object.hasOwn(bodies, type)

/** An operation whose body is understood. */
export type AnnotationOperation = {
  [T in AnnotationType]: Omit<Operation, 'type' | 'body'> & { readonly type: T; readonly body: z.output<Bodies[T]> }
}[AnnotationType]

/** Reads an operation, of this program or from a package. `undefined`: of another kind, or not in a form that we write. */
export function parseAnnotation(operation: Operation): AnnotationOperation | undefined {
  if (!isAnnotationType(operation.type)) return undefined
  const parsed = bodies[operation.type].safeParse(operation.body)
  return parsed.success ? ({ ...operation, body: parsed.data } as AnnotationOperation) : undefined
}
