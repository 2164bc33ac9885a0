import type { Brand } from '#shared/base/brand.ts'
import { formatUtc, utcMs, type UtcMs } from '#shared/base/time.ts'

type CaseId = Brand<string, 'CaseId'>
type RunId = Brand<string, 'RunId'>
declare const caseId: CaseId
declare function openCase(id: CaseId): void

openCase(caseId)
// @ts-expect-error text is not yet an id
openCase('c-1')
declare const runId: RunId
// @ts-expect-error the id of another thing
openCase(runId)
/** A brand costs nothing: the value is still the plain one. */
export const plain: string = caseId

formatUtc(utcMs(0))
// @ts-expect-error a number says nothing of its unit
formatUtc(0)
// @ts-expect-error nor does the result of arithmetic, until someone vouches for it
export const later: UtcMs = utcMs(0) + 1000
