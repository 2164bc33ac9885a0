/** Made-up rows and counts: the same for the same number, so that screenshots can be compared. */
export type MadeUpRow = {
  readonly at: number
  readonly call: string
  readonly who: string
  readonly from: string
  readonly result: 'ok' | 'DENIED'
  readonly writes: boolean
  readonly region: string
  readonly id: string
}

const CALLS = [
  'GetObject',
  'ListBuckets',
  'AssumeRole',
  'StopLogging',
  'DescribeInstances',
  'CreateAccessKey',
  'PutBucketPolicy',
  'GetCallerIdentity',
  'DeleteTrail',
  'ConsoleLogin',
  'ListUsers',
  'Decrypt',
]
const WRITES = new Set(['StopLogging', 'CreateAccessKey', 'PutBucketPolicy', 'DeleteTrail'])
const NAMES = [
  'svc-backup',
  'arn:aws:sts::210987654321:assumed-role/exfil-role/session-4711',
  'a.rossi',
  'ci-deploy',
  'root',
  'j.\u202eadmin',
  'monitoring',
]
const ADDRESSES = ['203.0.113.77', '198.51.100.23', 'internal service', '2001:db8:85a3::8a2e:370:7334', '192.0.2.146']
const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2']

export const START = Date.UTC(2023, 6, 10, 9, 0, 0)
const HOUR = 3_600_000

const mix = (n: number): number => {
  let x = (n + 0x9e3779b9) | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!

/** Row number `i` of a list as long as one likes, in time order. */
export function madeUpRow(i: number): MadeUpRow {
  const r = mix(i)
  const call = pick(CALLS, r >>> 3)
  const gap = Math.floor(i / 19) * 4 * 60_000
  return {
    at: START + i * 7000 + (r % 6000) - (r % 1000) + gap,
    call,
    who: pick(NAMES, r >>> 7),
    from: pick(ADDRESSES, r >>> 11),
    result: r % 7 === 0 ? 'DENIED' : 'ok',
    writes: WRITES.has(call),
    region: pick(REGIONS, r >>> 13),
    id: `${r.toString(16).padStart(8, '0')}-${(mix(r) & 0xffff).toString(16)}-4c1e`,
  }
}

/** Counts of five parts over 72 hours in bars of 30 minutes, with quiet nights and one loud hour. */
export function madeUpCounts() {
  const buckets = 144
  const series = ['s3', 'iam', 'sts', 'ec2', 'other'].map((label, s) => ({
    id: label,
    label,
    counts: Uint32Array.from({ length: buckets }, (_, i) => {
      const day = Math.max(0, Math.sin(((i % 48) / 48) * Math.PI * 2 - 1.4)) + 0.08
      const loud = i > 86 && i < 92 ? 6 - s : 1
      return i > 60 && i < 67 ? 0 : Math.round((day * loud * (900 - s * 170) * ((mix(i * 7 + s) % 100) + 40)) / 140)
    }),
  }))
  return { from: START, bucketMs: HOUR / 2, buckets, series }
}

export const madeUpCoverage = [
  { from: START, to: START + 30 * HOUR, state: 'proven' as const },
  { from: START + 30 * HOUR, to: START + 34 * HOUR, state: 'none' as const },
  { from: START + 34 * HOUR, to: START + 42 * HOUR, state: 'listed' as const },
  { from: START + 42 * HOUR, to: START + 45 * HOUR, state: 'altered' as const },
  { from: START + 45 * HOUR, to: START + 50 * HOUR, state: 'missing' as const },
  { from: START + 50 * HOUR, to: START + 72 * HOUR, state: 'proven' as const },
]

export const MADE_UP_JSON = `{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::210987654321:assumed-role/exfil-role/session-4711","sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},"eventTime":"2023-07-10T12:03:44Z","eventName":"PutBucketPolicy","sourceIPAddress":"203.0.113.77","requestParameters":{"bucketName":"acme-\u202epayroll","bucketPolicy":"{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":\\"*\\"}]}","size":9007199254740993,"dryRun":false,"none":null},"responseElements":null,"dup":1,"dup":2}`
