import { describe, expect, it } from 'vitest'
import { compileMatcher } from '#shared/domain/query/matches.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { parseJsonNode, type JsonNode } from '#renderer/ui/json/json-node.ts'
import { applyTarget, around, fieldOfPath, targetOf, type PathStep } from '#renderer/features/events/filters.ts'
import { insightOf } from '#renderer/features/events/insight.ts'
import { nodeAt, targetOfValue } from '#renderer/features/events/record-target.ts'
import { event } from '../../../shared/domain/query/sample.ts'

const policy = { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:user/"x"' } }] }
const record = {
  eventName: 'PutBucketPolicy',
  eventTime: '2023-07-10T12:03:44Z',
  eventID: 'e-1',
  userIdentity: { type: 'IAMUser', sessionContext: { sessionIssuer: { accountId: '1' } } },
  requestParameters: {
    bucketName: 'logs',
    'aws:x': ['a', 'b'],
    max: 250,
    nothing: null,
    policy: JSON.stringify(policy),
    encoded: encodeURIComponent(JSON.stringify(policy)),
  },
  newMember: { state: true },
}
const parsed = parseJsonNode(JSON.stringify(record))
if (!parsed) throw new Error('the record is JSON')
const root: JsonNode = parsed

/** The query after a click on the value at a path. */
function clicked(path: readonly PathStep[], against = false, query: EventQuery = everything): EventQuery {
  const node = nodeAt(root, path)
  const target = node && targetOfValue(root, path, node)
  if (!target) throw new Error('nothing can be asked there')
  return applyTarget(query, target, against)
}

const stored = event({
  requestParameters: record.requestParameters,
  userIdentity: record.userIdentity,
  otherFields: { newMember: record.newMember },
  eventID: 'e-1',
})
function finds(text: string): boolean {
  const query = parseQuery(text)
  if (!query.ok) throw new Error(`${text}: ${query.message}`)
  return compileMatcher(query.query)(stored)
}

describe('a click on a value of the record', () => {
  it('filters a field with a column by its exact value', () => {
    expect(clicked(['eventName']).facets).toEqual([{ field: 'eventName', values: ['PutBucketPolicy'], exclude: false }])
    expect(clicked(['userIdentity', 'type'], true).facets).toEqual([
      { field: 'userIdentity.type', values: ['IAMUser'], exclude: true },
    ])
  })

  it('writes a condition that finds this very event, and against it one that does not', () => {
    const paths: readonly (readonly PathStep[])[] = [
      ['requestParameters', 'bucketName'],
      ['requestParameters', 'aws:x', 1],
      ['requestParameters', 'max'],
      ['requestParameters', 'nothing'],
      ['requestParameters', 'policy', 'Statement', 0, 'Effect'],
      ['requestParameters', 'policy', 'Statement', 0, 'Principal', 'AWS'],
      ['requestParameters', 'encoded', 'Statement', 0, 'Principal', 'AWS'],
      ['userIdentity', 'sessionContext', 'sessionIssuer', 'accountId'],
      ['newMember', 'state'],
      ['eventID'],
    ]
    for (const path of paths) {
      expect([path, finds(clicked(path).text)]).toEqual([path, true])
      expect([path, finds(clicked(path, true).text)]).toEqual([path, false])
    }
  })

  it('takes the second of a time as range', () => {
    const { from, to } = clicked(['eventTime'])
    expect([from, to]).toEqual([Date.UTC(2023, 6, 10, 12, 3, 44), Date.UTC(2023, 6, 10, 12, 3, 45)])
  })

  it('asks nothing of objects and arrays', () => {
    const node = nodeAt(root, ['userIdentity'])
    expect(node && targetOfValue(root, ['userIdentity'], node)).toBeUndefined()
  })
})

describe('applyTarget', () => {
  it('does not add a filter twice, and moves it when its opposite is asked for', () => {
    const once = applyTarget(everything, targetOf('eventName', 'A'), false)
    expect(applyTarget(once, targetOf('eventName', 'A'), false)).toEqual(once)
    expect(applyTarget(once, targetOf('eventName', 'A'), true).facets).toEqual([
      { field: 'eventName', values: ['A'], exclude: true },
    ])
  })

  it('asks for absence where there is no value, and for any value against it', () => {
    expect(applyTarget(everything, targetOf('errorCode', null), false).text).toBe('-errorCode:*')
    expect(applyTarget(everything, targetOf('errorCode', null), true).text).toBe('errorCode:*')
  })

  it('keeps what was asked when it asks for a text inside a value', () => {
    const query = applyTarget(
      { ...everything, text: 'a OR b' },
      { kind: 'inside', field: 'requestParameters.policy', text: 'Allow' },
      true,
    )
    expect(query.text).toBe('(a OR b) -requestParameters.policy:*Allow*')
  })
})

describe('around', () => {
  it('is ten minutes of everything, with the order kept', () => {
    expect(around(600_000, '-eventTime')).toEqual({
      text: '',
      facets: [],
      sort: '-eventTime',
      from: 300_000,
      to: 900_000,
    })
  })
})

describe('fieldOfPath', () => {
  it('names the column, the place in its document, or the member without a column', () => {
    expect(fieldOfPath(['userIdentity', 'arn'])).toBe('userIdentity.arn')
    expect(fieldOfPath(['resources', 0, 'ARN'])).toBe('resources.ARN')
    expect(fieldOfPath(['requestParameters', 'aws:x', 0])).toBe('requestParameters."aws:x"')
    expect(fieldOfPath(['odd', 'a b'])).toBe('otherFields.odd."a b"')
    expect(fieldOfPath([])).toBeUndefined()
  })
})

describe('insightOf', () => {
  const node = (value: unknown): JsonNode => parseJsonNode(JSON.stringify(value)) ?? root
  it('reads baseline and observed rate', () => {
    const insight = insightOf(
      node({
        insightDetails: {
          state: 'Start',
          eventSource: 'ec2.amazonaws.com',
          eventName: 'RunInstances',
          insightType: 'ApiCallRateInsight',
          insightContext: {
            statistics: { baseline: { average: 0.002 }, insight: { average: 12.4 }, insightDuration: 5 },
          },
        },
      }),
    )
    expect(insight).toMatchObject({
      state: 'Start',
      call: 'RunInstances',
      baseline: 0.002,
      observed: 12.4,
      observedMinutes: 5,
    })
    expect(insight?.baselineMinutes).toBeUndefined()
  })

  it('is nothing for any other event, whatever shape it has', () => {
    for (const value of [{}, { insightDetails: null }, { insightDetails: 'x' }, { insightDetails: { state: {} } }, []])
      expect(insightOf(node(value))).toBeUndefined()
  })
})
