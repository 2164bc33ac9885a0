/** What the timeline can be cut into lanes by. */
export const laneKinds = ['principal', 'accessKey', 'address', 'account', 'region', 'service', 'tag'] as const
export type LaneKind = (typeof laneKinds)[number]

/** The field of a query that a lane filters by. */
export const laneFields: Readonly<Record<LaneKind, string>> = {
  principal: 'principal',
  accessKey: 'userIdentity.accessKeyId',
  address: 'sourceIPAddress',
  account: 'account',
  region: 'awsRegion',
  service: 'eventSource',
  tag: 'tag',
}
