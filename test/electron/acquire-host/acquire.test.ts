import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { acquire } from '#electron/acquire-host/acquire.ts'
import type { FetchedLine, Manifest } from '#engine/acquire/acquisition-folder.ts'
import { fetchTo, partsFor, planOf } from '#test/fixtures/acquire-job.ts'
import { logKeyAt, merged, sha256, signedTree } from '#test/fixtures/digest-chain.ts'
import { TestS3 } from '#test/fixtures/test-s3.ts'

const parts = [
  signedTree({ bucket: 'evidence-bucket', hours: [1, 2, 0, 1] }),
  signedTree({
    bucket: 'evidence-bucket',
    hours: [1, 1],
    account: '210987654321',
    region: 'eu-west-1',
    unique: 'OTHER',
  }),
  signedTree({
    bucket: 'evidence-bucket',
    hours: [1],
    org: 'o-exampleorg1',
    account: '333333333333',
    start: '2024-05-09T00:11:31Z',
    unique: 'ORG',
  }),
]
const tree = merged(...parts)
const [first] = tree.logs as [string]
const start = Date.UTC(2024, 0, 1)

let store: TestS3
let folder: string

beforeAll(async () => {
  store = await TestS3.start()
  await store.put(tree.files, new Map(tree.heads.map((head) => [head.Key, head.Metadata])))
})
afterAll(() => store.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailcase-acquired-'))
})
afterEach(() => {
  store.calm()
  rmSync(folder, { recursive: true, force: true })
})

const record = (name: string): string => readFileSync(join(folder, 'acquisition', name), 'utf8')
const lines = <T>(name: string): T[] =>
  record(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
const manifest = (): Manifest => JSON.parse(record('manifest.json')) as Manifest
const gets = (): number => store.requests.filter((r) => r.key !== '').length

describe('what is fetched', () => {
  it('lies on disk byte for byte, with everything that S3 says of it', async () => {
    const result = await fetchTo(store, folder)
    expect(result).toMatchObject({ ending: 'complete', fetched: { objects: tree.files.size }, retries: 0 })
    expect(result.notFetched).toEqual({ objects: 0, reasons: [], first: [] })
    for (const [key, bytes] of tree.files)
      expect(readFileSync(join(folder, store.bucket, key)).equals(bytes)).toBe(true)
    const line = lines<FetchedLine>('objects.jsonl').find((one) => one.Key === first)!
    expect(line).toMatchObject({
      File: `evidence-bucket/${first}`,
      SHA256: sha256(tree.files.get(first)!),
      ContentLength: tree.files.get(first)!.length,
      ETag: createHash('md5').update(tree.files.get(first)!).digest('hex'),
      StorageClass: 'STANDARD',
      Checked: ['md5'],
    })
    expect(line.LastModified).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.partial'))).toEqual([])
  })

  it('brings the signatures of digests in the form of head-object', async () => {
    const result = await fetchTo(store, folder)
    expect(result.signatures).toBe(tree.digests.length)
    const heads = lines<{ Bucket: string; Key: string; Metadata: unknown }>('digest-head-object.jsonl')
    const plain = heads.map(({ Bucket, Key, Metadata }) => ({ Bucket, Key, Metadata }))
    expect(plain).toEqual(tree.heads.toSorted((a, b) => (a.Key < b.Key ? -1 : 1)))
  })

  it('is told by a manifest with who, when, tool and the hashes of its lists, and no secret', async () => {
    const { manifestSha256 } = await fetchTo(store, folder, { accounts: ['210987654321'] })
    expect(manifestSha256).toBe(sha256(record('manifest.json')))
    const told = manifest()
    expect(told).toMatchObject({
      examiner: 'A. Rossi',
      operator: { user: 'rossi', host: 'laptop' },
      tool: { name: 'Trailcase' },
      source: { bucket: 'evidence-bucket', endpoint: store.endpoint, accessKeyId: 'S3RVER' },
      selection: { accounts: ['210987654321'] },
      ending: 'complete',
      notFetched: 0,
    })
    for (const list of told.lists) expect(sha256(record(list.file))).toBe(list.sha256)
    expect(told.lists.map((list) => list.file)).toContain('objects.jsonl')
    expect(record('manifest.json')).not.toMatch(/secret/i)
  })
})

describe('a plan', () => {
  it('says how much, of what, on which days and for how much, and reads no object', async () => {
    const plan = await planOf(store)
    expect(plan).toMatchObject({
      objects: tree.files.size,
      bytes: [...tree.files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
      days: 2,
      leftOut: 0,
      versioning: 'off',
    })
    expect(plan.cost.getRequests).toBe(tree.files.size)
    expect(plan.cost.requestsUsd).toBeGreaterThan(0)
    expect(plan.groups.map((g) => [g.organization, g.account, g.kind, g.region, g.objects])).toContainEqual([
      ...['o-exampleorg1', '333333333333', 'CloudTrail', 'us-east-1', 1],
    ])
    expect(gets()).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    [{ accounts: ['210987654321'] }, (key: string) => key.includes('210987654321')],
    [{ regions: ['eu-west-1'] }, (key: string) => key.includes('/eu-west-1/')],
    [{ kinds: ['CloudTrail-Digest'] }, (key: string) => key.includes('CloudTrail-Digest')],
    [{ from: Date.UTC(2024, 4, 9) }, (key: string) => key.includes('o-exampleorg1')],
    [{ to: Date.UTC(2024, 4, 2) }, (key: string) => !key.includes('o-exampleorg1')],
    [{ prefix: 'AWSLogs/o-exampleorg1' }, (key: string) => key.includes('o-exampleorg1')],
    [{ prefix: 'AWSLogs/210987654321/CloudTrail/' }, (key: string) => key.includes('210987654321/CloudTrail/')],
    [
      { prefix: first.slice(0, first.indexOf('2024')) + '2024/05/01/' },
      (key: string) => key.startsWith('AWSLogs/123456789012/CloudTrail/'),
    ],
  ])('keeps to %j', async (wish, fits) => {
    expect((await planOf(store, wish)).objects).toBe([...tree.files.keys()].filter(fits).length)
  })

  it('lists only accounts, kinds and regions that fit', async () => {
    await planOf(store, { accounts: ['210987654321'], kinds: ['CloudTrail'] })
    const listed = store.requests.filter((r) => r.query.has('list-type') && !r.query.has('delimiter'))
    expect(listed.map((r) => r.query.get('prefix'))).toEqual(['AWSLogs/210987654321/CloudTrail/eu-west-1/'])
  })

  it('is made from a flat list where a store does not list folders', async () => {
    store.plain = true
    const plan = await planOf(store, { regions: ['eu-west-1'] })
    expect(plan.objects).toBe(parts[1]!.files.size)
    expect(plan.notes.join()).toContain('does not list folders')
  })

  it('of nothing says what to check', async () => {
    expect((await planOf(store, { accounts: ['999999999999'] })).notes.join()).toContain('Nothing fits')
  })

  it('finds trails below prefixes that nobody named', async () => {
    store.listOnly(['trails/a/', 'x/', ''].map((prefix) => logKeyAt({ prefix }, start, 'UNIQUE0000000001')))
    expect((await planOf(store)).objects).toBe(3)
    expect((await planOf(store, { prefix: 'trails' })).objects).toBe(1)
  })

  it('holds for 100,000 keys, of which a day is listed without the others', async () => {
    store.listOnly(
      Array.from({ length: 100_000 }, (_, n) => logKeyAt({}, start + n * 300_000, `U${String(n).padStart(15, '0')}`)),
    )
    expect(await planOf(store)).toMatchObject({ objects: 100_000, bytes: 100_000_000, days: 348 })
    const before = store.requests.length
    const day = await planOf(store, { from: Date.UTC(2024, 5, 1), to: Date.UTC(2024, 5, 1) })
    expect(day.objects).toBe(289)
    expect(store.requests.length - before).toBeLessThan(12)
  })
})

describe('faults', () => {
  it.each([
    ['throttling', { kind: 'error', status: 503, code: 'SlowDown' }],
    ['an internal error of the store', { kind: 'error', status: 500, code: 'InternalError' }],
    ['a dropped connection', { kind: 'drop' }],
    ['a body that breaks off', { kind: 'cut' }],
    ['a truncated body', { kind: 'shortened' }],
    ['a flipped bit', { kind: 'flipped' }],
    [
      'a wrong checksum',
      { kind: 'checksum', header: 'x-amz-checksum-sha256', value: Buffer.alloc(32).toString('base64') },
    ],
  ] as const)('%s is tried again, and every byte is right', async (_name, fault) => {
    store.fault('', fault, 2)
    store.faults[0] = ({ key, nth }) => (key !== '' && nth <= 2 ? fault : undefined)
    const result = await fetchTo(store, folder, { regions: ['eu-west-1'] })
    expect(result.notFetched.objects).toBe(0)
    expect(result.retries).toBe(2 * parts[1]!.files.size)
    for (const [key, bytes] of parts[1]!.files)
      expect(readFileSync(join(folder, store.bucket, key)).equals(bytes)).toBe(true)
  })

  it.each([
    ['archived', { kind: 'error', status: 403, code: 'InvalidObjectState' }],
    ['access-denied', { kind: 'error', status: 403, code: 'AccessDenied' }],
    ['gone', { kind: 'error', status: 404, code: 'NoSuchKey' }],
    ['damaged', { kind: 'flipped' }],
    ['unavailable', { kind: 'error', status: 503, code: 'SlowDown' }],
  ] as const)('an object that stays %s is named with its reason, and the others come', async (reason, fault) => {
    store.fault(first, fault)
    const result = await fetchTo(store, folder)
    expect(result.fetched.objects).toBe(tree.files.size - 1)
    expect(result.notFetched).toMatchObject({ objects: 1, reasons: [{ reason, objects: 1 }], first: [{ key: first }] })
    expect(lines('not-fetched.jsonl')).toMatchObject([{ key: first, reason }])
    expect(readdirSync(join(folder, store.bucket, first, '..'))).not.toContain(first.slice(first.lastIndexOf('/') + 1))
  })

  it('a clock that is an hour off is corrected by the time of the store', async () => {
    store.skewMs = 3_600_000
    const result = await fetchTo(store, folder, { regions: ['eu-west-1'] })
    expect(result).toMatchObject({ ending: 'complete', notFetched: { objects: 0 } })
  })

  it('a list that may not be asked for ends with what the keys need', async () => {
    store.faults.push(({ key }) => (key === '' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined))
    await expect(acquire(partsFor(store, folder))).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('s3:ListBucket') as string,
    })
  })

  it('keys that expire on the way end the run; what was fetched stays, and the next run continues', async () => {
    let asked = 0
    store.faults.push(({ key }) =>
      key !== '' && ++asked > 4 ? { kind: 'error', status: 400, code: 'ExpiredToken' } : undefined,
    )
    await expect(acquire(partsFor(store, folder, { concurrency: 1 }))).rejects.toMatchObject({ code: 'denied' })
    expect(manifest()).toMatchObject({ ending: 'failed', objects: 4 })
    store.calm()
    const result = await fetchTo(store, folder)
    expect(result).toMatchObject({ alreadyThere: { objects: 4 }, fetched: { objects: tree.files.size - 4 } })
    expect(gets()).toBe(tree.files.size - 4)
    expect(manifest().earlierRuns).toMatchObject([{ ending: 'failed', examiner: 'A. Rossi' }])
  })

  it('a bucket that is not there is said to be not there', async () => {
    await expect(acquire(partsFor(store, null, { bucket: 'no-such-bucket' }))).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('stopping and going on', () => {
  it('stops when asked, and the same job fetches only the rest', async () => {
    const stop = new AbortController()
    store.faults.push(({ key }) => {
      if (key !== '' && gets() === 5) stop.abort()
      return undefined
    })
    const stopped = (await acquire(partsFor(store, folder, { concurrency: 1 }, { signal: stop.signal })))!
    expect(stopped.ending).toBe('stopped')
    const had = stopped.fetched.objects
    expect(stopped.notFetched.reasons).toEqual([{ reason: 'not-reached', objects: tree.files.size - had }])
    store.calm()
    expect(await fetchTo(store, folder)).toMatchObject({ ending: 'complete', alreadyThere: { objects: had } })
    expect(gets()).toBe(tree.files.size - had)
    expect(lines('objects.jsonl')).toHaveLength(tree.files.size)
  })

  it('goes on from the journal of a run that was killed in the middle of a line', async () => {
    await fetchTo(store, folder)
    const journal = record('objects.jsonl').split('\n').slice(0, 3)
    writeFileSync(
      join(folder, 'acquisition/objects.jsonl'),
      `${journal.slice(0, 2).join('\n')}\n${journal[2]!.slice(0, 40)}`,
    )
    expect(await fetchTo(store, folder)).toMatchObject({
      alreadyThere: { objects: 2 },
      fetched: { objects: tree.files.size - 2 },
    })
    expect(lines('objects.jsonl')).toHaveLength(tree.files.size)
  })

  it('fetches again what was changed on disk since', async () => {
    await fetchTo(store, folder)
    writeFileSync(join(folder, store.bucket, first), 'somebody else')
    expect(await fetchTo(store, folder)).toMatchObject({ fetched: { objects: 1 } })
    expect(readFileSync(join(folder, store.bucket, first)).equals(tree.files.get(first)!)).toBe(true)
  })

  it('leaves a folder alone that holds something else', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    await expect(acquire(partsFor(store, folder))).rejects.toMatchObject({ code: 'already-exists' })
    expect(gets()).toBe(0)
  })
})

describe('a bucket that keeps versions', () => {
  const deleted = logKeyAt({}, Date.UTC(2024, 4, 1, 3), 'DELETED000000001')
  const body = Buffer.from('the log that somebody deleted')

  beforeEach(() => {
    store.versions = {
      older: [
        { key: deleted, versionId: 'v1', body, modified: '2024-05-01T03:00:00.000Z' },
        { key: first, versionId: 'v0', body: Buffer.from('replaced'), modified: '2024-05-01T00:00:00.000Z' },
      ],
      markers: [{ key: deleted, versionId: 'm1', modified: '2024-05-02T00:00:00.000Z' }],
    }
  })

  it('lists what was replaced and deleted', async () => {
    const result = await fetchTo(store, folder)
    expect(result.plan).toMatchObject({
      versioning: 'on',
      olderVersions: 2,
      deleteMarkers: 1,
      deletedKeys: 1,
      objects: tree.files.size,
    })
    expect(lines('versions.jsonl')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Key: deleted, VersionId: 'v1', Kind: 'version', Deleted: true, Size: body.length }),
        expect.objectContaining({ Key: deleted, VersionId: 'm1', Kind: 'delete-marker', IsLatest: true }),
        expect.objectContaining({ Key: first, VersionId: 'v0', Kind: 'version', Deleted: false }),
      ]),
    )
  })

  it('gives deleted logs back when older versions are asked for', async () => {
    const result = await fetchTo(store, folder, { olderVersions: true })
    expect(result.fetched.objects).toBe(tree.files.size + 2)
    expect(readFileSync(join(folder, `${store.bucket}@v1`, deleted)).equals(body)).toBe(true)
    expect(readFileSync(join(folder, store.bucket, first)).equals(tree.files.get(first)!)).toBe(true)
  })
})
