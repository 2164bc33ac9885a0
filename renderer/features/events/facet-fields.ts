/** A field beside the grid: what it is called there, and whether its values are ids and addresses. */
export type FacetField = { readonly field: string; readonly label: string; readonly mono?: boolean }

export const facetFields: readonly FacetField[] = [
  { field: 'eventSource', label: 'service' },
  { field: 'eventName', label: 'event' },
  { field: 'principal', label: 'principal' },
  { field: 'userIdentity.accessKeyId', label: 'access key', mono: true },
  { field: 'sourceIPAddress', label: 'address', mono: true },
  { field: 'userAgent', label: 'agent', mono: true },
  { field: 'awsRegion', label: 'region' },
  { field: 'account', label: 'account', mono: true },
  { field: 'errorCode', label: 'error' },
  { field: 'eventCategory', label: 'category' },
  { field: 'readOnly', label: 'read or write' },
  { field: 'access', label: 'access' },
  { field: 'integrity', label: 'integrity' },
  { field: 'tag', label: 'tag' },
]

/** The fields whose values are compared when a span is marked. */
export const comparedFields: readonly string[] = [
  ...facetFields.map(({ field }) => field).filter((field) => field !== 'tag'),
  'userIdentity.type',
  'errorMessage',
  'resource',
]

/** What the bars can be stacked by. */
export const stackFields: readonly FacetField[] = [
  { field: 'eventSource', label: 'service' },
  { field: 'access', label: 'access' },
  { field: 'readOnly', label: 'read or write' },
  { field: 'eventCategory', label: 'category' },
  { field: 'integrity', label: 'integrity' },
  { field: 'awsRegion', label: 'region' },
  { field: 'principal', label: 'principal' },
  { field: 'sourceIPAddress', label: 'address' },
  { field: 'eventName', label: 'event' },
]

export const fieldLabel = (field: string): string => facetFields.find((facet) => facet.field === field)?.label ?? field
