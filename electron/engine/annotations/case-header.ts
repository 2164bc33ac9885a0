import type { CaseHeader } from '#shared/contract/cases.ts'
import type { Operation } from './operations-log.ts'

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

/** The case data as it stands after all `case.set` operations. */
export function foldHeader(operations: readonly Operation[]): CaseHeader {
  let header = emptyHeader
  for (const operation of operations)
    if (operation.type === 'case.set')
      header = { ...header, ...(operation.body as { after: Partial<CaseHeader> }).after }
  return header
}

/** Only what a change really changes, before and after: what the custody log keeps. */
export function headerChange(
  before: CaseHeader,
  wanted: Partial<CaseHeader>,
): { before: Partial<CaseHeader>; after: Partial<CaseHeader> } {
  const changed = (Object.keys(wanted) as (keyof CaseHeader)[]).filter(
    (key) => wanted[key] !== undefined && wanted[key] !== before[key],
  )
  const pick = (from: Partial<CaseHeader>) =>
    Object.fromEntries(changed.map((key) => [key, from[key]])) as Partial<CaseHeader>
  return { before: pick(before), after: pick(wanted) }
}
