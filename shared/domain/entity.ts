/** What can have a page of its own, and the field that names it. */
export const entityKinds = {
  principal: 'principal',
  role: 'userIdentity.sessionContext.sessionIssuer.arn',
  key: 'userIdentity.accessKeyId',
  address: 'sourceIPAddress',
  agent: 'userAgent',
  resource: 'resource',
  account: 'account',
} as const
export type EntityKind = keyof typeof entityKinds
