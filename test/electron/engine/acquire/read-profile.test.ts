import { describe, expect, it } from 'vitest'
import { readProfile } from '#engine/acquire/read-profile.ts'

const credentials = `# mine
[default]
aws_access_key_id=AKIADEFAULT
aws_secret_access_key = one
[ir]
aws_access_key_id = ASIAROLE
aws_secret_access_key = two=with=equals
aws_session_token = token
`
const config = `[default]
region = eu-west-1
[profile ir]
region = eu-central-1
s3 =
  region = nested
[profile role]
role_arn = arn:aws:iam::111122223333:role/ir
credential_source = Ec2InstanceMetadata
[profile program]
credential_process = /usr/bin/anything
`

describe('a profile of the AWS CLI', () => {
  it('gives its keys, its session token and its region', () => {
    expect(readProfile('ir', { credentials, config })).toEqual({
      ok: true,
      value: {
        accessKeyId: 'ASIAROLE',
        secretAccessKey: 'two=with=equals',
        sessionToken: 'token',
        region: 'eu-central-1',
      },
    })
    expect(readProfile('default', { credentials, config })).toMatchObject({ value: { region: 'eu-west-1' } })
  })

  it.each([
    ['role', 'role_arn'],
    ['program', 'credential_process'],
  ])('that asks a service or a program for its keys (%s) is refused with what to do', (name, how) => {
    const found = readProfile(name, { credentials, config })
    expect(found).toMatchObject({ ok: false, code: 'NO_KEYS' })
    expect(JSON.stringify(found)).toContain(how)
    expect(JSON.stringify(found)).toContain('export-credentials')
  })

  it('that is not there is refused', () => {
    expect(readProfile('other', { credentials, config })).toMatchObject({ ok: false, code: 'NO_PROFILE' })
    expect(readProfile('ir', { credentials: '', config: '' })).toMatchObject({ ok: false, code: 'NO_PROFILE' })
  })
})
