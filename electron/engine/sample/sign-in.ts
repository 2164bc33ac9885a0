import type { UtcMs } from '#shared/base/time.ts'
import { call, inUsEast } from './calls.ts'
import type { Random } from './random.ts'
import { iamUser, type Actor, type Call, type JsonObject } from './records.ts'
import { addresses, agents, workloads } from './world.ts'

/** Those who work in the console. */
export const people = [
  { name: 'priya.nair', from: addresses.office, agent: agents.chrome },
  { name: 'tomas.berg', from: addresses.officeSix, agent: agents.safari },
  { name: 'h.lindqvist', from: addresses.office, agent: agents.chrome },
] as const

/** A console sign-in. Through single sign-on `MFAUsed` says No although the identity provider asked for a second factor. */
export function signIn(time: UtcMs, account: string, actor: Actor, mfaUsed: 'Yes' | 'No', userName: string): Call {
  const { accessKeyId: _key, sessionContext: _session, ...user } = actor.identity
  return call(
    { account, region: 'us-east-1' },
    time,
    { ...actor, identity: actor.identity['type'] === 'IAMUser' ? user : actor.identity },
    'signin',
    'ConsoleLogin',
    {
      type: 'AwsConsoleSignIn',
      readOnly: false,
      response: { ConsoleLogin: 'Success' },
      additional: {
        LoginTo:
          'https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true&state=hashArgsFromTB_us-east-1',
        MobileVersion: 'No',
        ...(mfaUsed === 'Yes' && { MFAIdentifier: `arn:aws:iam::${account}:mfa/${userName}` }),
        MFAUsed: mfaUsed,
      },
    },
  )
}

/** A wrong password has no error code; an unknown name is hidden (user guide, "AWS Management Console sign-in events"). */
export function failedLogin(time: UtcMs, random: Random, as?: { userName: string; from: string; agent: string }): Call {
  const known = as !== undefined || random.next() < 0.6
  const person = as ?? {
    userName: random.pick(people).name,
    from: random.pick([addresses.office, addresses.officeSix]),
    agent: agents.chrome,
  }
  const identity: JsonObject = known
    ? iamUser(workloads, person.userName, undefined)
    : { type: 'IAMUser', accountId: workloads, accessKeyId: '', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' }
  return call(
    inUsEast,
    time,
    { identity, sourceIPAddress: person.from, userAgent: person.agent },
    'signin',
    'ConsoleLogin',
    {
      type: 'AwsConsoleSignIn',
      readOnly: false,
      response: { ConsoleLogin: 'Failure' },
      additional: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: 'No' },
      more: { errorMessage: known ? 'Failed authentication' : 'No username found in supplied account' },
    },
  )
}
