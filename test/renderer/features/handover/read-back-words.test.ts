import { describe, expect, it } from 'vitest'
import { readBackSentence } from '#renderer/features/handover/read-back-words.ts'

const tag = (name: string, events: number) => ({ name, events, isNew: true })

describe('what a file of tags and comments would add', () => {
  it('is said in one sentence, without what it does not add', () => {
    expect(readBackSentence({ tags: [tag('a', 11), tag('b', 1)], bookmarks: 3, notes: 1 })).toBe(
      '12 new tags on events, 3 new bookmarks, 1 note with more text.',
    )
    expect(readBackSentence({ tags: [], bookmarks: 1, notes: 0 })).toBe('1 new bookmark.')
  })
  it('is nothing, and says so, when the case has it all', () => {
    expect(readBackSentence({ tags: [], bookmarks: 0, notes: 0 })).toBe('Nothing that the case does not have.')
  })
})
