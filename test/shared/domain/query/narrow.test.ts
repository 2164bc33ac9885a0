import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileMatcher } from '#shared/domain/query/matches.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { anyEvent, anyQuery } from './sample.ts'

const matches = (text: string) => {
  const parsed = parseQuery(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return compileMatcher(parsed.query)
}

describe('two queries as one', () => {
  it('means both, whatever they are', () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, anyEvent, (x, y, event) => {
        expect(matches(bothQueries(x, y))(event)).toBe(matches(x)(event) && matches(y)(event))
      }),
      { numRuns: 200 },
    )
  })

  it('puts parentheses around an OR only where it has a neighbour', () => {
    expect(bothQueries('a OR b', 'c')).toBe('(a OR b) c')
    expect(bothQueries('a OR b', ' ')).toBe('a OR b')
    expect(bothQueries('a', '*')).toBe('a')
    expect(bothQueries('', '')).toBe('')
  })

  it('leaves out a text that is no query', () => {
    expect(bothQueries('a OR (', 'b')).toBe('b')
  })

  it('quotes a value, and asks for the absence of none', () => {
    expect(isExactly('userAgent', 'a" OR *')).toBe('userAgent:"a\\" OR *"')
    expect(isExactly('errorCode', undefined)).toBe('-errorCode:*')
  })
})
