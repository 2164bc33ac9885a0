import { z } from 'zod'
import { grant } from './common.ts'
import { operationTable } from './operation.ts'

/** One run of the checks with known answers. Times in UTC milliseconds. */
export const validationResult = z.object({
  ranAt: z.number(),
  seconds: z.number(),
  /** Operating system, processor, runtime: what the result holds for. */
  machine: z.array(z.object({ label: z.string(), value: z.string() })).readonly(),
  checks: z
    .array(
      z.object({
        id: z.string(),
        requirement: z.string(),
        expected: z.string(),
        /** What this installation answered, or why the check could not be carried out. */
        found: z.string(),
        passed: z.boolean(),
      }),
    )
    .readonly(),
})

export const validationOperations = operationTable({
  'validation.run': {
    summary: 'Validate this installation: run the checks with known answers on made-up evidence; no case is touched',
    input: z.object({}),
    output: validationResult,
    progress: z.object({ check: z.string(), done: z.int(), total: z.int() }),
    changes: false,
    cli: { command: 'validate' },
  },
  'validation.save': {
    summary: 'Print the result of the last validation, dated, on one page',
    input: z.object({
      grant,
      paper: z.enum(['A4', 'Letter']).default('A4'),
      /** Who ran it, for the page; empty leaves a line to write on. */
      examiner: z.string().max(200).default(''),
    }),
    output: z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), pages: z.int() }),
    changes: false,
    cli: { command: 'validate --out' },
  },
})
