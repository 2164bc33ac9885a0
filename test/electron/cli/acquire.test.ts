import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { merged, signedTree } from '#test/fixtures/digest-chain.ts'
import { TestS3, testKeys } from '#test/fixtures/test-s3.ts'
import { finished, json, start, trailcase } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-acquire-'))
const at = (name: string): string => join(folder, name)
const tree = merged(
  signedTree({ bucket: 'evidence-bucket', hours: [1, 1, 0] }),
  signedTree({ bucket: 'evidence-bucket', hours: [1], region: 'eu-west-1', unique: 'EU' }),
)
const keys = { AWS_ACCESS_KEY_ID: testKeys.accessKeyId, AWS_SECRET_ACCESS_KEY: testKeys.secretAccessKey }

/** Where credentials would be asked for if anything asked: the metadata service and the endpoint of containers. */
let asked = 0
const metadata = createServer((_request, response) => {
  asked++
  response.end('{}')
})
let store: TestS3
let traps: Record<string, string>

beforeAll(async () => {
  store = await TestS3.start()
  await store.put(tree.files, new Map(tree.heads.map((head) => [head.Key, head.Metadata])))
  metadata.listen(0, '127.0.0.1')
  await once(metadata, 'listening')
  const address = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`
  traps = {
    HOME: at('no-home'),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: address,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${address}/container`,
    AWS_DEFAULTS_MODE: 'auto',
    AWS_EC2_METADATA_DISABLED: 'false',
  }
})
afterAll(async () => {
  metadata.close()
  await store.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => store.calm())

const acquire = (...more: string[]): string[] => [
  'acquire',
  `s3://${store.bucket}`,
  '--endpoint',
  store.endpoint,
  ...more,
]

describe('acquire', () => {
  it('asks with keys that were given, and never the metadata of the machine', async () => {
    const none = await trailcase(acquire('--dry-run'), { env: traps })
    expect(none).toMatchObject({ code: 2 })
    expect(none.err).toContain('AWS_ACCESS_KEY_ID')
    expect(store.requests).toEqual([])
    const plan = await json(acquire('--dry-run'), { env: { ...traps, ...keys } })
    expect(plan).toMatchObject({ plan: { objects: tree.files.size, leftOut: 0 } })
    expect(asked).toBe(0)
  })

  it('would be seen if it asked the machine: the SDK left to itself does', async () => {
    const before = process.env
    process.env = { ...before, ...traps, AWS_PROFILE: '' }
    try {
      const client = new S3Client({ endpoint: store.endpoint, region: 'us-east-1', maxAttempts: 1 })
      await client.send(new ListBucketsCommand({})).catch(() => undefined)
    } finally {
      process.env = before
    }
    expect(asked).toBeGreaterThan(0)
    asked = 0
  })

  it('takes the keys of a profile that is named', async () => {
    writeFileSync(at('credentials'), '[lab]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n')
    const env = { ...traps, AWS_SHARED_CREDENTIALS_FILE: at('credentials') }
    const run = await trailcase(acquire('--dry-run', '--profile', 'lab', '--region', 'eu-west-1'), { env })
    expect(run.code).toBe(0)
    expect(run.text).toMatch(/^2 objects, /)
    const other = await trailcase(acquire('--dry-run', '--profile', 'other'), { env })
    expect(other).toMatchObject({ code: 2 })
    expect(other.err).toContain('no profile other')
  })

  it('brings a bucket into a case, where every digest is authentic by the signature that came along', async () => {
    writeFileSync(at('list-public-keys.json'), tree.keyBundle)
    await json(['import', at('a'), at('list-public-keys.json')])
    const done = await json(acquire('--case', at('a')), { env: { ...traps, ...keys } })
    expect(done).toMatchObject({
      ending: 'complete',
      fetched: { objects: tree.files.size },
      signatures: tree.digests.length,
      holdsAll: true,
      acquisition: { bucket: store.bucket, examiner: 'A. Rossi', changed: [] },
      imported: {
        entries: { quarantined: 0 },
        integrity: {
          clean: true,
          digests: { total: tree.digests.length, authentic: tree.digests.length },
          logs: { total: tree.logs.length, proven: tree.logs.length },
        },
      },
    })
    // The case holds every byte, so nothing else is left of it.
    expect(existsSync(at('a.trailcase.acquired'))).toBe(false)
    const log = JSON.stringify(await json(['custody', at('a')]))
    expect(log).toContain('acquire.import')
    expect(log).toContain((done as { manifestSha256: string }).manifestSha256)
    expect(log).not.toContain('secret')
  })

  it('says with exit code 1 what was not to be had, and continues when asked again', async () => {
    const [archived] = tree.logs as [string]
    store.fault(archived, { kind: 'error', status: 403, code: 'InvalidObjectState' })
    const run = await trailcase(acquire('--out', at('out')), { env: keys })
    expect(run.code).toBe(1)
    expect(run.text).toContain('1 archived')
    expect(run.text).toContain(`${archived}: Archived; restore it first`)
    store.calm()
    const again = await json(acquire('--out', at('out')), { env: keys })
    expect(again).toMatchObject({ fetched: { objects: 1 }, alreadyThere: { objects: tree.files.size - 1 } })
    expect(readFileSync(join(at('out'), store.bucket, archived)).equals(tree.files.get(archived)!)).toBe(true)
  })

  it('stops on Ctrl-C with what was fetched noted', async () => {
    const child = start(acquire('--out', at('stopped'), '--concurrency', '1'), { env: keys })
    store.faults.push(({ key }) => {
      if (key !== '') child.kill('SIGINT')
      return undefined
    })
    const run = await finished(child)
    expect(run.code).toBe(3)
    expect(run.err).toContain('the same command continues')
    expect(JSON.parse(readFileSync(join(at('stopped'), 'acquisition/manifest.json'), 'utf8'))).toMatchObject({
      ending: 'stopped',
    })
  })

  it('prints the commands for the AWS CLI without asking anything', async () => {
    const run = await trailcase(['acquire', 's3://evidence-bucket/my trail/AWSLogs/', '--print-commands'])
    expect(run.code).toBe(0)
    expect(run.text).toContain("B='evidence-bucket'\nP='my trail/'")
    expect(run.text).toContain('aws s3api head-object')
    expect(store.requests).toEqual([])
  })
})
