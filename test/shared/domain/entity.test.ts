import { describe, expect, it } from 'vitest'
import { bucketOf, entityKindOf, entityKinds, entityWhere, isSessionArn } from '#shared/domain/entity.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'

const session = 'arn:aws:sts::111122223333:assumed-role/Admin/alice'

describe('a bucket', () => {
  it.each([
    ['arn:aws:s3:::logs', 'logs'],
    ['arn:aws:s3:::logs/AWSLogs/1.json.gz', 'logs'],
    ['arn:aws-us-gov:s3:::logs/*', 'logs'],
    ['northwind-terraform-state', 'northwind-terraform-state'],
    ['Old_Bucket', 'old_bucket'],
  ])('is read from %s', (resource, name) => {
    expect(bucketOf(resource)).toBe(name)
  })
  it.each(['arn:aws:kms:us-east-1:1:key/a', 'a b', '', 'x', 'https://sqs.eu-central-1.amazonaws.com/1/q'])(
    'is not read from %j',
    (resource) => {
      expect(bucketOf(resource)).toBeUndefined()
    },
  )
})

describe('a session', () => {
  it('is a stay in a role or a federated user, and neither a role nor a user', () => {
    expect(isSessionArn(session)).toBe(true)
    expect(isSessionArn('arn:aws-cn:sts::1:federated-user/bob')).toBe(true)
    expect(isSessionArn('arn:aws:iam::111122223333:role/Admin')).toBe(false)
    expect(isSessionArn('arn:aws:iam::111122223333:user/assumed-role/x')).toBe(false)
  })
  it('has the page of the session also where it stands as the principal', () => {
    expect(entityKindOf('principal', session)).toBe('session')
    expect(entityKindOf('principal', 'arn:aws:iam::1:user/bob')).toBe('principal')
    expect(entityKindOf('userIdentity.arn', 'arn:aws:iam::1:user/bob')).toBeUndefined()
    expect(entityKindOf('awsRegion', 'us-east-1')).toBeUndefined()
  })
})

it.each(entityKinds)('asks for a %s with a query that can be read, whatever its name holds', (kind) => {
  for (const value of ['a', 'x"y', 'a*b?c', '") OR *', 'back\\slash', 'bad\u202ename', '/re/'])
    expect(parseQuery(entityWhere(kind, value)).ok, value).toBe(true)
})
