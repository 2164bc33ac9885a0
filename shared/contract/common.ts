import { z } from 'zod'
import type { Brand } from '../base/brand.ts'
import type { UtcMs } from '../base/time.ts'

/** Names an open case in one run of the engine. */
export type CaseId = Brand<string, 'CaseId'>
export const caseId = z
  .string()
  .min(1)
  .max(100)
  .transform((id) => id as CaseId)

/** A right to one path, given out by a host's dialog and spent once by an operation. The window never names a path. */
export type Grant = Brand<string, 'Grant'>
export const grant = z
  .string()
  .min(1)
  .max(200)
  .transform((g) => g as Grant)

export const utc = z.number().transform((ms) => ms as UtcMs)

export const facetFilter = z.object({
  field: z.string().max(200),
  values: z.array(z.string()).max(1000).readonly(),
  exclude: z.boolean(),
})

/** The question, the same value in every view (`#shared/domain/query/query.ts`). */
export const eventQuery = z.object({
  text: z.string().max(20_000),
  from: utc.optional(),
  to: utc.optional(),
  facets: z.array(facetFilter).max(100).readonly(),
  sort: z.enum(['eventTime', '-eventTime']),
})

export const tlp = z.enum(['TLP:RED', 'TLP:AMBER+STRICT', 'TLP:AMBER', 'TLP:GREEN', 'TLP:CLEAR'])

export const examiner = z.object({
  name: z.string().trim().min(1).max(200),
  organisation: z.string().max(200).default(''),
  /** Badge or staff number. */
  identifier: z.string().max(100).default(''),
  /** Of the key that this person signs with, as `keygen` says it: four groups of four, for reports and the custody log. */
  keyFingerprint: z
    .string()
    .regex(
      /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/,
      'is no fingerprint of a signing key; copy it as keygen said it',
    )
    .optional(),
})

/** How many of how many, and whether more is on its way (an import is running). */
export const ofAll = { total: z.int(), all: z.int(), moreComing: z.boolean() }
