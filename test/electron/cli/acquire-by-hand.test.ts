import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedTree } from '#test/fixtures/digest-chain.ts'
import { TestS3, testKeys } from '#test/fixtures/test-s3.ts'
import { finished, json, trailcase } from './cli.ts'

const has = (tool: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)))
const works = (): boolean => {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const missing = ['bash', 'jq', 'aws', 'sha256sum'].filter((tool) => !has(tool))
const tree = signedTree({ bucket: 'evidence-bucket', prefix: "the trail's/", hours: [2, 1] })

describe.skipIf(missing.length > 0 || !works())('the commands for the AWS CLI, where it is installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-by-hand-'))
  let store: TestS3
  beforeAll(async () => {
    store = await TestS3.start()
    await store.put(tree.files, new Map(tree.heads.map((head) => [head.Key, head.Metadata])))
  })
  afterAll(async () => {
    await store.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('copy a bucket and its signatures, and what they produce is imported with every digest authentic', async () => {
    const url = "s3://evidence-bucket/the trail's"
    const printed = await trailcase(['acquire', url, '--print-commands', '--from', '2024-05-01', '--to', '2024-05-02'])
    expect(printed.code).toBe(0)
    const run = await finished(
      spawn('bash', ['-c', printed.text], {
        cwd: folder,
        // Every service at the store on loopback: those that it does not know answer with an error, as for keys without the right to ask.
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          AWS_ENDPOINT_URL: store.endpoint,
          AWS_ACCESS_KEY_ID: testKeys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: testKeys.secretAccessKey,
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_MAX_ATTEMPTS: '1',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    for (const [key, bytes] of tree.files)
      expect(readFileSync(join(folder, store.bucket, key)).equals(bytes), run.err).toBe(true)
    const heads = readFileSync(join(folder, 'digest-head-object.jsonl'), 'utf8').trim().split('\n')
    expect(heads).toHaveLength(tree.digests.length)
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toContain('digest-head-object.jsonl')
    // Keys come from CloudTrail, which is not on loopback.
    writeFileSync(join(folder, 'keys.json'), tree.keyBundle)
    const names = [store.bucket, 'digest-head-object.jsonl', 'keys.json'].map((name) => join(folder, name))
    expect(await json(['import', join(folder, 'case'), ...names])).toMatchObject({
      integrity: {
        clean: true,
        digests: { total: tree.digests.length, authentic: tree.digests.length },
        logs: { total: tree.logs.length, proven: tree.logs.length },
      },
    })
  })
})
