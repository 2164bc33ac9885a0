import {
  documentFields,
  identifierFields,
  termFields,
  type DocumentField,
  type IdentifierField,
  type TermField,
} from '#shared/domain/fields.ts'

const TERMS = termFields.length

/** What becomes of a member. */
export const TERM = 0
const DOCUMENT = 1
export const IDENTIFIER = 2
export const TIME = 3
type Role = typeof TERM | typeof DOCUMENT | typeof IDENTIFIER | typeof TIME
/** `field`: its place in a row of ids, or among the identifiers. */
type Key = { readonly name: string; readonly role: Role; readonly field: number }

/** The members a record may have, but for those that the general reader must see and those that have no column. */
export const keys: readonly Key[] = [
  ...termFields
    .slice(0, termFields.indexOf('userIdentity.type'))
    .map((name, field): Key => ({ name, role: TERM, field })),
  ...documentFields
    .slice(0, documentFields.indexOf('otherFields'))
    .map((name, n): Key => ({ name, role: DOCUMENT, field: TERMS + n })),
  ...identifierFields.map((name, field): Key => ({ name, role: IDENTIFIER, field })),
  { name: 'eventTime', role: TIME, field: 0 },
]
/** By number of the key. */
export const roleOf = Uint8Array.from(keys, ({ role }) => role)
export const fieldOf = Uint8Array.from(keys, ({ field }) => field)
/** Keys with a few values that take turns. */
export const takesTurns: ReadonlySet<string> = new Set(['userAgent', 'tlsDetails', 'eventSource', 'sourceIPAddress'])
/** By name; none for a member without a column. */
export const numberOfKey = new Map(keys.map(({ name }, n) => [name, n]))
export const keyOf = (name: TermField | DocumentField | IdentifierField | 'eventTime'): number => numberOfKey.get(name)!
/** `"eventTime":` */
export const keyText: readonly Buffer[] = keys.map(({ name }) => Buffer.from(`"${name}":`))
/** In place of a key: the start of a record, and after a member without a column. */
export const NO_KEY = keys.length
