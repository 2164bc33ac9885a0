import { describe, expect, it } from 'vitest'
import type { OutputOf } from '#shared/contract/contract.ts'
import { mergeKinds, mergeSentence } from '#renderer/features/handover/merge-words.ts'

type Found = Parameters<typeof mergeSentence>[0]
type Conflict = OutputOf<'packages.mergePreview'>['conflicts'][number]
const evidence = { sources: 0, newFiles: 0, knownFiles: 5, newEntries: 0, byHash: 0, filled: 0, records: 0 }
const conflict: Conflict = { target: 'tag:exfil', field: 'description', what: 'tag exfil', values: [] }
const found = (change: Partial<Found>): Found => ({
  evidence,
  annotations: { operations: 0, known: 0, kinds: [] },
  conflicts: [],
  nothingNew: false,
  ...change,
})

describe('what a merge would bring, in a sentence', () => {
  it('counts what is new by kind, and the conflicts', () => {
    const kinds = [
      { kind: 'bookmark' as const, added: 12, changed: 0, removed: 0 },
      { kind: 'finding' as const, added: 1, changed: 2, removed: 1 },
    ]
    const some = found({
      evidence: { ...evidence, newFiles: 2 },
      annotations: { operations: 16, known: 3, kinds },
      conflicts: [conflict, conflict, conflict],
    })
    expect(mergeSentence(some)).toBe('2 new files, 12 new bookmarks, 1 new finding, 2 changed, 1 removed, 3 conflicts.')
    expect(mergeKinds(some)).toEqual([
      { what: 'Bookmarks', words: '12 new, 0 changed, 0 removed' },
      { what: 'Findings', words: '1 new, 2 changed, 1 removed' },
    ])
  })

  it('says so when there is nothing new', () => {
    expect(mergeSentence(found({ nothingNew: true }))).toContain('nothing that this case does not have')
  })
})
