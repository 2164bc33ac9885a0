import { describe, expect, it } from 'vitest'
import { containerKinds } from '#engine/intake/types.ts'
import { digestVerdicts, logVerdicts } from '#shared/domain/integrity.ts'
import { kindWords, verdictWords } from '#renderer/features/evidence/words.ts'

describe('the words for files', () => {
  it('has one for every kind that the intake can find, and none besides', () => {
    expect([...kindWords.keys()].sort()).toEqual([...containerKinds].sort())
  })

  it('explains every verdict of logs and digests', () => {
    for (const verdict of [...logVerdicts, ...digestVerdicts]) {
      const words = verdictWords(verdict)
      expect(words?.says).not.toBe(verdict)
      expect(words?.means).not.toBe('')
    }
  })

  it('marks what was changed after delivery as altered, never as proven', () => {
    for (const verdict of ['LOG_MODIFIED', 'SIGNATURE_INVALID', 'HASH_MISMATCH_WITH_SUCCESSOR'])
      expect(verdictWords(verdict)?.mark).toBe('altered')
    expect(verdictWords('LOG_PROVEN')?.mark).toBe('proven')
  })

  it('says nothing where digests do not speak', () => {
    expect(verdictWords(null)).toBeUndefined()
  })
})
