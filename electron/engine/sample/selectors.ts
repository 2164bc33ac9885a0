/** Event selectors of a trail before and after it was narrowed (PutEventSelectors). */
export const writesOnly = {
  readWriteType: 'WriteOnly',
  includeManagementEvents: true,
  dataResources: [],
  excludeManagementEventSources: ['kms.amazonaws.com'],
}
export const allEvents = {
  readWriteType: 'All',
  includeManagementEvents: true,
  dataResources: [],
  excludeManagementEventSources: [],
}
