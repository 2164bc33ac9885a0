import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileMatcher } from '#shared/domain/query/matches.ts'
import { documentFieldText } from '#shared/domain/query/names.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { filterAgainst, filterFor } from '#shared/domain/query/edit.ts'
import { anyEvent, anyQuery, event, finds, hostileText, tree } from './sample.ts'

describe('filterFor and filterAgainst', () => {
  it.each([
    ['', 'eventName', 'ConsoleLogin', 'eventName:ConsoleLogin'],
    ['*', 'eventName', 'ConsoleLogin', 'eventName:ConsoleLogin'],
    ['alice', 'userAgent', 'a "b" c', 'alice userAgent:"a \\"b\\" c"'],
    ['a OR b', 'eventName', 'X', '(a OR b) eventName:X'],
    ['(a OR b)', 'eventName', 'X', '(a OR b) eventName:X'],
    ['(a) OR (b)', 'eventName', 'X', '((a) OR (b)) eventName:X'],
    ['a  EVENTNAME:X', 'eventName', 'X', 'a  EVENTNAME:X'],
    ['a AND -eventName:X AND b', 'eventName', 'X', 'a b eventName:X'],
    ['-eventName:X', 'eventName', 'X', 'eventName:X'],
    ['(a OR b) -eventName:X', 'eventName', 'X', '(a OR b) eventName:X'],
    ['', 'sourceIPAddress', '203.0.113.7', 'sourceIPAddress:203.0.113.7'],
    ['', 'sourceIPAddress', '2001:db8::1', 'sourceIPAddress:"2001:db8::1"'],
    ['', 'principal', 'alice', 'principal:"alice"'],
    ['', 'eventName', 'Delete*', 'eventName:"Delete*"'],
    ['', 'tag', 'OR', 'tag:"OR"'],
    ['', 'errorCode', undefined, '-errorCode:*'],
    ['errorCode:*', 'errorCode', undefined, '-errorCode:*'],
    ['', 'bookmark', 'yes', 'bookmark:yes'],
    [
      'a -time:2023-07-10',
      'eventTime',
      '2023-07-10',
      'a eventTime>=2023-07-10T00:00:00Z eventTime<2023-07-11T00:00:00Z',
    ],
    ['a time:2023-07-10', 'eventTime', '2023-07-10', 'a time:2023-07-10'],
    ['(broken', 'eventName', 'X', '(broken eventName:X'],
    ['tag:(a OR b)', 'eventName', 'X', '(tag:(a OR b)) eventName:X'],
    ['tag:(a b) -eventName:X', 'eventName', 'X', 'tag:a tag:b eventName:X'],
    ['a\\ ', 'eventName', 'X', 'a\\  eventName:X'],
  ])('in %j for %s %j gives %j', (text, field, value, expected) => {
    expect(filterFor(text, field, value)).toBe(expected)
  })

  it.each([
    ['', 'eventName', 'X', '-eventName:X'],
    ['a eventName:X', 'eventName', 'X', 'a -eventName:X'],
    ['a -eventName:X', 'eventName', 'X', 'a -eventName:X'],
    ['eventName!=X', 'eventName', 'X', 'eventName!=X'],
    ['', 'errorCode', undefined, 'errorCode:*'],
    [
      'a time:2023-07-10 b',
      'eventTime',
      '2023-07-10',
      'a b -(eventTime>=2023-07-10T00:00:00Z eventTime<2023-07-11T00:00:00Z)',
    ],
  ])('in %j against %s %j gives %j', (text, field, value, expected) => {
    expect(filterAgainst(text, field, value)).toBe(expected)
  })

  it('finds exactly the value that was clicked, whatever an attacker wrote', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (value, name) => {
        for (const field of ['eventName', 'principal', 'access', 'integrity', 'tag', 'eventID', 'service'] as const) {
          const parsed = tree(filterFor('', field, value))
          expect(parsed).toMatchObject({ kind: 'equals', value })
        }
        expect(finds(filterFor('', 'userAgent', value), { userAgent: value })).toBe(true)
        expect(finds(filterAgainst('', 'userAgent', value), { userAgent: value })).toBe(false)
        const field = documentFieldText('requestParameters', [name, 'x'])
        const document = event({
          requestParameters: JSON.parse(`{${JSON.stringify(name)}:[{"x":${JSON.stringify(value)}}]}`),
        })
        expect(compileMatcher(tree(filterFor('', field, value)))(document)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('adds exactly one condition to any query, once', () => {
    fc.assert(
      fc.property(anyQuery, hostileText, anyEvent, (text, value, sample) => {
        const before = compileMatcher(tree(text))
        const alone = compileMatcher(tree(filterFor('', 'eventName', value)))
        const added = filterFor(text, 'eventName', value)
        expect(compileMatcher(tree(added))(sample)).toBe(before(sample) && alone(sample))
        expect(filterFor(added, 'eventName', value)).toBe(added)
        expect(parseQuery(filterAgainst(added, 'eventName', value)).ok).toBe(true)
      }),
      { numRuns: 700 },
    )
  })
})
