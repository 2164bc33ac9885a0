import { describe, expect, it } from 'vitest'
import { describeQuery } from '#shared/domain/query/describe.ts'
import { tree } from './sample.ts'

describe('describeQuery', () => {
  it.each([
    ['', 'every event'],
    [
      'eventName:Delete* -userIdentity.invokedBy:* ip:203.0.113.0/24',
      'event name starts with Delete, not called by an AWS service, from 203.0.113.0/24',
    ],
    ['eventName:A OR eventName:B', 'either event name is A or event name is B'],
    ['a (b OR -c)', 'mentions "a", (either mentions "b" or does not mention "c")'],
    ['-(a b)', 'not (mentions "a", mentions "b")'],
    ['exfil*', 'mentions a word that starts with "exfil"'],
    ['*exfil*', 'mentions "exfil" anywhere (scans every text)'],
    ['/x+/', 'any text matches /x+/ (scans every text)'],
    ['-/x+/', 'no text matches /x+/ (scans every text)'],
    ['eventName:*Bucket*', 'event name contains Bucket'],
    ['eventName:G?t*x', 'event name fits G?t*x'],
    ['-errorCode:*', 'error code is absent'],
    ['requestParameters.max>=100', 'requestParameters.max is at least 100'],
    ['eventTime>=2023-07-10T12:00Z', 'at or after 2023-07-10 12:00:00Z'],
    ['tag:exfil bookmark:yes integrity:modified', 'tagged "exfil", bookmarked, integrity is modified'],
    ['access:denied readOnly:false', 'denied, a write'],
    ['principal:alice', 'principal is alice or has that name in its ARN'],
    ['ip:2001:db8::1', 'from 2001:db8::1'],
    ['10.0.0.0/8', 'any address in 10.0.0.0/8'],
  ])('says of %j: %s', (text, expected) => {
    expect(describeQuery(tree(text))).toBe(expected)
  })

  it('shows hidden characters as escapes', () => {
    expect(describeQuery(tree('eventName:"a\u202eb" "\u0000"'))).toBe(
      'event name is "a\\u{202e}b", mentions "\\u{0}" (scans every text)',
    )
  })
})
