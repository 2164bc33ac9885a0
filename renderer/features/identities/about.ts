import { entityKinds, type EntityKind } from '#shared/domain/entity.ts'

export type About = { readonly kind: EntityKind; readonly value: string }

/** `key:AKIA…` as it stands in the address; anything else is no page. */
export function parseAbout(text: string | null): About | undefined {
  if (text === null) return undefined
  const colon = text.indexOf(':')
  const kind = text.slice(0, colon)
  return isKind(kind) && text.length > colon + 1 ? { kind, value: text.slice(colon + 1) } : undefined
}

export const aboutText = ({ kind, value }: About): string => `${kind}:${value}`

const isKind = (text: string): text is EntityKind => Object.hasOwn(entityKinds, text)

export const kindNames = Object.keys(entityKinds) as EntityKind[]

export const kindWords: Readonly<
  Record<EntityKind, { readonly one: string; readonly many: string; readonly none: string }>
> = {
  principal: { one: 'Principal', many: 'Principals', none: 'No event names who acted.' },
  role: { one: 'Role', many: 'Roles', none: 'No event was made with an assumed role.' },
  key: { one: 'Access key', many: 'Access keys', none: 'No event names an access key.' },
  address: { one: 'Address', many: 'Addresses', none: 'No event names an address.' },
  agent: { one: 'User agent', many: 'User agents', none: 'No event names a user agent.' },
  resource: { one: 'Resource', many: 'Resources', none: 'No event names a resource.' },
  account: { one: 'Account', many: 'Accounts', none: 'No event names an account.' },
}

const kindOfField: Readonly<Record<string, EntityKind>> = Object.fromEntries(
  kindNames.map((kind) => [entityKinds[kind], kind]),
)

/** The kind whose page a value of this field has, if any. */
export const kindOf = (field: string): EntityKind | undefined =>
  Object.hasOwn(kindOfField, field) ? kindOfField[field] : undefined
