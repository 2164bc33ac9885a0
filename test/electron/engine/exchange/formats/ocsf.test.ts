import { describe, expect, it } from 'vitest'
import { apiActivity } from '#engine/exchange/formats/ocsf-activity.ts'
import { writeOcsf } from '#engine/exchange/formats/ocsf.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { exportEvent, hostileTexts, jsonLinesOf, stream, textOf } from './samples.ts'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert the shape of what they read
const oneOf = async (event: ExportEvent): Promise<any> => (await jsonLinesOf(writeOcsf(stream([event]))))[0]

/** Required by OCSF 1.5.0 of class 6003, with the constraints of its objects. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert the shape of what they read
function expectValid(event: any): void {
  for (const name of ['activity_id', 'category_uid', 'class_uid', 'severity_id', 'time', 'type_uid'])
    expect(Number.isInteger(event[name]), name).toBe(true)
  expect(event.type_uid - event.activity_id).toBe(600_300)
  expect(event.metadata.version).toBe('1.5.0')
  expect(event.metadata.product).toMatchObject({ name: 'CloudTrail', vendor_name: 'AWS' })
  expect(typeof event.api.operation).toBe('string')
  expect(Object.keys(event.actor).length).toBeGreaterThan(0)
  expect(['ip', 'uid', 'name', 'svc_name'].some((name) => typeof event.src_endpoint[name] === 'string')).toBe(true)
}

const rich = exportEvent({
  tags: ['exfil'],
  terms: {
    errorCode: 'AccessDenied',
    errorMessage: 'no',
    access: 'denied',
    vpcEndpointId: 'vpce-1',
    'userIdentity.sessionContext.attributes.mfaAuthenticated': 'true',
    'userIdentity.sessionContext.sessionIssuer.arn': 'arn:aws:iam::1:role/r',
  },
  documents: {
    userIdentity: '{"sessionContext":{"attributes":{"creationDate":"2026-01-02T03:00:00Z"}}}',
    requestParameters: '{"size": 9007199254740993}',
    resources: '[{"ARN":"arn:aws:s3:::b","accountId":"1","type":"AWS::S3::Bucket"}]',
    otherFields: '{"eventContext":{"n":9007199254740993}}',
    additionalEventData: '{"SignatureVersion":"SigV4"}',
  },
})

describe('writeOcsf', () => {
  it('follows the published CloudTrail mapping', async () => {
    const event = await oneOf(rich)
    expectValid(event)
    expect(event).toMatchObject({
      class_uid: 6003,
      activity_name: 'Update',
      time: 1767323045000,
      status: 'Failure',
      actor: {
        user: {
          name: 'alice',
          type: 'IAMUser',
          uid: 'arn:aws:iam::000123456789:user/alice',
          uid_alt: 'AIDAEXAMPLE',
          credential_uid: 'AKIAEXAMPLE',
          account: { uid: '000123456789' },
        },
        session: { issuer: 'arn:aws:iam::1:role/r', is_mfa: true, created_time_dt: '2026-01-02T03:00:00+00:00' },
      },
      api: {
        operation: 'StopLogging',
        service: { name: 'cloudtrail.amazonaws.com' },
        request: { uid: 'request-1' },
        response: { error: 'AccessDenied', message: 'no' },
      },
      cloud: { provider: 'AWS', region: 'eu-west-1', account: { uid: '000123456789' } },
      metadata: { uid: 'event-1', event_code: 'AwsApiCall', product: { version: '1.08' }, labels: ['exfil'] },
      src_endpoint: { ip: '203.0.113.7', uid: 'vpce-1' },
      resources: [{ uid: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket', owner: { account: { uid: '1' } } }],
      unmapped: {
        additionalEventData: { SignatureVersion: 'SigV4' },
        trailcase: { evidence_record: 0, integrity: 'proven' },
      },
    })
  })
  it('does not round the numbers of the evidence', async () => {
    const text = await textOf(writeOcsf(stream([rich])))
    expect(text).toContain('"data":{"size":9007199254740993}')
    expect(text).toContain('"eventContext":{"n":9007199254740993}')
  })
  it('names a service that called where there is no address', async () => {
    expect((await oneOf(exportEvent({ terms: { sourceIPAddress: 'config.amazonaws.com' } }))).src_endpoint).toEqual({
      domain: 'config.amazonaws.com',
      svc_name: 'config.amazonaws.com',
    })
  })
  it('has all required members even for an event that says nothing', async () => {
    expectValid(
      await oneOf({
        ...exportEvent(),
        terms: {},
        identifiers: {},
        documents: { userIdentity: 'null', resources: '{}', otherFields: '[' },
      }),
    )
  })
  it('stays one valid object per line under hostile text', async () => {
    const events = hostileTexts().map((text) =>
      exportEvent({
        terms: { eventName: text, sourceIPAddress: text, userAgent: text },
        documents: { requestParameters: text, otherFields: text },
        rawRecord: text,
      }),
    )
    const lines = await jsonLinesOf(writeOcsf(stream(events)))
    expect(lines).toHaveLength(200)
    lines.forEach(expectValid)
  })
})

describe('apiActivity', () => {
  it.each([
    ['CreateUser', 'Create'],
    ['GetObject', 'Read'],
    ['BatchGetItem', 'Read'],
    ['PutBucketPolicy', 'Update'],
    ['DeleteTrail', 'Delete'],
    ['AssumeRole', 'Other'],
    ['', 'Other'],
  ])('%s is %s', (name, activity) => {
    expect(apiActivity(name, false).name).toBe(activity)
  })
  it('takes AWS at its word for a read-only call with an unknown verb', () => {
    expect(apiActivity('FilterLogEvents', true).name).toBe('Read')
  })
})
