import { formatUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { call, inUsEast, type Where } from './calls.ts'
import { accessKeyId, resourceId, uuid } from './ids.ts'
import { seededRandom, type Random } from './random.ts'
import { arnOf, awsService, roleSession, type Actor, type Call, type Json, type JsonObject } from './records.ts'
import { people, signIn, failedLogin } from './sign-in.ts'
import {
  agents,
  assumedRole,
  at,
  ciRunner,
  consoleUser,
  dayEnd,
  dayStart,
  exportsBucket,
  later,
  logBucket,
  payments,
  ssoUser,
  workload,
  workloads,
} from './world.ts'

/**
 * An ordinary working day: what the attack hides in. Each habit repeats every so many seconds, a little irregularly, and
 * makes a few calls each time.
 */
type Habit = {
  readonly name: string
  readonly everySeconds: number
  readonly from?: UtcMs
  readonly to?: UtcMs
  readonly act: (time: UtcMs, random: Random, turn: number) => readonly Call[]
}

/** The calls of the day before anything happens to them, in no order. */
export function backgroundCalls(): Call[] {
  return habits.flatMap((habit) => {
    const random = seededRandom(`habit ${habit.name}`)
    const calls: Call[] = []
    let time: number = (habit.from ?? dayStart) + random.int(0, habit.everySeconds * 1000)
    for (let turn = 0; time < (habit.to ?? dayEnd); turn++) {
      calls.push(...habit.act(utcMs(Math.floor(time / 1000) * 1000), random, turn))
      time += habit.everySeconds * 1000 * (0.7 + 0.6 * random.next())
    }
    return calls
  })
}

const inEuWest: Where = { account: workloads, region: 'eu-west-1' }
const inFrankfurt: Where = { account: workloads, region: 'eu-central-1' }
const paymentsUs: Where = { account: payments, region: 'us-east-1' }
const paymentsEu: Where = { account: payments, region: 'eu-west-1' }

const hourOf = (time: UtcMs): UtcMs => utcMs(Math.floor(time / 3_600_000) * 3_600_000)

const keyArn = (where: Where, name: string): string =>
  `arn:aws:kms:${where.region}:${where.account}:key/${uuid(`${where.account} ${name}`)}`
const kms = (where: Where, time: UtcMs, actor: Actor, name: string, keyName: string, context: JsonObject): Call =>
  call(where, time, actor, 'kms', name, {
    request: {
      encryptionContext: context,
      ...(name === 'GenerateDataKey'
        ? { keySpec: 'AES_256', keyId: keyArn(where, keyName) }
        : { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' }),
    },
    resources: [{ accountId: where.account, type: 'AWS::KMS::Key', ARN: keyArn(where, keyName) }],
  })

/** A service hands a role's credentials to one of its workers. */
const handOut = (where: Where, time: UtcMs, service: string, role: string, session: string): Call =>
  call(where, time, awsService(service), 'sts', 'AssumeRole', {
    request: { roleArn: `arn:aws:iam::${where.account}:role/${role}`, roleSessionName: session },
    response: assumedRole(
      where.account,
      role,
      session,
      accessKeyId('ASIA', `${session} ${time}`),
      formatUtc(later(time, 3600)),
    ),
    resources: [
      { accountId: where.account, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${where.account}:role/${role}` },
    ],
    sharedEventID: uuid(`shared ${session} ${time}`),
  })

const instances = [0, 1, 2, 3, 4].map((n) => resourceId('i', `fleet ${n}`))
const targetGroup = `arn:aws:elasticloadbalancing:eu-west-1:${workloads}:targetgroup/orders-web/6d0ecf831eec9f09`

const habits: readonly Habit[] = [
  {
    name: 'ssm agents report',
    everySeconds: 300,
    act: (time) =>
      instances.map((id, n) => {
        const where = n < 3 ? inUsEast : inEuWest
        const actor = workload(workloads, 'orders-instance', id, hourOf(time), {
          agent: agents.agent,
          vpce: true,
          more: { ec2RoleDelivery: n === 4 ? '1.0' : '2.0' },
        })
        return call(where, later(time, n * 7), actor, 'ssm', 'UpdateInstanceInformation', {
          request: {
            instanceId: id,
            agentVersion: '3.3.1345.0',
            agentStatus: 'Active',
            platformType: 'Linux',
            platformName: 'Amazon Linux',
            platformVersion: '2023',
          },
        })
      }),
  },
  {
    name: 'order function runs',
    everySeconds: 165,
    act: (time, random) => {
      const session = random.pick(['order-intake', 'order-intake', 'order-status'])
      const actor = workload(workloads, `${session}-role`, session, hourOf(time), {
        vpce: true,
        more: {
          inScopeOf: {
            issuerType: 'AWS::Lambda::Function',
            credentialsIssuedTo: `arn:aws:lambda:us-east-1:${workloads}:function:${session}`,
          },
        },
      })
      const stream = `${formatUtc(time).slice(0, 10).replaceAll('-', '/')}/[$LATEST]${uuid(`${session} ${time}`).replaceAll('-', '')}`
      return [
        handOut(inUsEast, time, 'lambda.amazonaws.com', `${session}-role`, session),
        call(inUsEast, later(time, 1), actor, 'logs', 'CreateLogStream', {
          request: { logGroupName: `/aws/lambda/${session}`, logStreamName: stream },
        }),
        kms(inUsEast, later(time, 2), actor, 'Decrypt', 'orders', {
          'aws:lambda:FunctionArn': `arn:aws:lambda:us-east-1:${workloads}:function:${session}`,
        }),
      ]
    },
  },
  {
    name: 'monitoring polls',
    everySeconds: 120,
    act: (time, random) => {
      const actor = workload(workloads, 'monitoring', 'prober', hourOf(time), { agent: agents.java })
      const throttled = random.next() < 0.05
      return [
        call(inEuWest, time, actor, 'elasticloadbalancing', 'DescribeTargetHealth', {
          request: { targetGroupArn: targetGroup },
          ...(throttled && { error: { code: 'ThrottlingException', message: 'Rate exceeded' } }),
        }),
        call(inEuWest, later(time, 1), actor, 'ec2', 'DescribeInstances', {
          request: {
            maxResults: 200,
            filterSet: { items: [{ name: 'tag:Service', valueSet: { items: [{ value: 'orders' }] } }] },
          },
          ...(random.next() < 0.04 && {
            error: { code: 'Client.RequestLimitExceeded', message: 'Request limit exceeded.' },
          }),
        }),
      ]
    },
  },
  {
    name: 'continuous integration deploys',
    everySeconds: 1500,
    act: (time, random, turn) => deploy(time, random, turn),
  },
  {
    name: 'payment service encrypts',
    everySeconds: 110,
    act: (time, random) => {
      const actor = workload(payments, 'payment-api', resourceId('task', `${hourOf(time)}`), hourOf(time), {
        agent: agents.java,
        vpce: true,
      })
      return [
        kms(paymentsUs, time, actor, random.next() < 0.6 ? 'Decrypt' : 'GenerateDataKey', 'card-vault', {
          purpose: 'card-token',
          tenant: random.pick(['dk', 'se', 'no', 'fi']),
        }),
      ]
    },
  },
  {
    name: 'exports are written',
    everySeconds: 95,
    act: (time, random) => {
      const actor = workload(payments, 'export-writer', 'glue-export', hourOf(time))
      return [
        object(
          time,
          actor,
          'PutObject',
          `daily/${formatUtc(time).slice(0, 10)}/part-${String(random.int(0, 9999)).padStart(5, '0')}.parquet`,
          random.int(40_000, 900_000),
        ),
      ]
    },
  },
  {
    name: 'reports read exports',
    everySeconds: 170,
    from: at('07:00:00'),
    act: (time, random) => {
      const actor = workload(payments, 'finance-reports', 'report-runner', hourOf(time))
      return [
        object(
          time,
          actor,
          'GetObject',
          `daily/2026-02-09/part-${String(random.int(0, 400)).padStart(5, '0')}.parquet`,
          random.int(40_000, 900_000),
        ),
      ]
    },
  },
  {
    name: 'the fleet grows and shrinks',
    everySeconds: 2400,
    act: (time, _random, turn) => scale(time, turn),
  },
  {
    name: 'AWS looks after the accounts',
    everySeconds: 1800,
    act: (time) => [workloads, payments].flatMap((account) => inventory(time, account)),
  },
  {
    name: 'frankfurt batch',
    everySeconds: 210,
    act: (time, random, turn) => {
      const actor = workload(workloads, 'catalog-batch', 'catalog-sync', hourOf(time))
      return [
        call(inFrankfurt, time, actor, 'sqs', 'GetQueueAttributes', {
          request: {
            queueUrl: `https://sqs.eu-central-1.amazonaws.com/${workloads}/catalog`,
            attributeNames: ['ApproximateNumberOfMessages'],
          },
        }),
        ...(turn % 3 === 0
          ? [
              kms(inFrankfurt, later(time, 3), actor, 'GenerateDataKey', 'catalog', {
                'aws:sqs:arn': `arn:aws:sqs:eu-central-1:${workloads}:catalog`,
              }),
            ]
          : []),
        ...(random.next() < 0.06
          ? [
              call(inFrankfurt, later(time, 5), actor, 'dynamodb', 'DescribeTable', {
                request: { tableName: 'catalog-staging' },
                error: {
                  code: 'ResourceNotFoundException',
                  message: 'Requested resource not found: Table: catalog-staging not found',
                },
              }),
            ]
          : []),
      ]
    },
  },
  {
    name: 'people work in the console',
    everySeconds: 2700,
    from: at('07:10:00'),
    to: at('16:30:00'),
    act: (time, random, turn) => consoleVisit(time, random, turn),
  },
  {
    name: 'people mistype passwords',
    everySeconds: 3900,
    act: (time, random) => [failedLogin(time, random)],
  },
  {
    name: 'keys rotate and certificates renew',
    everySeconds: 5400,
    act: (time, _random, turn) => [
      call(
        turn % 2 === 0 ? inUsEast : paymentsEu,
        time,
        {
          identity: { accountId: turn % 2 === 0 ? workloads : payments, invokedBy: 'AWS Internal' },
          sourceIPAddress: 'AWS Internal',
          userAgent: 'AWS Internal',
        },
        'kms',
        'RotateKey',
        {
          type: 'AwsServiceEvent',
          readOnly: false,
          resources: [
            {
              accountId: turn % 2 === 0 ? workloads : payments,
              type: 'AWS::KMS::Key',
              ARN: keyArn(turn % 2 === 0 ? inUsEast : paymentsEu, `rotated ${turn}`),
            },
          ],
          serviceEventDetails: { keyId: keyArn(turn % 2 === 0 ? inUsEast : paymentsEu, `rotated ${turn}`) },
        },
      ),
    ],
  },
]

/** One S3 data event on the exports bucket. */
export function object(time: UtcMs, actor: Actor, name: string, key: string, size: number): Call {
  const written = name === 'PutObject'
  return call(paymentsEu, time, actor, 's3', name, {
    category: 'Data',
    readOnly: !written,
    request: { bucketName: exportsBucket, key, Host: `${exportsBucket}.s3.eu-west-1.amazonaws.com` },
    ...(written && { response: { 'x-amz-server-side-encryption': 'aws:kms' } }),
    additional: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      AuthenticationMethod: 'AuthHeader',
      bytesTransferredIn: written ? size : 0,
      bytesTransferredOut: written ? 0 : size,
      'x-amz-id-2': Buffer.from(uuid(`s3 ${time} ${key}`)).toString('base64'),
    },
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${exportsBucket}/${key}` },
      { accountId: payments, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${exportsBucket}` },
    ],
  })
}

function deploy(time: UtcMs, random: Random, turn: number): Call[] {
  const where = random.pick([inUsEast, inUsEast, inEuWest])
  const name = random.pick(['order-intake', 'order-status', 'catalog-api'])
  const plan: [service: string, name: string, request?: Json][] = [
    ['sts', 'GetCallerIdentity'],
    ['s3', 'ListObjects', { bucketName: 'northwind-terraform-state', prefix: 'env/prod/' }],
    ['ec2', 'DescribeVpcs', { vpcSet: {}, filterSet: {} }],
    ['ec2', 'DescribeSubnets', { subnetSet: {}, filterSet: {} }],
    ['ec2', 'DescribeSecurityGroups', { securityGroupSet: {}, filterSet: {} }],
    ['iam', 'GetRole', { roleName: `${name}-role` }],
    ['iam', 'ListAttachedRolePolicies', { roleName: `${name}-role` }],
    ['lambda', 'GetFunction20150331v2', { functionName: name }],
    [
      'lambda',
      'UpdateFunctionCode20150331v2',
      {
        functionName: name,
        s3Bucket: 'northwind-artifacts',
        s3Key: `${name}/${uuid(`build ${turn}`)}.zip`,
        publish: true,
        dryRun: false,
      },
    ],
    ['lambda', 'PublishVersion20150331', { functionName: name, description: `build ${4100 + turn}` }],
    ['lambda', 'UpdateAlias20150331', { functionName: name, name: 'live', functionVersion: String(310 + turn) }],
    ['logs', 'DescribeLogGroups', { logGroupNamePrefix: `/aws/lambda/${name}` }],
    [
      'ssm',
      'PutParameter',
      { name: `/deploy/${name}/version`, type: 'String', overwrite: true, value: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    ],
    [
      'cloudwatch',
      'PutMetricAlarm',
      { alarmName: `${name}-errors`, threshold: 5, evaluationPeriods: 2, period: 60, statistic: 'Sum' },
    ],
  ]
  return plan.map(([service, event, request], i) =>
    // IAM answers in us-east-1 whatever the region (global service events)
    call(
      service === 'iam' || service === 'sts' ? inUsEast : where,
      later(time, i * 3 + random.int(0, 2)),
      ciRunner,
      service,
      event,
      {
        ...(request !== undefined && { request }),
        ...(event === 'GetFunction20150331v2' &&
          random.next() < 0.1 && { error: { code: 'TooManyRequestsException', message: 'Rate exceeded' } }),
      },
    ),
  )
}

function scale(time: UtcMs, turn: number): Call[] {
  const actor: Actor = {
    identity: roleSession(workloads, 'AWSServiceRoleForAutoScaling', 'AutoScaling', {
      accessKeyId: accessKeyId('ASIA', `autoscaling ${hourOf(time)}`),
      created: hourOf(time),
      path: 'aws-service-role/autoscaling.amazonaws.com/',
      invokedBy: 'autoscaling.amazonaws.com',
    }),
    sourceIPAddress: 'autoscaling.amazonaws.com',
    userAgent: 'autoscaling.amazonaws.com',
  }
  const id = resourceId('i', `scaled ${Math.floor(turn / 2)}`)
  const set = { instancesSet: { items: [{ instanceId: id }] } }
  if (turn % 2 === 1) {
    return [
      call(inUsEast, time, actor, 'ec2', 'TerminateInstances', {
        request: set,
        response: {
          requestId: uuid(`terminate ${turn}`),
          instancesSet: {
            items: [
              {
                instanceId: id,
                currentState: { code: 32, name: 'shutting-down' },
                previousState: { code: 16, name: 'running' },
              },
            ],
          },
        },
      }),
    ]
  }
  return [
    call(inUsEast, time, actor, 'ec2', 'RunInstances', {
      request: {
        instancesSet: { items: [{ imageId: resourceId('ami', 'orders'), minCount: 1, maxCount: 1 }] },
        instanceType: 'm7g.large',
        blockDeviceMapping: {},
        availabilityZone: 'us-east-1b',
        monitoring: { enabled: true },
        launchTemplate: { launchTemplateId: resourceId('lt', 'orders'), version: '14' },
      },
      response: {
        requestId: uuid(`run ${turn}`),
        reservationId: resourceId('r', `${turn}`),
        ownerId: workloads,
        instancesSet: {
          items: [
            {
              instanceId: id,
              imageId: resourceId('ami', 'orders'),
              instanceState: { code: 0, name: 'pending' },
              instanceType: 'm7g.large',
              privateIpAddress: `10.20.8.${20 + turn}`,
            },
          ],
        },
        requesterId: 'autoscaling.amazonaws.com',
      },
    }),
    call(inUsEast, later(time, 2), actor, 'ec2', 'CreateTags', {
      request: {
        resourcesSet: { items: [{ resourceId: id }] },
        tagSet: {
          items: [
            { key: 'aws:autoscaling:groupName', value: 'orders-web' },
            { key: 'Service', value: 'orders' },
          ],
        },
      },
      response: { requestId: uuid(`tags ${turn}`), _return: true },
    }),
    handOut(inUsEast, later(time, 5), 'ec2.amazonaws.com', 'orders-instance', id),
    call(inUsEast, later(time, 40), actor, 'elasticloadbalancing', 'RegisterTargets', {
      request: { targetGroupArn: targetGroup, targets: [{ id, port: 8080 }] },
    }),
  ]
}

function inventory(time: UtcMs, account: string): Call[] {
  const where: Where = { account, region: 'eu-west-1' }
  const config = awsService('config.amazonaws.com')
  const actor: Actor = {
    identity: roleSession(account, 'AWSServiceRoleForConfig', 'AWSConfig-Describe', {
      accessKeyId: accessKeyId('ASIA', `config ${account} ${hourOf(time)}`),
      created: hourOf(time),
      path: 'aws-service-role/config.amazonaws.com/',
      invokedBy: 'config.amazonaws.com',
    }),
    sourceIPAddress: config.sourceIPAddress,
    userAgent: config.userAgent,
  }
  return [
    call(where, time, actor, 's3', 'ListBuckets'),
    call(where, later(time, 1), actor, 'ec2', 'DescribeVolumes', { request: { volumeSet: {}, filterSet: {} } }),
    call(
      { account, region: 'us-east-1' },
      later(time, 3),
      actor,
      'iam',
      'GetAccountPasswordPolicy',
      account === payments
        ? {
            error: {
              code: 'NoSuchEntityException',
              message: `The Password Policy with domain name ${account} cannot be found.`,
            },
          }
        : {},
    ),
    call(where, later(time, 4), actor, 'kms', 'ListKeys'),
    call(
      { account, region: 'us-east-1' },
      later(time, 9),
      awsService('cloudtrail.amazonaws.com'),
      's3',
      'GetBucketAcl',
      {
        request: { bucketName: logBucket, Host: `${logBucket}.s3.us-east-1.amazonaws.com`, acl: '' },
        resources: [{ accountId: workloads, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${logBucket}` }],
        sharedEventID: uuid(`bucket acl ${account} ${time}`),
      },
    ),
  ]
}

/** Someone signs in with a second factor (or through single sign-on) and looks around. */
function consoleVisit(time: UtcMs, random: Random, turn: number): Call[] {
  const person = random.pick(people)
  const sso = turn % 3 === 2
  const account = sso ? payments : workloads
  const actor = sso
    ? ssoUser(payments, 'PowerUser', person.name, time, person.from)
    : consoleUser(person.name, time, true, person.from, person.agent)
  const where: Where = { account, region: random.pick(['us-east-1', 'eu-west-1']) }
  const looks: readonly [string, string, Json?][] = [
    ['ec2', 'DescribeInstances', { instancesSet: {}, filterSet: {} }],
    ['ec2', 'DescribeInstanceStatus', { instancesSet: {}, filterSet: {}, includeAllInstances: true }],
    ['cloudwatch', 'DescribeAlarms', { maxRecords: 100 }],
    ['lambda', 'ListFunctions20150331'],
    ['logs', 'DescribeLogGroups', { limit: 50 }],
    ['logs', 'GetLogEvents', { logGroupName: '/aws/lambda/order-intake', limit: 100 }],
    ['s3', 'ListBuckets'],
    ['rds', 'DescribeDBInstances', { maxRecords: 100 }],
    ['health', 'DescribeEventAggregates', { aggregateField: 'eventTypeCategory' }],
    ['ce', 'GetCostAndUsage', { granularity: 'DAILY', metrics: ['UnblendedCost'] }],
  ]
  const calls: Call[] = [signIn(time, account, actor, sso ? 'No' : 'Yes', person.name)]
  let t = time
  for (let i = random.int(8, 22); i > 0; i--) {
    t = later(t, random.int(1, 40))
    const [service, name, request] = random.pick(looks)
    const denied = name === 'GetCostAndUsage'
    calls.push(
      call(
        service === 'health' || service === 'ce' ? { account, region: 'us-east-1' } : where,
        t,
        actor,
        service,
        name,
        {
          ...(request !== undefined && { request }),
          ...(denied && {
            error: {
              code: 'AccessDenied',
              message: `User: ${arnOf(actor)} is not authorized to perform: ce:GetCostAndUsage because no identity-based policy allows the ce:GetCostAndUsage action`,
            },
          }),
        },
      ),
    )
  }
  return calls
}
