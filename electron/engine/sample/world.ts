import { parseUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { ensure } from '#shared/base/assert.ts'
import type { SigningKey, Trail } from './build-evidence.ts'
import { signingKey } from './build-evidence.ts'
import { euCentral1DemoPem, euWest1DemoPem, saEast1DemoPem, usEast1NewDemoPem, usEast1OldDemoPem } from './demo-keys.ts'
import { accessKeyId, principalId, resourceId, uuid } from './ids.ts'
import { iamUser, roleSession, type Actor, type Json, type JsonObject } from './records.ts'

/**
 * The invented company of the sample: Northwind Orders, two accounts, one day. Account numbers, addresses (RFC 5737,
 * RFC 3849) and key ids come from the ranges kept for documentation.
 */
export const workloads = '111122223333'
export const payments = '444455556666'
/** The account that the stolen snapshot is shared with. */
export const foreignAccount = '999988887777'
export const logBucket = 'sample-bucket'
export const exportsBucket = 'northwind-payments-exports'

export const day = '2026-02-10'
/** `08:12:07` of the day. */
export const at = (time: string): UtcMs => ensure(parseUtc(`${day}T${time}Z`), `${time} is a time of day`)
export const later = (time: UtcMs, seconds: number): UtcMs => utcMs(time + seconds * 1000)

/** Background runs from here to there; the bucket was copied after the last digest. */
export const dayStart = at('06:00:00')
export const dayEnd = at('17:45:00')

/**
 * Six digest chains. The workloads account has one trail for all regions; payments has an older trail in each of two
 * regions, so that one of them can be stopped alone. `minute` is when in the hour its digests end.
 */
export type SampleChain = Trail & { readonly endsAt: string; readonly id: string }
const chain = (account: string, region: string, trail: string, homeRegion: string, endsAt: string): SampleChain => ({
  bucket: logBucket,
  account,
  region,
  trail,
  homeRegion,
  endsAt,
  id: chainId(account, region),
})
export const chainId = (account: string, region: string): string => `${account} ${region}`
export const chains: readonly SampleChain[] = [
  chain(workloads, 'us-east-1', 'northwind-all-regions', 'us-east-1', '11:31'),
  chain(workloads, 'eu-west-1', 'northwind-all-regions', 'us-east-1', '14:02'),
  chain(workloads, 'eu-central-1', 'northwind-all-regions', 'us-east-1', '26:45'),
  chain(workloads, 'sa-east-1', 'northwind-all-regions', 'us-east-1', '37:20'),
  chain(payments, 'us-east-1', 'payments_us.audit', 'us-east-1', '08:53'),
  chain(payments, 'eu-west-1', 'payments_eu.audit', 'eu-west-1', '19:16'),
]

/** While this trail was stopped nothing was delivered from payments in eu-west-1; Event history still has it. */
export const stopped = { account: payments, region: 'eu-west-1', from: at('13:18:44'), to: at('15:02:19') }
/** In between, the trail of payments in us-east-1 left out reads and KMS. */
export const narrowed = { account: payments, region: 'us-east-1', from: at('13:21:10'), to: at('15:04:30') }
/** The span for which Event history was downloaded. */
export const historyRange = { from: at('13:10:00'), to: at('15:10:00') }

const validity = (from: string, to: string): [UtcMs, UtcMs] => [
  ensure(parseUtc(from), 'a key window'),
  ensure(parseUtc(to), 'a key window'),
]
/** From here on us-east-1 signs with its new key. */
const rotation = at('12:00:00')

/** The keys of each region; us-east-1 has two, whose windows overlap.  */
export function regionKeys(): ReadonlyMap<string, readonly SigningKey[]> {
  return new Map([
    [
      'us-east-1',
      [
        signingKey(usEast1OldDemoPem, ...validity('2026-01-13T12:00:00Z', '2026-02-12T12:00:00Z')),
        signingKey(usEast1NewDemoPem, ...validity('2026-02-02T12:00:00Z', '2026-03-04T12:00:00Z')),
      ],
    ],
    ['eu-west-1', [signingKey(euWest1DemoPem, ...validity('2026-01-28T06:30:00Z', '2026-02-27T06:30:00Z'))]],
    ['eu-central-1', [signingKey(euCentral1DemoPem, ...validity('2026-01-21T09:10:00Z', '2026-02-20T09:10:00Z'))]],
    ['sa-east-1', [signingKey(saEast1DemoPem, ...validity('2026-02-01T00:45:00Z', '2026-03-03T00:45:00Z'))]],
  ])
}

/** The key with which `region` signs a digest that ends at `end`. */
export function keyFor(keys: ReadonlyMap<string, readonly SigningKey[]>, region: string, end: UtcMs): SigningKey {
  const own = ensure(keys.get(region), 'every region of the sample has a key')
  return ensure(end >= rotation ? own.at(-1) : own[0], 'every region has at least one key')
}

export const agents = {
  cli: 'aws-cli/2.22.35 md/awscrt#0.23.4 ua/2.0 os/linux#6.1.119 md/arch#x86_64 lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off',
  terraform:
    'APN/1.0 HashiCorp/1.0 Terraform/1.10.3 (+https://www.terraform.io) terraform-provider-aws/5.82.2 aws-sdk-go-v2/1.32.7 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64',
  kali: 'aws-cli/2.15.22 Python/3.11.8 Linux/6.6.15-amd64 source/x86_64.kali.2024 prompt/off',
  rclone: 'rclone/v1.68.2',
  boto: 'Boto3/1.35.90 md/Botocore#1.35.90 ua/2.0 os/linux#5.10.230 md/arch#x86_64 lang/python#3.12.8 md/pyimpl#CPython cfg/retry-mode#legacy',
  java: 'aws-sdk-java/2.29.43 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10.230 lang/java#21.0.5 md/OpenJDK_64-Bit_Server_VM#21.0.5+11-LTS',
  agent: 'aws-sdk-go/1.55.5 (go1.22.10; linux; amd64) amazon-ssm-agent/3.3.1345.0',
  firefox: 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:134.0) Gecko/20100101 Firefox/134.0',
  chrome:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15',
} as const

export const addresses = {
  buildRunner: '192.0.2.10',
  natGateway: '192.0.2.84',
  office: '198.51.100.12',
  officeSix: '2001:db8:4:20::1f',
  /** The attacker's three ways in. */
  attacker: '203.0.113.66',
  exfiltration: '203.0.113.181',
  attackerSix: '2001:db8:bad:7::5',
} as const

export const ciKey = accessKeyId('AKIA', 'ci-deploy')
export const backdoorUser = 'svc-telemetry-sync'
export const backdoorKey = accessKeyId('AKIA', backdoorUser)

export const ciRunner: Actor = {
  identity: iamUser(workloads, 'ci-deploy', ciKey),
  sourceIPAddress: addresses.buildRunner,
  userAgent: agents.terraform,
}

/** Someone in the management console with an IAM user: temporary credentials from a sign-in. */
export const consoleUser = (
  userName: string,
  signedIn: UtcMs,
  mfa: boolean,
  from: string,
  userAgent: string,
): Actor => ({
  identity: iamUser(workloads, userName, accessKeyId('ASIA', `${userName} ${signedIn}`), {
    created: signedIn,
    mfa,
    signIn: `arn:aws:signin:us-east-1:${workloads}:session/${uuid(`sign-in ${userName} ${signedIn}`)}`,
  }),
  sourceIPAddress: from,
  userAgent,
  console: true,
})

/** Someone who came through single sign-on (a role session whose name is their mail address). */
export const ssoUser = (
  account: string,
  permissionSet: string,
  person: string,
  signedIn: UtcMs,
  from: string,
): Actor => ({
  identity: roleSession(account, `AWSReservedSSO_${permissionSet}_4f2c8d1e9a7b3056`, `${person}@northwind.example`, {
    accessKeyId: accessKeyId('ASIA', `${account} ${person} ${signedIn}`),
    created: signedIn,
    path: 'aws-reserved/sso.amazonaws.com/',
  }),
  sourceIPAddress: from,
  userAgent: agents.chrome,
  console: true,
})

/** A program that runs with a role: Lambda, EC2 or a container. */
export const workload = (
  account: string,
  role: string,
  session: string,
  since: UtcMs,
  options?: { agent?: string; vpce?: boolean; more?: JsonObject },
): Actor => ({
  identity: roleSession(account, role, session, {
    accessKeyId: accessKeyId('ASIA', `${account} ${role} ${session} ${since}`),
    created: since,
    ...(options?.more && { more: options.more }),
  }),
  sourceIPAddress: options?.vpce ? '10.20.4.17' : addresses.natGateway,
  userAgent: options?.agent ?? agents.boto,
  ...(options?.vpce && { vpcEndpointId: resourceId('vpce', account) }),
})

/** What AssumeRole answers. */
export const assumedRole = (account: string, role: string, session: string, key: string, expires: string): Json => ({
  credentials: { accessKeyId: key, expiration: expires },
  assumedRoleUser: {
    assumedRoleId: `${principalId('AROA', `${account} ${role}`)}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
  },
})

/** `Feb 10, 2026, 8:41:03 AM`: how IAM writes a time into its answers. */
export function iamDate(time: UtcMs): string {
  const date = new Date(time)
  const hour = date.getUTCHours()
  const two = (n: number): string => String(n).padStart(2, '0')
  return `Feb ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`
}
