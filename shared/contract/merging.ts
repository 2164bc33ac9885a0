import { z } from 'zod'
import { conflict } from './annotations.ts'
import { caseInfo } from './cases.ts'
import { caseId, grant } from './common.ts'
import { operationTable } from './operation.ts'
import { packageSecrets, packageSigner } from './package-parts.ts'

/** What people can say about a case, as a merge counts it. `tagged`: records that carry a tag. */
const mergedKinds = [
  'bookmark',
  'tag',
  'tagged',
  'finding',
  'story block',
  'search',
  'report',
  'setting',
  'case',
] as const
export type MergedKind = (typeof mergedKinds)[number]

/** What a package brings to a case. */
const mergeSummary = {
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  encrypted: z.boolean(),
  /** Empty: unsigned. */
  signatures: z.array(packageSigner).readonly(),
  from: z.object({
    examiner: z.string(),
    madeMs: z.number(),
    /** The head of the sender's custody log. */
    custody: z.object({ entries: z.int(), hash: z.string() }),
    /** What the sender wrote down about handing it over. */
    transfer: z
      .object({ id: z.string(), atMs: z.number(), to: z.string(), why: z.string(), medium: z.string() })
      .nullable(),
  }),
  evidence: z.object({
    /** Hand-overs of evidence (imports) that this case does not know. */
    sources: z.int(),
    /** Originals (by SHA-256) that come with it and are not here; those in the package that are here already. */
    newFiles: z.int(),
    knownFiles: z.int(),
    /** Lines of the ledger that are new here; `byHash` of them are of files that neither side has at hand. */
    newEntries: z.int(),
    byHash: z.int(),
    /** Files that were known by their hash only until now. */
    filled: z.int(),
    /** Records in the new files, as the sender read them. */
    records: z.int(),
  }),
  annotations: z.object({
    /** Operations that are new here, and those that are here already. */
    operations: z.int(),
    known: z.int(),
    /** Only kinds in which something changes. */
    kinds: z
      .array(z.object({ kind: z.enum(mergedKinds), added: z.int(), changed: z.int(), removed: z.int() }))
      .readonly(),
  }),
  /** Conflicts that the merge brings; those that the case has already are in `annotations.state`. */
  conflicts: z.array(conflict).readonly(),
  /** Custody logs that are kept beside the case's own. */
  logs: z.int(),
  /** The package holds nothing that this case does not have. */
  nothingNew: z.boolean(),
}

/** A package that comes back to the case it was made from. */
export const mergingOperations = operationTable({
  'packages.mergePreview': {
    summary:
      'What merging a package would bring to a case: new evidence, annotations by kind, conflicts with both versions',
    input: z.object({ caseId, grant, ...packageSecrets }),
    output: z.object(mergeSummary),
    progress: z.object({ step: z.enum(['checking', 'comparing']), done: z.number(), total: z.number() }),
    changes: false,
    cli: { command: 'merge' },
  },
  'packages.merge': {
    summary:
      'Merge a package of the same case: evidence by hash, annotations as a union, conflicts kept; all of it or nothing',
    input: z.object({ caseId, grant, ...packageSecrets }),
    output: z.object({
      ...mergeSummary,
      info: caseInfo,
      /** Events that the case has now and had not before. */
      newEvents: z.int(),
      /** New files that were read otherwise here than the package says; the first of them by name. */
      differing: z.int(),
      differences: z.array(z.object({ path: z.string(), what: z.string() })).readonly(),
    }),
    progress: z.object({
      step: z.enum(['checking', 'comparing', 'importing', 'annotations', 'judging']),
      done: z.number(),
      total: z.number(),
    }),
    changes: true,
    cli: { command: 'merge' },
  },
})
