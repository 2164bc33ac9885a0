import { z } from 'zod'
import { caseId, grant, utc } from './common.ts'
import { operationTable } from './operation.ts'

export const entryCounts = z.object({
  seen: z.int(),
  stored: z.int(),
  duplicate: z.int(),
  quarantined: z.int(),
  ignored: z.int(),
})
export const recordCounts = z.object({
  read: z.int(),
  stored: z.int(),
  duplicate: z.int(),
  conflict: z.int(),
  rejected: z.int(),
})

/** The summary of the digest check, with the keys of the command line's contract. */
export const integritySummary = z.object({
  digests: z.object({
    total: z.int(),
    authentic: z.int(),
    authenticByLink: z.int(),
    consistent: z.int(),
    invalid: z.int(),
    unverified: z.int(),
  }),
  logs: z.object({
    total: z.int(),
    proven: z.int(),
    listedUnproven: z.int(),
    modified: z.int(),
    trailingData: z.int(),
    unreadable: z.int(),
    missing: z.int(),
    unreferenced: z.int(),
  }),
  chains: z
    .array(
      z.object({
        account: z.string(),
        region: z.string(),
        trail: z.string(),
        homeRegion: z.string(),
        backfill: z.boolean(),
        from: z.string(),
        to: z.string(),
        digests: z.int(),
        gaps: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string() })).readonly(),
      }),
    )
    .readonly(),
  findings: z
    .array(
      z.object({
        code: z.string(),
        severity: z.enum(['high', 'medium', 'low', 'info']),
        path: z.string(),
        detail: z.string(),
        expected: z.string().optional(),
        found: z.string().optional(),
      }),
    )
    .readonly(),
  clean: z.boolean(),
})

/** What an import found, with the keys of the command line's contract. */
export const importResult = z.object({
  case: z.string(),
  sources: z.int(),
  entries: entryCounts,
  records: recordCounts,
  digests: z.int(),
  keys: z.int(),
  signatures: z.int(),
  bytes: z.object({ read: z.int(), inflated: z.int() }),
  seconds: z.number(),
  quarantine: z.array(z.object({ path: z.string(), reason: z.string() })),
  integrity: integritySummary,
})
export type ImportResult = z.infer<typeof importResult>

export const importProgress = z.object({
  phase: z.enum(['reading', 'finishing']),
  files: z.int(),
  filesTotal: z.int().optional(),
  events: z.int(),
  bytes: z.number(),
  elapsedMs: z.number(),
})
export type ImportProgress = z.infer<typeof importProgress>

export const evidenceFile = z.object({
  id: z.int(),
  source: z.string(),
  path: z.string(),
  outcome: z.enum(['stored', 'duplicate', 'quarantined', 'ignored']),
  reason: z.string().nullable(),
  kind: z.string(),
  size: z.int(),
  sha256: z.string().nullable(),
  inflatedSha256: z.string().nullable(),
  inflatedSize: z.int().nullable(),
  records: recordCounts,
  firstEventMs: z.number().nullable(),
  lastEventMs: z.number().nullable(),
  /** Verdict of the digest check on this file, or null where digests do not speak. */
  verdict: z.string().nullable(),
  notes: z.array(z.string()),
})
export type EvidenceFile = z.infer<typeof evidenceFile>

export const sourceOperations = operationTable({
  'sources.import': {
    summary: 'Import evidence: every file and record gets an outcome, then the digests are checked',
    input: z.object({
      caseId,
      grants: z.array(grant).min(1).max(1000),
      mode: z.enum(['copy', 'reference']).default('copy'),
      accounts: z.array(z.string()).default([]),
      regions: z.array(z.string()).default([]),
      from: utc.optional(),
      to: utc.optional(),
    }),
    output: importResult,
    progress: importProgress,
    changes: true,
    cli: { command: 'import' },
  },
  'sources.list': {
    summary: 'What was handed over, with counts of outcomes',
    input: z.object({ caseId }),
    output: z.object({
      sources: z.array(
        z.object({
          id: z.int(),
          path: z.string(),
          mode: z.enum(['copy', 'reference']),
          addedMs: z.number(),
          addedBy: z.string(),
          finishedMs: z.number().nullable(),
          entries: entryCounts,
          records: recordCounts,
        }),
      ),
    }),
    changes: false,
    cli: { command: 'sources' },
  },
  'sources.files': {
    summary: 'Every source file with its outcome',
    input: z.object({
      caseId,
      outcome: z.enum(['stored', 'duplicate', 'quarantined', 'ignored']).optional(),
      /** Part of the path. */
      text: z.string().max(1000).default(''),
      kind: z.string().optional(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(10_000).default(200),
    }),
    output: z.object({ total: z.int(), all: z.int(), files: z.array(evidenceFile) }),
    changes: false,
    cli: { command: 'sources' },
  },
})
