import { z } from 'zod'
import { caseHeader, type CaseHeader } from '#shared/contract/cases.ts'
import { foldFields, replacesOf, shownValue, type FoldedObject } from './fold-fields.ts'
import type { Operation } from './operations-log.ts'

/** What the body of a `case.set` operation holds: the values before and after, and per field the operations whose values were in sight. */
export const headerChangeBody = z.strictObject({
  before: z.strictObject(caseHeader.shape).partial(),
  after: z.strictObject(caseHeader.shape).partial(),
  replaces: z.record(z.string().max(100), z.array(z.string().min(1).max(100)).max(1000)),
})
export type HeaderChange = {
  readonly before: Partial<CaseHeader>
  readonly after: Partial<CaseHeader>
  readonly replaces: Readonly<Record<string, readonly string[]>>
}

/** A case of which nothing has been said yet. */
export const emptyHeader: CaseHeader = {
  title: '',
  number: '',
  clientMatter: '',
  owner: '',
  authority: '',
  scope: '',
  questions: '',
  zone: 'UTC',
  tlp: 'TLP:AMBER',
}

/** The case data as one object, with the values that stand for each field: after a merge there may be several. */
export function foldCase(operations: readonly Operation[]): FoldedObject | undefined {
  const changes = operations
    .filter((operation) => operation.type === 'case.set')
    .map((operation) => ({ ...operation, target: 'case', ...(operation.body as HeaderChange) }))
  return foldFields(changes).get('case')
}

/** The case data as it is shown. */
export function headerOf(object: FoldedObject | undefined): CaseHeader {
  const fields = Object.keys(emptyHeader) as (keyof CaseHeader)[]
  const shown = fields.flatMap((field) => {
    const value = shownValue(object, field)
    return value === undefined ? [] : [[field, value]]
  })
  return { ...emptyHeader, ...(Object.fromEntries(shown) as Partial<CaseHeader>) }
}

/** Only what a change really changes, before and after, and what it knowingly replaces. */
export function headerChange(object: FoldedObject | undefined, wanted: Partial<CaseHeader>): HeaderChange {
  const before = headerOf(object)
  const changed = (Object.keys(wanted) as (keyof CaseHeader)[]).filter(
    (key) => wanted[key] !== undefined && wanted[key] !== before[key],
  )
  const pick = (from: Partial<CaseHeader>) =>
    Object.fromEntries(changed.map((key) => [key, from[key]])) as Partial<CaseHeader>
  return { before: pick(before), after: pick(wanted), replaces: replacesOf(object, changed) }
}
