import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeComment } from '#engine/exchange/read-back/merge-comment.ts'

const origin = '(Imported from reviewed.csv, SHA-256 00)'
const exported = (words: { title: string; note: string }): string =>
  [words.title, words.note].filter((part) => part !== '').join('\n')

describe('a comment that comes back', () => {
  it('becomes title and note where nothing was said, with where it came from', () => {
    expect(mergeComment(undefined, 'Logging stopped\r\nLegit, says IT.', origin)).toEqual({
      title: 'Logging stopped',
      note: `Legit, says IT.\n\n${origin}`,
    })
    expect(mergeComment(undefined, 'x'.repeat(300), origin)?.title).toBe('')
  })
  it('adds only the new lines when it goes on from what stands there', () => {
    const here = { title: 'Logging stopped', note: 'By the stolen key' }
    expect(mergeComment(here, 'Logging stopped\nBy the stolen key\nLegit.', origin)).toEqual({
      title: 'Logging stopped',
      note: `By the stolen key\nLegit.\n\n${origin}`,
    })
  })
  it('goes below what stands there when it says something else', () => {
    const here = { title: 'Logging stopped', note: 'By the stolen key' }
    expect(mergeComment(here, 'Legit.', origin)?.note).toBe(`By the stolen key\n\nLegit.\n\n${origin}`)
  })
  it('adds nothing when it stands there already, but a part of a line is not that line', () => {
    const here = { title: 'Logging stopped', note: 'By the stolen key' }
    expect(mergeComment(here, 'Logging stopped\nBy the stolen key', origin)).toBeUndefined()
    expect(mergeComment(here, '  ', origin)).toBeUndefined()
    expect(mergeComment(here, 'stopped', origin)).toBeDefined()
  })
  it('knows a text with hidden characters again by how an export shows it', () => {
    expect(mergeComment({ title: 'a\u202eb', note: '' }, 'a\\u{202e}b', origin)).toBeUndefined()
  })
  it('never loses a word, and read a second time it adds nothing', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '=', '\u202e', '('), maxLength: 12 })
    fc.assert(
      fc.property(fc.option(fc.record({ title: text, note: text }), { nil: undefined }), text, (here, comment) => {
        const made = mergeComment(here, comment, origin)
        if (made === undefined) return
        if (here) {
          expect(made.title).toBe(here.title)
          expect(made.note.startsWith(here.note)).toBe(true)
        }
        expect(mergeComment(made, comment, origin)).toBeUndefined()
        expect(mergeComment(made, exported(made), origin)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })
})
