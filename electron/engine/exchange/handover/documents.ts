import { z } from 'zod'
import { caseHeader } from '#shared/contract/cases.ts'
import { examiner } from '#shared/contract/common.ts'
import { containerKinds } from '../../intake/types.ts'

/** Raised with every change of the documents below; each older version gets a step in `upgrade-document.ts` that brings it to the next. */
export const PACKAGE_VERSION = 1
export const packageFormat = z.object({ format: z.literal('trailcase-package'), version: z.int().min(1) })

const text = (most: number) => z.string().max(most)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const timeMs = z.number().min(-8.64e15).max(8.64e15)

/** `data/case.json`. */
export const caseDocument = packageFormat.extend({
  kind: z.enum(['all', 'annotated']),
  madeMs: timeMs,
  case: z.object({ uuid: z.uuid(), createdMs: timeMs }),
  header: caseHeader,
  examiner,
  tools: z.object({
    trailcase: text(100),
    commit: text(100),
    node: text(100),
    sqlite: text(100),
    schema: count,
  }),
  /** Of `data/audit.jsonl`. */
  custody: z.object({ entries: count, hash: sha256 }),
  /** Heads of the further custody logs, by their files. */
  logs: z.array(z.object({ name: text(60), entries: count, hash: sha256 })).max(10_000),
  sources: z
    .array(
      z.object({
        id: z.int().min(1),
        path: text(10_000),
        mode: z.enum(['copy', 'reference']),
        addedMs: timeMs,
        addedBy: text(200),
      }),
    )
    .max(100_000),
  counts: z.object({ entries: count, originals: count, bytes: count, operations: count, events: count }),
})
export type CaseDocument = z.infer<typeof caseDocument>

/** A line of `data/evidence-index.jsonl`: one entry of the ledger. `packed`: its original lies in this package. */
export const indexLine = z.object({
  source: z.int().min(1),
  path: text(100_000),
  outcome: z.enum(['stored', 'duplicate', 'quarantined', 'ignored']),
  reason: text(10_000).nullable(),
  kind: z.enum(containerKinds),
  size: count,
  sha256: sha256.nullable(),
  inflatedSha256: sha256.nullable(),
  inflatedSize: count.default(0),
  packed: z.boolean(),
  records: z.object({ read: count, stored: count, duplicate: count, conflict: count, rejected: count }),
  verdict: text(100).nullable(),
})
export type IndexLine = z.infer<typeof indexLine>

/** A line of `data/ops.jsonl`. Kinds that are not known here are kept and do nothing. */
export const operationLine = z.object({
  id: text(100).min(1),
  timeMs: timeMs.int(),
  examiner: text(200),
  type: text(60).min(1),
  target: text(1000),
  body: z.unknown(),
})

/** A line of `data/transfers.jsonl`: a case that changed hands, as the case knew it when the package was made. */
export const transferLine = z.object({
  id: z.uuid(),
  atMs: timeMs,
  from: text(200),
  to: text(300),
  why: text(2000),
  medium: text(300),
  /** The sender's custody log at that moment. */
  custody: z.object({ entries: count, hash: sha256 }),
})
export type TransferLine = z.infer<typeof transferLine>

export const documentNames = {
  case: 'data/case.json',
  index: 'data/evidence-index.jsonl',
  operations: 'data/ops.jsonl',
  audit: 'data/audit.jsonl',
  transfers: 'data/transfers.jsonl',
  signer: 'data/keys/signer.pub',
} as const

/** The file of a custody log that came with an earlier package, from the hash of its last entry. */
export const foreignLogName = (head: string): string => `data/audit-${head.slice(0, 32)}.jsonl`
