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

const isKind = (text: string): text is EntityKind => (entityKinds as readonly string[]).includes(text)

export const kindWords: Readonly<
  Record<EntityKind, { readonly one: string; readonly many: string; readonly none: string }>
> = {
  principal: { one: 'Principal', many: 'Principals', none: 'No event names who acted.' },
  role: { one: 'Role', many: 'Roles', none: 'No event was made with an assumed role.' },
  session: { one: 'Session', many: 'Sessions', none: 'No event was made in a session of a role or a federated user.' },
  key: { one: 'Access key', many: 'Access keys', none: 'No event names an access key.' },
  address: { one: 'Address', many: 'Addresses', none: 'No event names an address.' },
  agent: { one: 'User agent', many: 'User agents', none: 'No event names a user agent.' },
  resource: { one: 'Resource', many: 'Resources', none: 'No event names a resource.' },
  bucket: { one: 'Bucket', many: 'Buckets', none: 'No call to S3 names a bucket.' },
  account: { one: 'Account', many: 'Accounts', none: 'No event names an account.' },
}
