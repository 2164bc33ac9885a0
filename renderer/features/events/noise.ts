import type { EventQuery } from '#shared/domain/query/query.ts'
import { toggleFacet } from '#shared/domain/view-address.ts'
import { hasFacet } from './filters.ts'

/** A kind of event that often hides the rest. Folding it away is a filter like any other: it stands in the query and is taken off there. */
export type Noise = {
  readonly id: string
  readonly label: string
  readonly field: string
  readonly value: string
}

export const noises: readonly Noise[] = [
  { id: 'services', label: 'Calls by AWS services', field: 'userIdentity.type', value: 'AWSService' },
  { id: 'service-events', label: 'Service events (no API call)', field: 'eventType', value: 'AwsServiceEvent' },
  { id: 'console', label: 'Calls that the console makes', field: 'sessionCredentialFromConsole', value: 'true' },
  { id: 'reads', label: 'Reads', field: 'readOnly', value: 'true' },
]

export const isFolded = (query: EventQuery, noise: Noise): boolean => hasFacet(query, noise.field, noise.value, true)

export const toggleNoise = (query: EventQuery, noise: Noise): EventQuery =>
  toggleFacet(query, noise.field, noise.value, true)
