import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queryKey } from '#shared/domain/query/ast.ts'
import { maxQueryDepth, maxQueryLength, maxQueryTerms, parseQuery } from '#shared/domain/query/parse.ts'
import { printQuery } from '#shared/domain/query/print.ts'
import { anyQuery, hostileText, tree } from './sample.ts'

/** Two texts ask the same when they have the same canonical text. */
const canonical = (text: string): string => printQuery(tree(text))

describe('parseQuery', () => {
  it.each([
    ['', '*'],
    ['   ', '*'],
    ['*', '*'],
    ['EVENTNAME:ConsoleLogin', 'eventName:ConsoleLogin'],
    ['eventName=ConsoleLogin', 'eventName:ConsoleLogin'],
    ['eventName: ConsoleLogin', 'eventName:ConsoleLogin'],
    ['eventName!=ConsoleLogin', '-eventName:ConsoleLogin'],
    ['eventName:Delete*', 'eventName:Delete*'],
    ['eventName:**a', 'eventName:*a'],
    ['errorCode:*', 'errorCode:*'],
    ['NOT errorCode:*', '-errorCode:*'],
    ['NOT NOT alice', 'NOT -alice'],
    ['userIdentity.arn:"arn:aws:iam::1:user/a b"', 'userIdentity.arn:"arn:aws:iam::1:user/a b"'],
    ['userIdentity.arn:arn:aws:iam::1:user/x', 'userIdentity.arn:arn:aws:iam::1:user/x'],
    ['arn:arn:aws:iam::1:root', 'userIdentity.arn:arn:aws:iam::1:root'],
    ['arn:aws:iam::1:root', '"arn:aws:iam::1:root"'],
    ['sourceIPAddress:203.0.113.77/24', 'sourceIPAddress:203.0.113.0/24'],
    ['ip:2001:DB8::1', 'sourceIPAddress:2001:db8::1/128'],
    ['ip:203.0.113.7', 'sourceIPAddress:203.0.113.7'],
    ['2001:db8::1', '"2001:db8::1"'],
    ['alice ::1', 'alice "::1"'],
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['0.0.0.0/0', '"0.0.0.0/0"'],
    ['requestParameters.bucketName:logs-*', 'requestParameters.bucketName:logs-*'],
    ['bucket:logs', 'requestParameters.bucketName:logs'],
    ['requestParameters."aws:SourceArn":x', 'requestParameters."aws:SourceArn":x'],
    ['insightdetails.state:Start', 'insightDetails.state:Start'],
    ['otherFields.insightDetails.state:Start', 'insightDetails.state:Start'],
    ['requestParameters.maxResults > 100', 'requestParameters.maxResults>100'],
    ['event:a call:b source:c', 'eventName:a eventName:b eventSource:c'],
    ['user:a key:b region:c', 'userIdentity.userName:a userIdentity.accessKeyId:b awsRegion:c'],
    ['error:a agent:b category:c', 'errorCode:a userAgent:b eventCategory:c'],
    ['type:AwsApiCall identity:Root', 'eventType:AwsApiCall userIdentity.type:Root'],
    ['role:Admin', 'role:Admin'],
    ['role:"Admin"', 'userIdentity.sessionContext.sessionIssuer.arn:Admin'],
    ['readOnly:no managementEvent:yes', 'readOnly:false managementEvent:true'],
    ['bookmark:* -bookmark:no', 'bookmark:yes -bookmark:no'],
    ['Integrity:MODIFIED access:Denied', 'integrity:modified access:denied'],
    ['eventName:(Delete* OR "Put Object" -x)', 'eventName:Delete* OR eventName:"Put Object" AND -eventName:x'],
    ['a b OR c AND d', 'a AND b OR c AND d'],
    ['a (b OR c)', 'a (b OR c)'],
    ['(a b) c', 'a b c'],
    ['-(a b)', '-(a b)'],
    ['NOT(a OR b)', '-(a OR b)'],
    ['/ex.il\\/x/', '/ex.il\\/x/'],
    ['eventName:/^Get/', 'eventName:/^Get/'],
    ['"a \\"b\\" \\\\ \\u{202e}"', '"a \\"b\\" \\\\ \\u{202e}"'],
    ['a\\ b\\*', '"a b*"'],
    ['"AND"', '"AND"'],
    ['tag:"10.0.0.0/8" tag:10.0.0.0/8', 'tag:10.0.0.0/8 tag:10.0.0.0/8'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  it.each([
    ['eventTime>=2023-07-10T12:00Z', 'eventTime>=2023-07-10T12:00:00Z'],
    ['eventTime<2023-07-10T14:00:00+02:00', 'eventTime<2023-07-10T12:00:00Z'],
    ['eventTime>2023-07-10T12:00Z', 'eventTime>=2023-07-10T12:00:00.001Z'],
    ['eventTime<=2023-07-10T12:00:00Z', 'eventTime<2023-07-10T12:00:00.001Z'],
    ['eventTime>2023-07-10', 'eventTime>=2023-07-11T00:00:00Z'],
    ['eventTime<=2023-07-10', 'eventTime<2023-07-11T00:00:00Z'],
    ['time:2023-07-10', 'eventTime>=2023-07-10T00:00:00Z eventTime<2023-07-11T00:00:00Z'],
    ['time="2023-07-10 12:00"', 'eventTime>=2023-07-10T12:00:00Z eventTime<2023-07-10T12:01:00Z'],
    ['time:2023-07-10T12:00:07Z', 'eventTime>=2023-07-10T12:00:07Z eventTime<2023-07-10T12:00:08Z'],
    ['time:2023-07-10T12:00:07.250Z', 'eventTime>=2023-07-10T12:00:07.250Z eventTime<2023-07-10T12:00:07.251Z'],
    ['eventTime:*', '*'],
  ])('reads the time %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  it.each([
    ['eventNam:x', 0, 8, 'There is no field eventNam', 'Did you mean eventName?'],
    ['a  bucketName:x', 3, 13, 'There is no field bucketName', '"bucketName:x"'],
    ['userName:x', 0, 8, 'There is no field userName', 'Did you mean userIdentity.userName?'],
    ['eventName.x:1', 0, 11, 'eventName has no parts', 'eventName:'],
    ['requestParameters..x:1', 0, 20, 'is missing', 'Dots stand between parts'],
    ['eventName:', 0, 10, 'A value is missing after eventName:', '*'],
    ['eventName: AND a', 0, 10, 'A value is missing', ''],
    [':x', 0, 1, 'A field name is missing before :', ''],
    ['a "b', 2, 4, 'The closing quote is missing', ''],
    ['"a"b', 3, 4, 'must be followed by a blank', ''],
    ['a"b', 1, 2, 'A quote inside a word', ''],
    ['""', 0, 2, 'nothing between the quotes', 'field:""'],
    ['a\\b', 1, 3, 'A backslash must stand before the sign', '\\\\'],
    ['"\\u{110000}"', 1, 11, 'There is no such character', ''],
    ['a(b', 1, 2, 'A parenthesis inside a word', ''],
    ['(a', 0, 1, 'never closed', ''],
    ['a)', 1, 2, 'never opened', ''],
    ['()', 1, 2, 'missing before the parenthesis', ''],
    ['a AND', 5, 5, 'missing at the end', ''],
    ['a OR OR b', 5, 7, 'missing before OR', ''],
    ['AND a', 0, 3, 'missing before AND', '"AND"'],
    ['NOT', 3, 3, 'missing at the end', ''],
    ['- a', 0, 1, 'directly before what it excludes', ''],
    ['--a', 0, 1, 'directly before what it excludes', ''],
    ['/a(b/', 1, 4, 'missing closing )', 'RE2'],
    ['eventName:/x[z-a]/', 13, 16, 'invalid character class range', 'RE2'],
    ['/x(?=a)/', 2, 5, 'look-ahead and look-behind are not supported', ''],
    ['/(?<!a)x/', 1, 5, 'look-ahead and look-behind are not supported', ''],
    ['/(a)\\1/', 4, 6, 'back-references are not supported', ''],
    ['/' + '(?:a{1000}|b)'.repeat(6) + '/', 1, 79, 'too large a program', ''],
    ['/aws/lambda', 5, 6, 'ends with / and a blank', 'put it in quotes'],
    ['/aws', 0, 4, 'The closing / of the regular expression is missing', 'put it in quotes'],
    ['/a\u202e/', 0, 4, 'cannot be seen', '\\x{202e}'],
    ['eventTime>=soon', 11, 15, 'This is not a time', '2023-07-10'],
    ['eventTime:/2023/', 10, 16, 'This is not a time', ''],
    ['eventTime>=2023-02-30', 11, 21, 'This is not a time', ''],
    ['eventName>x', 10, 11, 'compares numbers and times only', 'eventName:'],
    ['tag>5', 4, 5, 'compares numbers and times only', ''],
    ['eventName>(1 OR 2)', 9, 10, '> takes one value', ''],
    ['bookmark:maybe', 9, 14, 'A bookmark is there or not', 'bookmark:yes'],
    ['access:deneid', 7, 13, 'access is never "deneid"', 'Did you mean denied?'],
    ['integrity:broken', 10, 16, 'integrity is never "broken"', 'modified'],
  ])('points at the fault in %s', (text, start, end, message, hint) => {
    const parsed = parseQuery(text)
    expect(parsed).toMatchObject({ ok: false, code: 'query-syntax', start, end })
    expect(parsed.ok ? '' : parsed.message).toContain(message)
    expect(parsed.ok ? '' : parsed.hint).toContain(hint)
  })

  it('refuses a text that is too long, too deep or has too many conditions, and reads one at the limit', () => {
    const deep = (levels: number): string => '('.repeat(levels) + 'a' + ')'.repeat(levels)
    const many = (terms: number): string => Array.from({ length: terms }, () => 'a').join(' ')
    expect(parseQuery('a'.repeat(maxQueryLength)).ok).toBe(true)
    expect(parseQuery('a'.repeat(maxQueryLength + 1))).toMatchObject({ ok: false, start: maxQueryLength })
    expect(parseQuery(deep(maxQueryDepth)).ok).toBe(true)
    expect(parseQuery(deep(maxQueryDepth + 1))).toMatchObject({ ok: false, start: maxQueryDepth })
    expect(parseQuery('NOT '.repeat(maxQueryDepth + 1) + 'a').ok).toBe(false)
    expect(parseQuery(many(maxQueryTerms)).ok).toBe(true)
    expect(parseQuery(many(maxQueryTerms + 1))).toMatchObject({ ok: false, start: maxQueryTerms * 2 })
  })

  it.each([
    ['alice or bob', 6, 8],
    ['eventName:"Delete*"', 10, 19],
    ['2023-07-10', 0, 10],
    ['type:Root', 5, 9],
  ])('notes what is right but may not be meant in %s', (text, start, end) => {
    const parsed = parseQuery(text)
    expect(parsed.ok ? parsed.notes : []).toMatchObject([{ start, end }])
  })

  it('has no note on an ordinary query', () => {
    expect(parseQuery('eventName:Delete* alice OR "b c"')).toMatchObject({ ok: true, notes: [] })
  })

  it('gives every part its place in the text', () => {
    const query = tree('a (b OR -c) eventName:"x y"')
    expect(query.kind === 'and' ? query.children.map(({ span }) => [span.start, span.end]) : []).toEqual([
      [0, 1],
      [2, 11],
      [12, 27],
    ])
  })

  it('never throws, and points inside the text, whatever the text', () => {
    const soup = fc.array(
      fc.oneof(
        hostileText,
        fc.constantFrom(' ', 'eventName:', 'eventTime>', 'tag:(', '(', ')', ' OR ', 'NOT ', '/a', '"'),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(soup, (parts) => {
        const text = parts.join('')
        const parsed = parseQuery(text)
        if (parsed.ok) return
        expect(parsed.start).toBeGreaterThanOrEqual(0)
        expect(parsed.end).toBeGreaterThanOrEqual(parsed.start)
        expect(parsed.end).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('printQuery', () => {
  it('prints a text that parses to the same tree, and prints the same again', () => {
    fc.assert(
      fc.property(anyQuery, (text) => {
        const query = tree(text)
        const printed = printQuery(query)
        const again = tree(printed)
        expect(queryKey(again)).toBe(queryKey(query))
        expect(printQuery(again)).toBe(printed)
      }),
      { numRuns: 2000 },
    )
  })

  it('never prints a character that cannot be seen', () => {
    expect(canonical('"a\u202eb\u0000" tag:x\u200b*')).toBe('"a\\u{202e}b\\u{0}" tag:x\\u{200b}*')
  })
})
