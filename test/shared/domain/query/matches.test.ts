import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Comparison } from '#shared/domain/query/ast.ts'
import { compileMatcher, documentPredicate, termPredicate } from '#shared/domain/query/matches.ts'
import { anyEvent, anyQuery, finds, tree } from './sample.ts'
import type { Sample } from './sample.ts'

const rich: Sample = {
  time: '2023-07-10T12:03:44Z',
  eventName: 'PutBucketPolicy',
  eventSource: 's3.amazonaws.com',
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2.15 Python/3.11',
  readOnly: 'false',
  access: 'denied',
  errorCode: 'AccessDenied',
  principal: 'arn:aws:sts::123456789012:assumed-role/Admin/alice',
  'userIdentity.arn': 'arn:aws:sts::123456789012:assumed-role/Admin/alice',
  'userIdentity.accessKeyId': '',
  'userIdentity.sessionContext.sessionIssuer.arn': 'arn:aws:iam::123456789012:role/Admin',
  requestParameters: {
    bucketName: 'logs-prod',
    maxResults: 250,
    dryRun: true,
    nothing: null,
    ipPermissions: { items: [{ cidrIp: ['0.0.0.0/0'] }, [{ cidrIp: '10.0.0.0/8', fromPort: 22 }]] },
    'aws:SourceArn': { 'a.b': 'Straße' },
    empty: {},
    none: [],
  },
  responseElements: null,
  resources: [{ ARN: 'arn:aws:s3:::logs-prod', accountId: '123456789012' }],
  otherFields: { insightDetails: { state: 'Start' } },
  eventID: '3038ebd2-c98a-4c65-9b6e-e22506292313',
  tags: ['Exfil', 'to check'],
  bookmarked: true,
  integrity: 'modified',
}

describe('compileMatcher', () => {
  it.each([
    'eventName:putbucketpolicy',
    'eventName:Put*Policy',
    'eventName:?ut*',
    'eventName:*',
    '-errorMessage:*',
    'errorCode:/^access/',
    'errorCode:/(?-i)AccessD/',
    'service:s3',
    'service:S3.amazonaws.com',
    'service:s*',
    'eventSource:s3.amazonaws.com',
    'principal:alice',
    'principal:ADMIN',
    'principal:al*',
    'principal:arn:aws:sts::*',
    'principal:"arn:aws:sts::123456789012:assumed-role/Admin/alice"',
    'role:Admin',
    'key:""',
    'key:*',
    'ip:203.0.113.0/24',
    'ip:203.0.113.7',
    'ip:203.0.113.7/32',
    'ip:::ffff:203.0.113.7',
    'readOnly:no',
    'access:denied',
    'eventTime:2023-07-10',
    'eventTime>=2023-07-10T12:03:44Z eventTime<2023-07-10T12:03:45Z',
    'eventTime<=2023-07-10',
    'requestParameters.bucketName:LOGS-*',
    'REQUESTPARAMETERS.BUCKETNAME:logs-prod',
    'requestParameters.maxResults>100',
    'requestParameters.maxResults:250',
    'requestParameters.maxResults<=250',
    'requestParameters.dryRun:true',
    'requestParameters.ipPermissions.items.cidrIp:0.0.0.0/0',
    'requestParameters.ipPermissions.items.cidrIp:10.0.0.0/8',
    'requestParameters.ipPermissions.items.fromPort<1024',
    'requestParameters.ipPermissions:10.0.0.0/8',
    'requestParameters."aws:SourceArn"."a.b":STRASSE OR requestParameters."aws:SourceArn"."a.b":straße',
    'requestParameters:logs-prod',
    'requestParameters.empty:*',
    'requestParameters.none:*',
    'requestParameters:*',
    '-requestParameters.nothing:*',
    '-responseElements:*',
    'resources.arn:*logs-prod',
    'insightDetails.state:Start',
    'otherFields.insightDetails.state:Start',
    'eventID:3038EBD2-C98A-4c65-9b6e-e22506292313',
    'eventID:3038*',
    'tag:exfil',
    'tag:"to check"',
    'tag:*',
    '-tag:other',
    'bookmark:yes',
    'integrity:modified',
    'integrity:mod*',
    'exfil OR logs',
    'prod',
    'python',
    'aws-cli/2.15',
    '"Python/3.11"',
    '3038ebd2-c98a-4c65-9b6e-e22506292313',
    'arn:aws:s3:::logs-prod',
    'bucketname',
    'bucket*',
    '*cketNa*',
    'put*policy',
    '/ali[bc]e/',
    '203.0.113.0/24',
    '0.0.0.0/0',
    '22',
    'eventName:(Get* OR Put*)',
  ])('finds the event by %s', (text) => {
    expect(finds(text, rich)).toBe(true)
  })

  it.each([
    'eventName:Put',
    'eventName:Put?',
    'eventName:"Put*"',
    'eventName:/^bucket/',
    'errorCode:/(?-i)accessd/',
    'service:s',
    'principal:"alice"',
    'principal:ali',
    'userIdentity.userName:*',
    'ip:203.0.114.0/24',
    'ip:2001:db8::/32',
    'eventTime>2023-07-10',
    'eventTime<2023-07-10T12:03:44Z',
    'eventTime:2023-07-10T12:03Z eventTime:2023-07-10T12:04Z',
    'requestParameters.bucket:*',
    'requestParameters.nothing:*',
    'responseElements:*',
    'requestParameters.maxResults>250',
    'requestParameters.bucketName>1',
    'requestParameters.ipPermissions.items.cidrIp:1.0.0.0/8',
    'requestParameters.ipPermissions.items.0.cidrIp:*',
    'requestParameters.toString:*',
    'requestParameters.__proto__:*',
    'tag:exfi',
    'bookmark:no',
    'integrity:proven',
    'exfil',
    'pro',
    'ucket*',
    'cli/2.1',
    '"python 3"',
    'NOT alice',
    '3038ebd2',
    'alice -admin',
    '9.0.0.0/8',
  ])('does not find the event by %s', (text) => {
    expect(finds(text, rich)).toBe(false)
  })

  it('finds addresses in any spelling', () => {
    const v6: Sample = { sourceIPAddress: '2001:0DB8:0:0::0001' }
    expect(finds('ip:2001:db8::1', v6)).toBe(true)
    expect(finds('ip:2001:db8::/32', v6)).toBe(true)
    expect(finds('ip:"2001:db8::1"', v6)).toBe(false)
    expect(finds('ip:10.0.0.0/8', { sourceIPAddress: '::ffff:10.1.2.3' })).toBe(true)
    expect(finds('ip:10.0.0.0/8', { sourceIPAddress: '010.1.2.3' })).toBe(false)
  })

  it('walks documents nested as deep as evidence can be without running out of stack', () => {
    let deep: unknown = 'needle'
    for (let level = 0; level < 100_000; level++) deep = level % 2 === 0 ? [deep] : { a: deep }
    expect(finds('needle', { requestParameters: deep })).toBe(true)
    expect(finds('requestParameters:needle', { requestParameters: deep })).toBe(true)
    expect(finds('requestParameters.a.a.a:other', { requestParameters: deep })).toBe(false)
  })

  it("keeps De Morgan's laws, double negation and distribution", () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, anyEvent, (a, b, event) => {
        const asks = (text: string): boolean => compileMatcher(tree(text))(event)
        expect(asks(`NOT ((${a}) OR (${b}))`)).toBe(asks(`NOT (${a}) AND NOT (${b})`))
        expect(asks(`NOT ((${a}) AND (${b}))`)).toBe(asks(`NOT (${a}) OR NOT (${b})`))
        expect(asks(`NOT (NOT (${a}))`)).toBe(asks(a))
        expect(asks(`(${a}) OR (${b})`)).toBe(asks(a) || asks(b))
      }),
      { numRuns: 700 },
    )
  })
})

describe('termPredicate and documentPredicate', () => {
  const comparison = (text: string): Comparison => tree(text) as Comparison

  it('say about one value what the query says about the event', () => {
    expect(termPredicate(comparison('service:s3'))('s3.amazonaws.com.cn')).toBe(true)
    expect(termPredicate(comparison('service:s3'))('s3express.amazonaws.com')).toBe(false)
    expect(termPredicate(comparison('exfil*'))('s3-exfiltrate')).toBe(true)
    expect(documentPredicate(comparison('requestParameters.a:x'))({ a: [{ b: 'X' }] })).toBe(true)
    expect(documentPredicate(comparison('requestParameters.a:x'))({ b: 'x' })).toBe(false)
    expect(documentPredicate(comparison('exfil'))({ 'to-exfil': 1 })).toBe(true)
  })
})
