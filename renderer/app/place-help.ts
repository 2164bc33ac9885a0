import type { Place } from '#shared/domain/view-address.ts'

/** The section of the manual (`renderer/features/help`) that F1 opens in each place. A test looks whether it is there. */
export const placeHelp: Readonly<Record<Place, string>> = {
  overview: 'first-steps',
  events: 'searching',
  timeline: 'searching',
  identities: 'searching',
  evidence: 'integrity-in-plain-words',
  story: 'printing',
  sql: 'sql',
  custody: 'the-custody-log',
  help: 'first-steps',
}
