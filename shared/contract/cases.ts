import { z } from 'zod'
import { caseId, examiner, grant, tlp } from './common.ts'
import { operationTable } from './operation.ts'

/** The data of a case that a person enters (FS-30 and the printed cover ask for them). */
export const caseHeader = z.object({
  title: z.string().max(300),
  number: z.string().max(100),
  clientMatter: z.string().max(300),
  owner: z.string().max(200),
  authority: z.string().max(5000),
  scope: z.string().max(5000),
  questions: z.string().max(20_000),
  zone: z.string().max(60),
  tlp,
})
export type CaseHeader = z.infer<typeof caseHeader>

export const caseInfo = z.object({
  caseId,
  /** The id that stays with the case wherever it goes. */
  uuid: z.string(),
  fileName: z.string(),
  header: caseHeader,
  createdMs: z.number(),
  examiner: examiner.nullable(),
  /** Why nothing can be changed, or null. */
  readOnly: z.string().nullable(),
  events: z.int(),
  firstEventMs: z.number().nullable(),
  lastEventMs: z.number().nullable(),
  /** Events without a readable time. */
  undated: z.int(),
  entries: z.object({ seen: z.int(), stored: z.int(), duplicate: z.int(), quarantined: z.int(), ignored: z.int() }),
  records: z.object({ read: z.int(), stored: z.int(), duplicate: z.int(), conflict: z.int(), rejected: z.int() }),
  sources: z.int(),
  /** Bytes of the case file, and of the evidence as it was handed over and inflated. */
  size: z.object({ caseFile: z.int(), evidence: z.int(), inflated: z.int() }),
  importing: z.boolean(),
  versions: z.object({
    trailcase: z.string(),
    commit: z.string(),
    sqlite: z.string(),
    node: z.string(),
    schema: z.int(),
  }),
})
export type CaseInfo = z.infer<typeof caseInfo>

export const recentCase = z.object({
  path: z.string(),
  title: z.string(),
  number: z.string(),
  openedMs: z.number(),
  present: z.boolean(),
})

export const caseOperations = operationTable({
  'cases.create': {
    summary: 'Make an empty case and open it',
    input: z.object({ grant, header: caseHeader.partial(), examiner }),
    output: caseInfo,
    changes: true,
    cli: { command: 'new' },
  },
  'cases.open': {
    summary: 'Open a case; without an examiner it can only be read',
    input: z.object({ grant, examiner: examiner.optional() }),
    output: caseInfo,
    changes: false,
    cli: { command: 'open' },
  },
  'cases.openSample': {
    summary: 'Make the sample investigation and open it',
    input: z.object({ examiner: examiner.optional() }),
    output: caseInfo,
    progress: z.object({ phase: z.string(), done: z.number(), total: z.number() }),
    changes: false,
    cli: { command: 'open --sample' },
  },
  'cases.info': {
    summary: 'Case data, sources, counts and tool versions',
    input: z.object({ caseId }),
    output: caseInfo,
    changes: false,
    cli: { command: 'info' },
  },
  'cases.update': {
    summary: 'Change the case data; the values before and after go to the custody log',
    input: z.object({ caseId, header: caseHeader.partial() }),
    output: caseInfo,
    changes: true,
    cli: { none: 'given once with `new`; changed in the window, where the values before and after are in sight' },
  },
  'cases.setExaminer': {
    summary: 'Say who works on the case from now on',
    input: z.object({ caseId, examiner }),
    output: caseInfo,
    changes: true,
    cli: { none: 'every command that changes a case takes --examiner' },
  },
  'cases.close': {
    summary: 'Close a case and give it free for others',
    input: z.object({ caseId }),
    output: z.object({ closed: z.boolean() }),
    changes: false,
    cli: { none: 'each command opens and closes its case' },
  },
  'cases.verify': {
    summary:
      'Check the case itself: database, originals against hashes, columns against originals, custody chain, annotations',
    input: z.object({ caseId }),
    output: z.object({
      clean: z.boolean(),
      checks: z.array(
        z.object({
          name: z.enum(['database', 'originals', 'columns', 'custody', 'annotations']),
          checked: z.int(),
          failed: z.int(),
          failures: z.array(z.string()),
        }),
      ),
    }),
    progress: z.object({ check: z.string(), done: z.number(), total: z.number() }),
    changes: true,
    cli: { command: 'verify' },
  },
})
