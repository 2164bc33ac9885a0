import { z } from 'zod'

// The JSON shapes of the command line as they were promised: keys that are always there. More keys may come.
const count = z.int().min(0)
const isoTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)

export const integrityShape = z.object({
  digests: z.object({
    total: count,
    authentic: count,
    authenticByLink: count,
    consistent: count,
    invalid: count,
    unverified: count,
  }),
  logs: z.object({
    total: count,
    proven: count,
    listedUnproven: count,
    modified: count,
    trailingData: count,
    unreadable: count,
    missing: count,
    unreferenced: count,
  }),
  chains: z.array(
    z.object({
      account: z.string(),
      region: z.string(),
      trail: z.string(),
      homeRegion: z.string(),
      backfill: z.boolean(),
      from: isoTime,
      to: isoTime,
      digests: count,
      gaps: z.array(z.object({ from: isoTime, to: isoTime, reason: z.string() })),
    }),
  ),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['high', 'medium', 'low', 'info']),
      path: z.string(),
      detail: z.string(),
    }),
  ),
  clean: z.boolean(),
})

const entries = z
  .object({ seen: count, stored: count, duplicate: count, quarantined: count, ignored: count })
  .refine((e) => e.seen === e.stored + e.duplicate + e.quarantined + e.ignored, 'the outcomes of the files add up')
const records = z
  .object({ read: count, stored: count, duplicate: count, conflict: count, rejected: count })
  .refine((r) => r.read === r.stored + r.duplicate + r.conflict + r.rejected, 'the outcomes of the records add up')

export const importShape = z.object({
  case: z.string(),
  sources: count,
  entries,
  records,
  digests: count,
  keys: count,
  signatures: count,
  bytes: z.object({ read: count, inflated: count }),
  seconds: z.number().min(0),
  quarantine: z.array(z.object({ path: z.string(), reason: z.string().min(1) })),
  integrity: integrityShape,
})

export const eventShape = z.looseObject({
  eventTime: z.string(),
  eventName: z.string(),
  eventSource: z.string(),
  awsRegion: z.string(),
  eventID: z.string(),
  userIdentity: z.looseObject({}),
  _id: z.int().positive(),
  _source: z.string(),
  _record: count,
  _integrity: z.string(),
  _tags: z.array(z.string()),
  _bookmark: z.string().nullable(),
  _occurrences: z.int().positive(),
})

export const eventsShape = z
  .object({ total: count, shown: count, truncated: z.boolean(), query: z.string(), events: z.array(eventShape) })
  .refine((e) => e.shown === e.events.length, 'shown is the number of events')
  .refine((e) => e.truncated === e.shown < e.total, 'truncated says whether there are more')

export const countShape = z.object({
  total: count,
  groups: z.array(
    z.object({
      key: z.array(z.string().nullable()),
      count: z.int().positive(),
      first: isoTime.nullable(),
      last: isoTime.nullable(),
    }),
  ),
})

export const sqlShape = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  truncated: z.boolean(),
  seconds: z.number().min(0),
})

export const verifyShape = z.object({
  clean: z.boolean(),
  checks: z
    .array(z.object({ name: z.string(), checked: count, failed: count, failures: z.array(z.string()) }))
    .refine(
      (checks) =>
        JSON.stringify(checks.map((c) => c.name).sort()) ===
        '["annotations","columns","custody","database","originals"]',
      'the five checks',
    ),
})

export const errorShape = z.strictObject({
  error: z.strictObject({ code: z.string().regex(/^[a-z-]+$/), message: z.string().min(20) }),
})
