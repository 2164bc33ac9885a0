import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toEvent } from '#engine/intake/to-event.ts'
import { eventFlags } from '#shared/domain/fields.ts'
import { document, flagged, record, term } from './evidence.ts'

const principal = (userIdentity: unknown) => term(toEvent(record(1, { userIdentity })), 'principal')
const access = (more: Record<string, unknown>) => term(toEvent(record(1, more)), 'access')
const resource = (requestParameters: unknown, resources?: unknown) =>
  term(toEvent(record(1, { requestParameters, resources })), 'resource')

describe('projection of a record to columns', () => {
  it('keeps terms, documents, identifiers and the time', () => {
    const event = toEvent(record(7, { readOnly: true, requestID: 'R7', tlsDetails: { tlsVersion: 'TLSv1.3' } }))
    expect(event.timeMs).toBe(Date.UTC(2024, 4, 1, 0, 7, 31))
    expect(term(event, 'eventSource')).toBe('s3.amazonaws.com')
    expect(term(event, 'readOnly')).toBe('true')
    expect(document(event, 'requestParameters')).toBe('{"bucketName":"vault","key":"report-7.pdf"}')
    expect(document(event, 'responseElements')).toBeUndefined()
    expect(document(event, 'tlsDetails')).toBe('{"tlsVersion":"TLSv1.3"}')
    expect(event.identifiers).toEqual(['00000000-0000-4000-8000-000000000007', 'R7', undefined])
    expect(event.flags).toBe(0)
  })

  it('reads identities of every shape', () => {
    const session = {
      sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::1:role/r', accountId: '444455556666' },
      attributes: { mfaAuthenticated: 'true' },
      sourceIdentity: 'ana',
    }
    const event = toEvent(
      record(1, { userIdentity: { type: 'AssumedRole', sessionContext: session, onBehalfOf: { userId: 'u-1' } } }),
    )
    expect(term(event, 'userIdentity.sessionContext.sessionIssuer.arn')).toBe('arn:aws:iam::1:role/r')
    expect(term(event, 'userIdentity.sessionContext.attributes.mfaAuthenticated')).toBe('true')
    expect(term(event, 'userIdentity.sessionContext.sourceIdentity')).toBe('ana')
    expect(term(event, 'userIdentity.onBehalfOf.userId')).toBe('u-1')
  })

  it('names who acted: ARN, issuer, user name, service, principal id, account, type', () => {
    expect(principal({ type: 'AssumedRole', arn: 'A', userName: 'u' })).toBe('A')
    expect(principal({ sessionContext: { sessionIssuer: { arn: 'I' } }, userName: 'u' })).toBe('I')
    expect(principal({ userName: 'u', invokedBy: 's' })).toBe('u')
    expect(principal({ type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' })).toBe('cloudtrail.amazonaws.com')
    expect(principal({ principalId: 'P', accountId: '1' })).toBe('P')
    expect(principal({ type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' })).toBe(
      'ANONYMOUS_PRINCIPAL',
    )
    expect(principal({ type: 'Unknown' })).toBe('Unknown')
    expect(principal(null)).toBeUndefined()
  })

  it('attributes an event to its recipient, else the identity, else the session issuer', () => {
    const account = (more: Record<string, unknown>) => term(toEvent(record(1, more)), 'account')
    const sessionContext = { sessionIssuer: { accountId: '3' } }
    expect(account({ recipientAccountId: '1', userIdentity: { accountId: '2', sessionContext } })).toBe('1')
    expect(account({ recipientAccountId: null, userIdentity: { accountId: '2', sessionContext } })).toBe('2')
    expect(account({ recipientAccountId: undefined, userIdentity: { sessionContext } })).toBe('3')
  })

  it('calls denied what was refused, failed what went wrong, and ok the rest', () => {
    for (const errorCode of [
      'AccessDenied',
      'AccessDeniedException',
      'Client.UnauthorizedOperation',
      'VpceAccessDenied',
      'Forbidden',
      'NotAuthorizedException',
    ])
      expect(access({ errorCode })).toBe('denied')
    expect(access({ errorCode: 'ThrottlingException' })).toBe('failed')
    expect(
      access({
        eventName: 'ConsoleLogin',
        errorMessage: 'Failed authentication',
        responseElements: { ConsoleLogin: 'Failure' },
      }),
    ).toBe('denied')
    expect(access({ eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Success' } })).toBe('ok')
    expect(access({})).toBe('ok')
    expect(access({ eventType: 'AwsCloudTrailInsight' })).toBeUndefined()
  })

  it('names what a call was about', () => {
    expect(resource({ bucketName: 'b' }, [{ type: 'x' }, { ARN: 'arn:aws:s3:::b/k' }])).toBe('arn:aws:s3:::b/k')
    expect(resource({ bucketName: 'b', key: 'k/1' })).toBe('b/k/1')
    expect(resource({ durationSeconds: 900, roleSessionName: 'x', roleArn: 'arn:role' })).toBe('arn:role')
    expect(resource({ userName: 'eve', name: 'other' })).toBe('eve')
    expect(resource({ instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } })).toBe('i-1')
    expect(resource({ maxResults: 5 })).toBeUndefined()
    expect(resource('text')).toBeUndefined()
  })

  it('finds the call of an Insights event and the window of an aggregated one', () => {
    const insight = toEvent({
      eventType: 'AwsCloudTrailInsight',
      eventID: 'i',
      eventTime: '2024-05-01T00:00:00Z',
      insightDetails: { state: 'Start', eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' },
    })
    expect([term(insight, 'eventSource'), term(insight, 'eventName')]).toEqual(['ec2.amazonaws.com', 'RunInstances'])
    expect(JSON.parse(document(insight, 'otherFields')!)).toEqual({
      insightDetails: { state: 'Start', eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' },
    })
    const aggregated = toEvent({
      eventType: 'AwsAggregatedEvent',
      eventId: 'agg-1',
      accountId: '111122223333',
      timeWindow: { windowStart: '2025-11-20T10:05:00Z' },
    })
    expect(aggregated.timeMs).toBe(Date.UTC(2025, 10, 20, 10, 5))
    expect(aggregated.identifiers[0]).toBe('agg-1')
    expect(term(aggregated, 'account')).toBe('111122223333')
  })

  it('keeps values of odd types in otherFields and never fails', () => {
    const event = toEvent(
      record(1, { eventName: { a: 1 }, awsRegion: 5, addendum: { reason: 'DELIVERY_DELAY' }, eventTime: 'yesterday' }),
    )
    expect(term(event, 'eventName')).toBeUndefined()
    expect(term(event, 'awsRegion')).toBe('5')
    expect(JSON.parse(document(event, 'otherFields')!)).toEqual({
      eventName: { a: 1 },
      addendum: { reason: 'DELIVERY_DELAY' },
      eventTime: 'yesterday',
    })
    expect(event.timeMs).toBeUndefined()
    expect(flagged(event, 'timeUncertain')).toBe(true)
  })

  it('gives every record columns, whatever it holds', () => {
    const keys = fc.constantFrom(
      'userIdentity',
      'eventTime',
      'eventName',
      'resources',
      'requestParameters',
      'responseElements',
      'eventID',
      'insightDetails',
      'timeWindow',
      '__proto__',
      'hasOwnProperty',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.jsonValue({ maxDepth: 3 }))), (members) => {
        const text = `{${members.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`
        const event = toEvent(JSON.parse(text) as Record<string, unknown>)
        expect(event.identifiers[0]).toBeTypeOf('string')
        for (const doc of event.documents) if (doc !== undefined) JSON.parse(doc)
      }),
      { numRuns: 300 },
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('marks a time without zone, and reads offsets and numbers', () => {
    const at = (eventTime: unknown) => toEvent(record(1, { eventTime }))
    expect(flagged(at('2024-05-01 00:00:00.000'), 'timeUncertain')).toBe(true)
    expect(at('2024-05-01T02:00:00+02:00')).toMatchObject({ timeMs: Date.UTC(2024, 4, 1), flags: 0 })
    expect(at('2024-05-01T00:00:00.198Z')).toMatchObject({ timeMs: Date.UTC(2024, 4, 1) + 198, flags: 0 })
    expect(at(1714521600)).toMatchObject({ timeMs: Date.UTC(2024, 4, 1), flags: 0 })
    expect(at('2024-02-30T00:00:00Z').timeMs).toBeUndefined()
    expect(at('2024-02-29T00:00:00Z').timeMs).toBe(Date.UTC(2024, 1, 29))
  })

  it('gives a record without eventID an identity by its content', () => {
    const { eventID: _, ...without } = record(1)
    const event = toEvent(without)
    expect(event.identifiers[0]).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(toEvent(Object.fromEntries(Object.entries(without).reverse())).identifiers[0]).toBe(event.identifiers[0])
    expect(event.flags & eventFlags.syntheticId).not.toBe(0)
  })

  it('reads a JSON value that an export wrote as a string', () => {
    expect(document(toEvent(record(1, { requestParameters: '{"bucketName": "b"}' })), 'requestParameters')).toBe(
      '{"bucketName":"b"}',
    )
    expect(document(toEvent(record(1, { requestParameters: '{cut' })), 'requestParameters')).toBe('"{cut"')
  })
})
