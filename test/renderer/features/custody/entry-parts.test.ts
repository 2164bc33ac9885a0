import { describe, expect, it } from 'vitest'
import { entryParts } from '#renderer/features/custody/entry-parts.ts'

describe('what was noted about an act', () => {
  it('puts before and after side by side, and names what was not there', () => {
    const { changes, rest } = entryParts(
      JSON.stringify({ target: 'case', before: { title: 'A', scope: null }, after: { title: 'B', number: 'ACME-1' } }),
    )
    expect(changes).toEqual([
      { field: 'title', before: 'A', after: 'B' },
      { field: 'scope', before: null, after: null },
      { field: 'number', before: null, after: 'ACME-1' },
    ])
    expect(rest).toEqual([{ name: 'target', value: 'case' }])
  })
  it('shows text that is no JSON as it is', () => {
    expect(entryParts('{broken')).toEqual({ changes: [], rest: [{ name: 'noted', value: '{broken' }] })
  })
  it('is not misled by the names of members', () => {
    const { changes } = entryParts('{"before":{"constructor":"x"},"after":{"__proto__":"y"}}')
    expect(changes).toEqual([
      { field: 'constructor', before: 'x', after: null },
      { field: '__proto__', before: null, after: 'y' },
    ])
  })
  it('keeps a before that is no record', () => {
    expect(entryParts('{"before":"old"}')).toEqual({ changes: [], rest: [{ name: 'before', value: 'old' }] })
  })
})
