import fc from 'fast-check'
import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import type { DocumentField, IdentifierField, TermField } from '#shared/domain/fields.ts'
import type { EventVerdict } from '#shared/domain/integrity.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import { compileMatcher } from '#shared/domain/query/matches.ts'
import type { MatchableEvent } from '#shared/domain/query/matches.ts'
import { documentFieldText } from '#shared/domain/query/names.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import type { QueryNode } from '#shared/domain/query/ast.ts'
import { quote } from '#shared/domain/query/quote.ts'
import { parseUtc } from '#shared/base/time.ts'

export type Sample = Partial<Record<TermField | IdentifierField, string>> &
  Partial<Record<DocumentField, unknown>> & {
    time?: string
    tags?: string[]
    bookmarked?: boolean
    integrity?: EventVerdict
  }

/** An event from the few fields that a test is about. */
export function event(sample: Sample): MatchableEvent {
  return {
    timeMs: parseUtc(sample.time ?? '2023-07-10T12:00:00Z') ?? NaN,
    terms: termFields.map((field) => sample[field]),
    documents: documentFields.map((field) => sample[field]),
    identifiers: identifierFields.map((field) => sample[field]),
    tags: sample.tags ?? [],
    bookmarked: sample.bookmarked ?? false,
    integrity: sample.integrity ?? 'none',
  }
}

/** The tree of a text that must be a query. */
export function tree(text: string): QueryNode {
  const parsed = parseQuery(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message} at ${parsed.start}-${parsed.end}`)
  return parsed.query
}

export const finds = (text: string, sample: Sample): boolean => compileMatcher(tree(text))(event(sample))

/** Texts as attackers write them: query signs, hidden characters, halves of surrogate pairs, words of ours. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '*',
        '?',
        '(',
        ')',
        ':',
        '-',
        '/',
        ' ',
        '\n',
        '\u0000',
        '\u202e',
        '\u200b',
        '\ud800',
        '\udc00',
        'a',
        'Z',
        'ς',
        'Σ',
        'İ',
        '\\u{41}',
        '=',
        '>',
        '.',
        '|',
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'AND',
    'OR',
    'NOT',
    '',
    '*',
    '-',
    'yes',
    'no',
    '0.0.0.0/0',
    '203.0.113.7',
    '2001:DB8::1',
    'arn:aws:iam::1:user/x',
    '/x/',
    '2023-07-10',
    '1e3',
    '__proto__',
  ),
)

const pool = [
  'alice',
  'Bob',
  's3-exfil-role',
  'arn:aws:iam::123456789012:role/Admin',
  '203.0.113.7',
  '2001:db8::1',
  '10.0.0.0/8',
  '100',
  '',
  'a b',
  'Straße',
  'x_y',
]
const poolText = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pool) }, { weight: 1, arbitrary: hostileText })
const poolValue: fc.Arbitrary<unknown> = fc.oneof(
  poolText,
  fc.constantFrom(null, true, 7, 100, {}, []),
  fc.array(poolText, { maxLength: 2 }),
  fc.record(
    { bucketName: poolText, 'aws:x': fc.array(fc.record({ deep: poolText }), { maxLength: 2 }) },
    { requiredKeys: [] },
  ),
)

const askedTerms = ['eventName', 'sourceIPAddress', 'errorCode', 'principal', 'eventSource', 'readOnly'] as const

export const anyEvent: fc.Arbitrary<MatchableEvent> = fc
  .record(
    {
      eventName: poolText,
      sourceIPAddress: poolText,
      errorCode: poolText,
      principal: poolText,
      eventSource: fc.constantFrom('s3.amazonaws.com', 'iam.amazonaws.com.cn', 'odd'),
      readOnly: fc.constantFrom('true', 'false'),
      requestParameters: poolValue,
      responseElements: poolValue,
      eventID: poolText,
      time: fc.constantFrom('2023-07-10T11:59:59Z', '2023-07-10T12:00:00Z', '2023-07-11T00:00:00Z'),
      tags: fc.array(poolText, { maxLength: 2 }),
      bookmarked: fc.boolean(),
      integrity: fc.constantFrom(...eventVerdicts),
    },
    { requiredKeys: [] },
  )
  .map((sample) => event(sample))

const anyFieldText = fc.oneof(
  fc.constantFrom<string>(
    ...askedTerms,
    'tag',
    'eventID',
    'service',
    'role',
    'resource',
    'requestParameters',
    'RequestParameters.bucketName',
    'otherFields.x',
  ),
  fc.array(hostileText, { minLength: 1, maxLength: 2 }).map((path) => documentFieldText('responseElements', path)),
)
const pattern = fc
  .array(fc.constantFrom('*', '?', 'a', 'exfil', 'ice', '\\-', '\\ ', 'b', '3'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))

/** Texts that are queries: conditions of every form. */
export const anyCondition: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(anyFieldText, poolText.map(quote)).map(([field, value]) => `${field}:${value}`),
  fc.tuple(anyFieldText, pattern).map(([field, value]) => `${field}:${value}`),
  fc
    .tuple(
      anyFieldText,
      fc.constantFrom('*', '/li.e/', '/^[a-z]+$/', '203.0.113.0/24', '2001:db8::/32', '(alice OR -Bob)'),
    )
    .map(([field, value]) => `${field}:${value}`),
  fc
    .tuple(
      fc.constantFrom('requestParameters', 'errorCode'),
      fc.constantFrom('>', '>=', '<', '<='),
      fc.constantFrom('7', '-1', '1e2'),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('>', '>=', '<', '<=', ':', '!='),
      fc.constantFrom('2023-07-10', '2023-07-10T12:00Z', '2023-07-10T12:00:00.5Z'),
    )
    .map(([operator, time]) => `eventTime${operator}${time}`),
  poolText.filter((text) => text !== '').map(quote),
  pattern,
  fc.constantFrom(
    '*',
    'bookmark:yes',
    'bookmark:no',
    'integrity:modified',
    'readOnly!=yes',
    'exfil',
    'alice',
    '/ex.il/',
    '10.0.0.0/8',
    's3-exfil',
    'arn:aws:iam::123456789012:role/Admin',
    'principal:\\u{4e}OT',
  ),
)

/** Conditions joined in every way. */
export const anyQuery: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyCondition,
    fc.tuple(tie('query'), fc.constantFrom(' ', ' AND ', ' OR '), tie('query')).map((parts) => parts.join('')),
    tie('query').map((query) => `(${query})`),
    tie('query').map((query) => `NOT (${query})`),
    tie('query').map((query) => `-(${query})`),
  ),
})).query
