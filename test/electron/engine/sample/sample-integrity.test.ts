import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { EvidenceFile } from '#engine/sample/build-evidence.ts'
import { buildSample } from '#engine/sample/make-sample.ts'
import { writeFiles } from '#test/fixtures/evidence.ts'

const { files, truth } = buildSample()
const byPath = new Map(files.map((f) => [f.path, Buffer.from(f.bytes)]))
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const digests = files
  .filter((f) => f.path.includes('/CloudTrail-Digest/'))
  .map((f) => {
    const raw = gunzipSync(f.bytes)
    return { path: f.path, raw, content: JSON.parse(raw.toString()) }
  })
type Captured = { Bucket: string; Key: string; Metadata: { signature: string } }
type ListedKey = { Value: string; Fingerprint: string; ValidityStartTime: number; ValidityEndTime: number }
const captured: Captured[] = ensure(byPath.get('digest-head-object.jsonl'), 'signatures are there')
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const keysOf = (region: string): ListedKey[] =>
  JSON.parse(ensure(byPath.get(`public-keys/list-public-keys.${region}.json`), 'every region has keys').toString())
    .PublicKeyList

describe('the digests of the sample', () => {
  it('verify with the key of their region, valid at their time, over the string that AWS documents', () => {
    for (const { path, raw, content } of digests) {
      const region = ensure(/CloudTrail-Digest\/([a-z0-9-]+)\//.exec(path)?.[1], 'the path names the region')
      const listed = ensure(
        keysOf(region).find((k) => k.Fingerprint === content.digestPublicKeyFingerprint),
        'the key is in the bundle',
      )
      const der = Buffer.from(listed.Value, 'base64')
      expect(createHash('md5').update(der).digest('hex')).toBe(listed.Fingerprint)
      const end = Date.parse(content.digestEndTime) / 1000
      expect(end > listed.ValidityStartTime && end < listed.ValidityEndTime).toBe(true)
      const metadata = ensure(
        captured.find((c) => `${c.Bucket}/${c.Key}` === path),
        'its metadata was captured',
      ).Metadata
      const text = `${content.digestEndTime}\n${content.digestS3Bucket}/${content.digestS3Object}\n${sha256(raw)}\n${content.previousDigestSignature ?? 'null'}`
      const key = createPublicKey({ key: der, format: 'der', type: 'pkcs1' })
      expect(verify('sha256', Buffer.from(text), key, Buffer.from(metadata.signature, 'hex'))).toBe(true)
      expect(verify('sha256', Buffer.from(`${text}\n`), key, Buffer.from(metadata.signature, 'hex'))).toBe(false)
    }
  })

  it('link each hour to the one before', () => {
    const byId = new Map(digests.map((d) => [d.path, d]))
    const linked = digests.filter((d) => d.content.previousDigestS3Object !== null)
    for (const { content } of linked) {
      const before = ensure(
        byId.get(`${content.previousDigestS3Bucket}/${content.previousDigestS3Object}`),
        'the predecessor is there',
      )
      expect(content.previousDigestHashValue).toBe(sha256(before.raw))
      expect(content.digestStartTime).toBe(before.content.digestEndTime)
    }
    // six chains, one that starts again, one backfill digest
    expect(digests.length - linked.length).toBe(8)
  })

  it('include empty ones, two keys in one region, a backfill digest and late deliveries', () => {
    expect(digests.filter((d) => d.content.logFiles.length === 0).length).toBeGreaterThan(5)
    expect(
      new Set(digests.filter((d) => d.path.includes('/us-east-1/')).map((d) => d.content.digestPublicKeyFingerprint))
        .size,
    ).toBe(2)
    expect(digests.filter((d) => d.path.endsWith('_backfill.json.gz'))).toHaveLength(1)
    expect(
      digests.filter(
        (d) =>
          d.content.oldestEventTime !== null &&
          Date.parse(d.content.oldestEventTime) < Date.parse(d.content.digestStartTime) - 3_600_000,
      ).length,
    ).toBe(1)
  })

  it('find exactly the documented damage', () => {
    const { altered, missing, trailing, truncated, planted } = truth.damage
    const listed = digests
      .flatMap((d) => d.content.logFiles)
      .map((l) => ({ path: `${l.s3Bucket}/${l.s3Object}`, hash: l.hashValue }))
    expect(new Set(listed.map((l) => l.path)).size).toBe(listed.length)
    const problems = new Map<string, string>()
    for (const { path, hash } of listed) {
      const bytes = byPath.get(path)
      if (!bytes) problems.set(path, 'missing')
      else if (path === truncated.path) problems.set(path, 'unreadable')
      else if (sha256(gunzipSync(bytes)) !== hash) problems.set(path, path === trailing.path ? 'trailing' : 'modified')
    }
    const listedPaths = new Set(listed.map((l) => l.path))
    for (const { path } of files) {
      if (path.includes('AWSLogs/') && !path.includes('-Digest/') && !listedPaths.has(path))
        problems.set(path, 'unreferenced')
    }
    expect(problems).toEqual(
      new Map([
        [altered.path, 'modified'],
        [missing.path, 'missing'],
        [trailing.path, 'trailing'],
        [truncated.path, 'unreadable'],
        [planted.path, 'unreferenced'],
      ]),
    )
  })
})

/** A verifier written apart from this code; some checkouts have it beside the project. */
const verifier = join(import.meta.dirname, '../../../../../shared/tools/offline_verify.mjs')
describe.skipIf(!existsSync(verifier))('an independent verifier (skipped where it is not installed)', () => {
  it('agrees on every digest and names the same damage', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trailcase-sample-'))
    try {
      const text = (path: string, value: unknown): EvidenceFile => ({ path, bytes: Buffer.from(JSON.stringify(value)) })
      const PublicKeyList = ['us-east-1', 'eu-west-1', 'eu-central-1', 'sa-east-1'].flatMap(keysOf)
      writeFiles(folder, [
        ...files.filter((f) => f.path.includes('AWSLogs/')).map((f) => ({ ...f, path: `bucket/${f.path}` })),
        text('list-public-keys.us-east-1.json', { PublicKeyList }),
        text('digest-head-object.json', captured),
      ])
      const lines = execFileSync(process.execPath, [verifier, folder], { encoding: 'utf8' }).trimEnd().split('\n')
      const isFinding = (line: string): boolean => /^(?:\s+LOG_|LOG_UNREFERENCED)/.test(line)
      const verdicts = lines.filter((line) => !isFinding(line))
      expect(verdicts).toHaveLength(truth.digests)
      expect(
        verdicts.filter(
          (line) =>
            !line.includes(' AUTHENTIC(s3-metadata') || line.includes('MISMATCH') || line.includes('prev=MISSING'),
        ),
      ).toEqual([])
      const { altered, missing, trailing, truncated, planted } = truth.damage
      expect(
        lines
          .filter(isFinding)
          .map((line) => line.trim().split(/\s+/))
          .toSorted(),
      ).toEqual(
        [
          ['LOG_MODIFIED', basename(altered.path)],
          ['LOG_MISSING', basename(missing.path)],
          // it inflates all members at once, and so sees another content where ours names the tail
          ['LOG_MODIFIED', basename(trailing.path)],
          ['LOG_UNREADABLE', basename(truncated.path)],
          ['LOG_UNREFERENCED', basename(planted.path)],
        ].toSorted(),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
