import type { EvidenceFile } from '#shared/contract/sources.ts'

export type Outcome = EvidenceFile['outcome']

/** Which files are listed. */
export type FileFilter = { readonly outcome: Outcome | 'all'; readonly kind: string; readonly text: string }

export const allFiles: FileFilter = { outcome: 'all', kind: 'all', text: '' }
