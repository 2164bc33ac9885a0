import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, words } from '#shared/domain/query/words.ts'
import { hostileText } from './sample.ts'

describe('words', () => {
  it.each([
    ['s3-exfil-role', ['s3', 'exfil', 'role']],
    ['arn:aws:iam::123456789012:user/Alice', ['arn', 'aws', 'iam', '123456789012', 'user', 'alice']],
    ['snake_case', ['snake', 'case']],
    ['a\u0000b\u202ec', ['a', 'b', 'c']],
    ['Straße ΟΔΟΣ', ['straße', 'οδοσ']],
    ['e\u0301te', ['e\u0301te']],
    ['日本 語', ['日本', '語']],
    ['', []],
    [' -/- ', []],
  ])('parts %j', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })

  it('folds a text part by part, so that a part of a text stays a part', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        // Two halves of a surrogate pair are one character only when they meet.
        fc.pre(!/[\ud800-\udbff]$/.test(a) || !/^[\udc00-\udfff]/.test(b))
        expect(fold(a + b)).toBe(fold(a) + fold(b))
        expect(words(`${a} ${b}`)).toEqual([...words(a), ...words(b)])
      }),
    )
  })
})
