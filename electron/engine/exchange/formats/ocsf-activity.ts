export type ApiActivity = {
  readonly id: 1 | 2 | 3 | 4 | 99
  readonly name: 'Create' | 'Read' | 'Update' | 'Delete' | 'Other'
}

const CREATE = { id: 1, name: 'Create' } as const
const READ = { id: 2, name: 'Read' } as const
const UPDATE = { id: 3, name: 'Update' } as const
const DELETE = { id: 4, name: 'Delete' } as const
const OTHER = { id: 99, name: 'Other' } as const

/** First words of API names, by what they do. OCSF leaves the choice to the mapper. */
const VERBS = new Map<string, ApiActivity>([
  ...['Create', 'Run', 'Allocate', 'Import', 'Register', 'Request', 'Issue', 'Copy', 'Generate'].map(
    (v) => [v, CREATE] as const,
  ),
  ...[
    'Get',
    'List',
    'Describe',
    'Head',
    'Lookup',
    'Search',
    'Query',
    'Scan',
    'Select',
    'View',
    'Test',
    'Simulate',
    'Check',
    'Validate',
    'Decrypt',
  ].map((v) => [v, READ] as const),
  ...[
    'Update',
    'Put',
    'Modify',
    'Set',
    'Add',
    'Attach',
    'Detach',
    'Associate',
    'Disassociate',
    'Authorize',
    'Enable',
    'Disable',
    'Start',
    'Stop',
    'Reboot',
    'Change',
    'Tag',
    'Untag',
    'Upload',
    'Replace',
    'Reset',
    'Restore',
    'Rotate',
    'Deactivate',
    'Activate',
  ].map((v) => [v, UPDATE] as const),
  ...[
    'Delete',
    'Remove',
    'Terminate',
    'Deregister',
    'Release',
    'Revoke',
    'Purge',
    'Abort',
    'Cancel',
    'Close',
    'Leave',
  ].map((v) => [v, DELETE] as const),
])
/**
 * OCSF's activity of a call: by the API's first word (after `Batch`), else `Read` for calls that AWS marks read-only, else `Other`.
 * `AssumeRole` and `ConsoleLogin` are `Other`.
 */
export function apiActivity(eventName: string, readOnly: boolean): ApiActivity {
  const words = /^(?:Batch)?([A-Z][a-z0-9]*)/.exec(eventName)
  return VERBS.get(words?.[1] ?? '') ?? (readOnly ? READ : OTHER)
}
