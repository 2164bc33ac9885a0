import { createHash, createPublicKey } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseUtc, utcMs } from '#shared/base/time.ts'
import { bestEventVerdict, eventVerdictOf } from '#engine/integrity/event-verdict.ts'
import { judge } from '#engine/integrity/judge.ts'
import type { Judgement } from '#engine/integrity/judgement.ts'
import { parseSignatures } from '#engine/integrity/parse-signatures.ts'
import { summarise } from '#engine/integrity/summarise.ts'
import { verdictSentence } from '#engine/integrity/explain.ts'
import {
  addDigest,
  addLog,
  editDigest,
  inventoryOf,
  logContent,
  logKeyAt,
  merged,
  sha256,
  signedTree,
  signingKeys,
  type InventoryOptions,
  type Tree,
} from '#test/fixtures/digest-chain.ts'

const start = parseUtc('2024-05-01T00:11:31Z')!
const HOUR = 3_600_000
const judged = (tree: Tree, options: InventoryOptions = {}): Judgement => judge(inventoryOf(tree, options))
const codes = (judgement: Judgement): string[] => judgement.findings.map((f) => `${f.severity} ${f.code}`)
const verdicts = (judgement: Judgement): string[] => judgement.digests.map((d) => d.verdict)
/** The verdict of one log file, by its key. */
const logVerdict = (judgement: Judgement, key: string): string | undefined =>
  judgement.logs.find((log) => (log.kind === 'missing' ? log.listing.key === key : log.path.endsWith(key)))?.verdict

describe('an untouched copy', () => {
  it('is proven whole with captured signatures', () => {
    const judgement = judged(signedTree({ hours: [1, 2, 0, 1] }))
    expect(verdicts(judgement)).toEqual(['AUTHENTIC', 'AUTHENTIC', 'AUTHENTIC', 'AUTHENTIC'])
    expect(summarise(judgement)).toMatchObject({ logs: { total: 4, proven: 4 }, findings: [], clean: true })
  })

  it('is proven up to the newest digest when the copy lost the signatures, and stays clean', () => {
    const judgement = judged(signedTree({ hours: [1, 2, 0, 1] }), { signatures: false })
    expect(verdicts(judgement)).toEqual(['AUTHENTIC', 'AUTHENTIC', 'AUTHENTIC', 'UNVERIFIED_NO_SIGNATURE'])
    expect(codes(judgement)).toEqual(['info UNVERIFIED_NO_SIGNATURE'])
    expect(summarise(judgement)).toMatchObject({ logs: { proven: 3, listedUnproven: 1 }, clean: true })
  })

  it('is proven by link where the key of older digests is missing', () => {
    const tree = signedTree({ hours: [1, 1, 1, 1], key: (hour) => (hour < 3 ? 0 : 1) })
    const judgement = judged(tree, { keys: [1] })
    expect(verdicts(judgement)).toEqual(['AUTHENTIC_BY_LINK', 'AUTHENTIC_BY_LINK', 'AUTHENTIC_BY_LINK', 'AUTHENTIC'])
    expect(judgement.clean).toBe(true)
    expect(judgement.digests[0]?.proof).toEqual({ kind: 'link', successor: 1 })
  })

  it('is only consistent without any key, and says so', () => {
    const summary = summarise(judged(signedTree({ hours: [1, 1, 1] }), { keys: [] }))
    expect(summary).toMatchObject({ digests: { consistent: 3 }, logs: { listedUnproven: 3 }, clean: true })
    expect(verdictSentence(summary)).toContain('without public keys nothing shows that AWS wrote them')
  })

  it('names the missing key when older digests are proven and newer ones are not', () => {
    const tree = signedTree({ hours: [1, 1, 1], key: (hour) => (hour === 2 ? 1 : 0) })
    expect(verdicts(judged(tree, { keys: [0] }))).toEqual(['AUTHENTIC', 'AUTHENTIC', 'UNVERIFIED_NO_KEY'])
  })

  it.each([
    ['a trail with separators in its name', { trail: 'my_trail.v2-x' }],
    ['a prefix', { prefix: 'a/b c/' }],
    ['an organization', { org: 'o-abcdefghij' }],
    ['a landing zone, where the prefix is the organization', { prefix: 'o-abcdefghij/', org: 'o-abcdefghij' }],
    ['a home region that is not the source region', { region: 'eu-west-1', homeRegion: 'us-east-1' }],
    ['a bucket that changes along the chain', { bucket: (hour: number) => (hour < 2 ? 'old-bucket' : 'new-bucket') }],
  ])('is one whole chain with %s', (_, options) => {
    const tree = signedTree({ hours: [1, 1, 1, 1], ...options })
    const judgement = judged(tree)
    expect(summarise(judgement)).toMatchObject({ digests: { authentic: 4 }, logs: { proven: 4 }, clean: true })
    expect(judgement.chains).toHaveLength(1)
    expect(judgement.chains[0]).toMatchObject({ gaps: [], trail: 'trail' in options ? options.trail : 'ir-trail' })
  })

  it('of two trails in one folder is two chains, and each proves its own files', () => {
    const tree = merged(
      signedTree({ hours: [1, 1], trail: 'one', unique: 'ONE' }),
      signedTree({ hours: [2, 1], trail: 'two', unique: 'TWO' }),
    )
    const judgement = judged(tree)
    expect(judgement.chains.map((c) => c.trail)).toEqual(['one', 'two'])
    expect(summarise(judgement)).toMatchObject({ logs: { proven: 5 }, findings: [], clean: true })
  })

  it('flattened into one folder is recognised by bare names, and by content when renamed', () => {
    const tree = signedTree({ hours: [1, 1] })
    const flat = judged(tree, { pathOf: (key) => `flat/${key.split('/').at(-1)!}` })
    expect(summarise(flat)).toMatchObject({ logs: { proven: 2 }, findings: [], clean: true })
    expect(flat.digests.every((d) => d.flags.includes('PATH_DIFFERS'))).toBe(true)

    const renamed = judged(tree, { pathOf: (key) => (key === tree.logs[0] ? 'flat/download (1).gz' : key) })
    expect(codes(renamed)).toEqual(['low LOG_RENAMED'])
    expect(renamed.findings[0]).toMatchObject({ expected: tree.logs[0], found: 'flat/download (1).gz' })
    expect(summarise(renamed)).toMatchObject({ logs: { proven: 2 }, clean: true })
  })

  it('stored decompressed, or compressed anew, is as good', () => {
    const tree = signedTree({ hours: [1, 1] })
    tree.files.set(tree.logs[0]!, logContent('UNIQ-0-0'))
    tree.files.set(tree.logs[1]!, gzipSync(logContent('UNIQ-1-0'), { level: 1 }))
    const judgement = judged(tree)
    expect(judgement.logs.map((log) => log.verdict)).toEqual(['LOG_PROVEN_DECOMPRESSED_COPY', 'LOG_PROVEN'])
    expect(judgement.clean).toBe(true)
  })

  it('given twice is judged once', () => {
    const inventory = inventoryOf(signedTree({ hours: [1, 1] }))
    const twice = judge({ ...inventory, digests: [...inventory.digests, ...inventory.digests] })
    expect(twice.digests).toEqual(judge(inventory).digests)
  })

  it('with a digest of ten thousand log files is judged', () => {
    const tree = signedTree({ hours: [0] })
    const key = logKeyAt({}, start, 'LOG')
    const entries = Array.from({ length: 10_000 }, (_, i) =>
      addLog(tree, 'b', key.replace('LOG', `LOG${i}`), logContent(`${i}`)),
    )
    addDigest(
      tree,
      {},
      { bucket: 'b', from: start + HOUR, to: start + 2 * HOUR, key: 0, previous: tree.digests[0]!, entries },
    )
    expect(summarise(judged(tree)).logs).toMatchObject({ total: 10_000, proven: 10_000 })
  })
})

describe('backfill digests', () => {
  const withBackfill = (generated: string): Tree => {
    const tree = signedTree({ hours: [1, 1, 1] })
    const at = start + 1.4 * HOUR
    const late = addLog(tree, 'example-trail-bucket', logKeyAt({}, at, 'LATE'), logContent('late'))
    addDigest(
      tree,
      {},
      {
        bucket: 'example-trail-bucket',
        from: start + HOUR,
        to: start + 2 * HOUR,
        key: 2,
        previous: null,
        entries: [late],
        backfill: generated,
      },
    )
    return tree
  }

  it('stand apart, prove late files, and are no restart', () => {
    const judgement = judged(withBackfill('2024-05-02T06:00:00Z'))
    expect(judgement.chains.map((c) => [c.backfill, c.digests.length])).toEqual([
      [true, 1],
      [false, 3],
    ])
    expect(summarise(judgement)).toMatchObject({ logs: { proven: 4 }, findings: [], clean: true })
  })

  it('are unverified without metadata, and the file they list is not suspicious', () => {
    const judgement = judged(withBackfill('2024-05-02T06:00:00Z'), { signatures: false })
    expect(summarise(judgement)).toMatchObject({
      digests: { unverified: 2 },
      logs: { listedUnproven: 2, unreferenced: 0 },
      clean: true,
    })
  })

  it('are held against the validity of their key at the time they were generated', () => {
    expect(codes(judged(withBackfill('2024-07-02T06:00:00Z')))).toEqual(['low KEY_OUTSIDE_VALIDITY'])
  })
})

describe('manipulated log files', () => {
  const hours = [1, 2, 1] as const

  it('that were altered are high findings with both hashes', () => {
    const tree = signedTree({ hours })
    tree.files.set(tree.logs[1]!, gzipSync(logContent('forged')))
    const judgement = judged(tree)
    expect(judgement.findings).toMatchObject([
      {
        code: 'LOG_MODIFIED',
        severity: 'high',
        path: tree.logs[1],
        expected: sha256(logContent('UNIQ-1-0')),
        found: sha256(logContent('forged')),
      },
    ])
    expect(judgement.clean).toBe(false)
    expect(verdictSentence(summarise(judgement))).toBe('3 of 4 log files are proven; 1 was altered.')
  })

  it('that are gone are missing: deleted or not copied', () => {
    const tree = signedTree({ hours })
    tree.files.delete(tree.logs[1]!)
    const judgement = judged(tree)
    expect(codes(judgement)).toEqual(['medium LOG_MISSING'])
    expect(judgement.findings[0]?.detail).toContain('it was deleted, or it was not copied')
    expect(summarise(judgement).logs).toMatchObject({ total: 4, missing: 1 })
  })

  it('that were planted inside a proven window are high findings', () => {
    const tree = signedTree({ hours })
    const planted = logKeyAt({}, start + 1.5 * HOUR, 'PLANTED')
    tree.files.set(planted, gzipSync(logContent('planted')))
    const judgement = judged(tree)
    expect(judgement.findings).toMatchObject([{ code: 'LOG_UNREFERENCED', severity: 'high', path: planted }])
    expect(judgement.logs.find((l) => l.kind === 'unreferenced')).toMatchObject({
      reason: 'INSIDE_PROVEN_WINDOW',
      copyOf: null,
    })
    expect(judgement.clean).toBe(false)
  })

  it('that are copies of proven ones under another name are unreferenced, and the copy is named', () => {
    const tree = signedTree({ hours })
    const copy = logKeyAt({}, start + 1.5 * HOUR, 'COPY')
    tree.files.set(copy, tree.files.get(tree.logs[0]!)!)
    const judgement = judged(tree)
    expect(judgement.findings).toMatchObject([{ code: 'LOG_UNREFERENCED', severity: 'high', path: copy }])
    expect(judgement.findings[0]?.detail).toContain(tree.logs[0])
    expect(logVerdict(judgement, tree.logs[0]!)).toBe('LOG_PROVEN')
  })

  it.each([
    ['a second gzip member', gzipSync('{"Records":[]}')],
    ['garbage', Buffer.from('garbage')],
    ['a single zero byte', Buffer.alloc(1)],
  ])('with %s appended have trailing data, and their own content is not doubted', (_, tail) => {
    const tree = signedTree({ hours })
    tree.files.set(tree.logs[0]!, Buffer.concat([tree.files.get(tree.logs[0]!)!, tail]))
    const judgement = judged(tree)
    expect(codes(judgement)).toEqual(['high LOG_TRAILING_DATA'])
    expect(judgement.findings[0]?.found).toBe(`${tail.length} byte${tail.length === 1 ? '' : 's'}`)
  })

  it('that were cut off or emptied are unreadable', () => {
    const tree = signedTree({ hours })
    const whole = tree.files.get(tree.logs[0]!)!
    tree.files.set(tree.logs[0]!, whole.subarray(0, (whole.length * 2) / 3))
    expect(codes(judged(tree))).toEqual(['medium LOG_UNREADABLE'])
  })

  it('delivered after the last digest, before the first, or where there are no digests are told apart from planted ones', () => {
    const tree = signedTree({ hours })
    const after = logKeyAt({}, start + 3.5 * HOUR, 'AFTER')
    const before = logKeyAt({}, start - 5 * HOUR, 'BEFORE')
    const elsewhere = logKeyAt({ region: 'eu-west-1' }, start + HOUR, 'ELSEWHERE')
    for (const key of [after, before, elsewhere]) tree.files.set(key, gzipSync(logContent(key)))
    const judgement = judged(tree)
    const reasons = judgement.logs.flatMap((l) => (l.kind === 'unreferenced' ? [l.reason] : []))
    expect(reasons.sort()).toEqual(['BEFORE_FIRST_DIGEST', 'DELIVERED_AFTER_LAST_DIGEST', 'NO_DIGESTS'])
    expect(codes(judgement)).toEqual(['low LOG_UNREFERENCED', 'low LOG_UNREFERENCED', 'info LOG_UNREFERENCED'])
    expect(judgement.clean).toBe(true)
  })

  it('of Insights that no digest lists are of low severity, because digests may not list them', () => {
    const tree = signedTree({ hours })
    tree.files.set(logKeyAt({}, start + 1.5 * HOUR, 'INSIGHT', 'CloudTrail-Insight'), gzipSync(logContent('i')))
    expect(codes(judged(tree))).toEqual(['low LOG_UNREFERENCED'])
  })

  it('are not suspicious while another trail of the same place has a gap at that time', () => {
    const two = signedTree({ hours: [1, 1, 1], trail: 'two', unique: 'TWO' })
    two.files.delete(two.digests[1]!.key)
    const judgement = judged(merged(signedTree({ hours: [1, 1, 1], trail: 'one', unique: 'ONE' }), two))
    expect(codes(judgement)).toEqual(['medium CHAIN_GAP'])
    expect(judgement.findings[0]?.affects).toEqual([two.digests[1]!.logs[0]])
  })
})

describe('manipulated digests', () => {
  const hours = [1, 2, 1, 1] as const

  it('that are gone leave a gap with its hours and the files that lost their digest', () => {
    const tree = signedTree({ hours })
    tree.files.delete(tree.digests[1]!.key)
    const judgement = judged(tree)
    expect(judgement.findings).toMatchObject([
      { code: 'CHAIN_GAP', severity: 'medium', path: tree.digests[1]!.key, affects: tree.digests[1]!.logs },
    ])
    expect(judgement.findings[0]?.detail).toContain('2024-05-01 01:11:31Z to 2024-05-01 02:11:31Z')
    expect(judgement.chains[0]?.gaps).toMatchObject([
      { reason: 'DIGEST_MISSING', from: start + HOUR, to: start + 2 * HOUR },
    ])
    expect(summarise(judgement)).toMatchObject({ logs: { unreferenced: 2, proven: 3 }, clean: false })
    expect(judgement.digests.map((d) => d.flags.includes('PREV_MISSING'))).toEqual([false, true, false])
  })

  it('that are gone take the signature of their predecessor with them when nothing was captured', () => {
    const tree = signedTree({ hours })
    tree.files.delete(tree.digests[2]!.key)
    const judgement = judged(tree, { signatures: false })
    expect(verdicts(judgement)).toEqual(['AUTHENTIC', 'UNVERIFIED_NO_SIGNATURE', 'UNVERIFIED_NO_SIGNATURE'])
    expect(codes(judgement)).toEqual(['medium CHAIN_GAP', 'info UNVERIFIED_NO_SIGNATURE'])
    expect(judgement.findings[0]?.affects).toContain(tree.digests[1]!.key)
    expect(judgement.findings[1]?.path).toBe(tree.digests[3]!.key)
  })

  it('two in a row that are gone are one gap of two hours', () => {
    const tree = signedTree({ hours })
    tree.files.delete(tree.digests[1]!.key)
    tree.files.delete(tree.digests[2]!.key)
    const judgement = judged(tree)
    expect(codes(judgement)).toEqual(['medium CHAIN_GAP'])
    expect(judgement.findings[0]?.detail).toContain('about 2 digests in a row')
    expect(judgement.findings[0]?.affects).toHaveLength(3)
    expect(judgement.chains[0]?.gaps).toMatchObject([{ from: start + HOUR, to: start + 3 * HOUR }])
  })

  it('at the end that are gone with their logs cannot be seen, but the chain says where it ends', () => {
    const tree = signedTree({ hours })
    tree.files.delete(tree.digests[3]!.key)
    const withLog = judged(tree)
    expect(codes(withLog)).toEqual(['low LOG_UNREFERENCED'])
    expect(withLog.logs.find((l) => l.kind === 'unreferenced')).toMatchObject({ reason: 'DELIVERED_AFTER_LAST_DIGEST' })
    tree.files.delete(tree.logs.at(-1)!)
    expect(judged(tree).chains[0]?.to).toBe(start + 3 * HOUR)
  })

  it('at the end that are gone are told when the same trail goes on in another region', () => {
    const tree = merged(
      signedTree({ hours: [1, 1] }),
      signedTree({ hours: Array.from({ length: 10 }, () => 1), region: 'eu-west-1' }),
    )
    const judgement = judged(tree)
    expect(codes(judgement)).toEqual(['low CHAIN_END'])
    expect(judgement.findings[0]?.detail).toContain('us-east-1 end at 2024-05-01 02:11:31Z')
  })

  it.each([
    ['edited', (json: Record<string, unknown>) => void (json['logFiles'] = [])],
    ['given another time', (json: Record<string, unknown>) => void (json['digestStartTime'] = json['digestEndTime'])],
    [
      'made to name another place',
      (json: Record<string, unknown>) => void (json['digestS3Object'] = 'elsewhere.json.gz'),
    ],
    [
      'made to name another predecessor',
      (json: Record<string, unknown>) => void (json['previousDigestHashValue'] = '0'.repeat(64)),
    ],
  ])('that were %s are invalid, and one finding', (_, edit) => {
    const tree = signedTree({ hours })
    editDigest(tree, tree.digests[1]!.key, edit)
    const judgement = judged(tree)
    const [finding, ...rest] = judgement.findings
    expect(rest).toEqual([])
    expect(finding).toMatchObject({ severity: 'high', path: tree.digests[1]!.key })
    expect(['SIGNATURE_INVALID', 'HASH_MISMATCH_WITH_SUCCESSOR']).toContain(finding?.code)
    expect(judgement.clean).toBe(false)
    for (const key of tree.digests[1]!.logs)
      expect(['LOG_LISTED_UNPROVEN', 'LOG_UNREFERENCED']).toContain(logVerdict(judgement, key))
    for (const key of [...tree.digests[0]!.logs, ...tree.digests[2]!.logs])
      expect(logVerdict(judgement, key)).toBe('LOG_PROVEN')
  })

  it.each([
    ['pretty-printed', (text: string) => JSON.stringify(JSON.parse(text), null, 2)],
    ['given Windows line ends', (text: string) => `${text}\r\n`],
    ['given a byte order mark', (text: string) => `\ufeff${text}`],
  ])('that were %s no longer fit their signature, and their files stay listed', (_, change) => {
    const tree = signedTree({ hours })
    tree.files.set(tree.digests[1]!.key, gzipSync(change(tree.digests[1]!.raw.toString())))
    const judgement = judged(tree)
    expect(codes(judgement)).toEqual(['high SIGNATURE_INVALID'])
    for (const key of tree.digests[1]!.logs) expect(logVerdict(judgement, key)).toBe('LOG_LISTED_UNPROVEN')
  })

  it('are found by the hash in the chain even without any key', () => {
    const tree = signedTree({ hours })
    editDigest(tree, tree.digests[1]!.key, (json) => void (json['logFiles'] = []))
    const judgement = judged(tree, { keys: [], signatures: false })
    expect(codes(judgement).slice(0, 1)).toEqual(['high HASH_MISMATCH_WITH_SUCCESSOR'])
    expect(judgement.clean).toBe(false)
  })

  it('that were edited do not accuse their predecessor', () => {
    const tree = signedTree({ hours })
    editDigest(tree, tree.digests[1]!.key, (json) => {
      json['previousDigestSignature'] = signingKeys[0]!.fingerprint
      json['previousDigestHashValue'] = '0'.repeat(64)
    })
    const judgement = judged(tree, { signatures: false })
    expect(verdicts(judgement)).toEqual([
      'UNVERIFIED_NO_SIGNATURE',
      'SIGNATURE_INVALID',
      'AUTHENTIC',
      'UNVERIFIED_NO_SIGNATURE',
    ])
  })

  it('that nothing vouches for are still found when they contradict their proven predecessor', () => {
    const tree = signedTree({ hours })
    editDigest(tree, tree.digests[3]!.key, (json) => void (json['previousDigestHashValue'] = '0'.repeat(64)))
    const judgement = judged(tree, { signatures: false })
    expect(codes(judgement)).toEqual(['high CONTRADICTS_PREDECESSOR', 'info UNVERIFIED_NO_SIGNATURE'])
    expect(judgement.findings[0]?.path).toBe(tree.digests[3]!.key)
    expect(judgement.clean).toBe(false)
  })

  it('that cannot be read are one finding, and not also missing', () => {
    for (const bytes of [
      Buffer.from('not gzip'),
      gzipSync('{"a":1}'),
      Buffer.alloc(0),
      gzipSync('{}').subarray(0, 12),
    ]) {
      const tree = signedTree({ hours })
      tree.files.set(tree.digests[1]!.key, bytes)
      const judgement = judged(tree)
      expect(judgement.findings).toMatchObject([{ code: 'UNREADABLE', severity: 'medium', path: tree.digests[1]!.key }])
      expect(judgement.chains[0]?.gaps).toMatchObject([{ reason: 'DIGEST_UNREADABLE' }])
    }
  })

  it('missing behind an edited one are still found', () => {
    const tree = signedTree({ hours: [1, 1, 1, 1, 1] })
    tree.files.delete(tree.digests[1]!.key)
    editDigest(tree, tree.digests[2]!.key, (json) => void (json['logFiles'] = []))
    expect(codes(judged(tree))).toEqual(['high SIGNATURE_INVALID', 'medium CHAIN_GAP'])
  })

  it('signed with another hash, or naming one, are never proven', () => {
    const tree = signedTree({ hours: [1] })
    addDigest(
      tree,
      {},
      {
        bucket: 'example-trail-bucket',
        from: start + HOUR,
        to: start + 2 * HOUR,
        key: 0,
        previous: tree.digests[0]!,
        entries: [],
        edit: (json) => void (json['digestSignatureAlgorithm'] = 'SHA1withRSA'),
      },
    )
    const judgement = judged(tree)
    expect(verdicts(judgement)).toEqual(['AUTHENTIC', 'UNSUPPORTED_ALGORITHM'])
    expect(codes(judgement)).toEqual(['medium UNSUPPORTED_ALGORITHM'])
  })

  it('of which two contents are in the evidence: the true one is proven, the other is found', () => {
    const tree = signedTree({ hours })
    const other = structuredClone(tree.digests[1]!.raw.toString()).replace('"logFiles":[', '"extra":1,"logFiles":[')
    const inventory = inventoryOf(tree)
    const copy = inventoryOf({ ...tree, files: new Map([[tree.digests[1]!.key, gzipSync(other)]]) })
    const judgement = judge({
      ...inventory,
      digests: [...inventory.digests, ...copy.digests.map((d) => ({ ...d, path: `second/${d.path}` }))],
    })
    expect(codes(judgement)).toEqual(['high SIGNATURE_INVALID'])
    expect(
      judgement.digests
        .filter((d) => d.flags.includes('DUPLICATE_CONFLICT'))
        .map((d) => d.verdict)
        .sort(),
    ).toEqual(['AUTHENTIC', 'SIGNATURE_INVALID'])
    expect(summarise(judgement).logs.proven).toBe(5)
    expect(judgement.chains[0]?.gaps).toEqual([])
  })
})

describe('signatures and keys that do not belong', () => {
  it('captured for another digest fail where nothing else speaks, and are reported where the chain speaks', () => {
    const tree = signedTree({ hours: [1, 1, 1] })
    const [first, , last] = tree.heads
    ;[first!.Metadata['signature'], last!.Metadata['signature']] = [
      last!.Metadata['signature']!,
      first!.Metadata['signature']!,
    ]
    const judgement = judged(tree)
    expect(verdicts(judgement)).toEqual(['AUTHENTIC', 'AUTHENTIC', 'SIGNATURE_INVALID'])
    expect(codes(judgement)).toEqual(['high SIGNATURE_INVALID', 'low SIGNATURE_CONFLICT'])
    expect(judgement.digests[0]?.flags).toContain('SIGNATURE_CONFLICT')
  })

  it('in upper case are the same', () => {
    const tree = signedTree({ hours: [1, 1] })
    for (const head of tree.heads) head.Metadata['signature'] = head.Metadata['signature']!.toUpperCase()
    expect(judged(tree).findings).toEqual([])
  })

  it('captured beside the file, or from a copy in another bucket, are found', () => {
    const tree = signedTree({ hours: [1, 1] })
    const newest = tree.heads[1]!
    const inventory = inventoryOf(tree, { signatures: false })
    const path = inventory.digests.find((d) => d.path.endsWith(newest.Key))!.path
    const beside = parseSignatures(
      Buffer.from(JSON.stringify({ Metadata: newest.Metadata })),
      `${path}.head.json`,
    ).signatures
    expect(judge({ ...inventory, signatures: beside }).findings).toEqual([])
    const moved = parseSignatures(
      Buffer.from(JSON.stringify({ ...newest, Bucket: 'forensic-copy' })),
      'heads.json',
    ).signatures
    expect(judge({ ...inventory, signatures: moved }).findings).toEqual([])
  })

  it('under the right fingerprint but another key are invalid', () => {
    const tree = signedTree({ hours: [1, 1] })
    tree.keyBundle = JSON.stringify({
      PublicKeyList: [{ Value: signingKeys[1]!.der.toString('base64'), Fingerprint: signingKeys[0]!.fingerprint }],
    })
    expect(verdicts(judged(tree))).toEqual(['SIGNATURE_INVALID', 'SIGNATURE_INVALID'])
  })

  it('with a key that cannot be loaded, out of its validity, or with an odd fingerprint are named', () => {
    const bundle = (value: string, from: string, fingerprint = signingKeys[0]!.fingerprint): string =>
      JSON.stringify({
        PublicKeyList: [
          { Value: value, ValidityStartTime: from, ValidityEndTime: '2024-06-01T00:00:00Z', Fingerprint: fingerprint },
        ],
      })
    const der = signingKeys[0]!.der.toString('base64')
    const tree = signedTree({ hours: [1] })
    tree.keyBundle = bundle('YQo=', '2024-04-01T00:00:00Z')
    expect(codes(judged(tree))).toEqual(['low KEY_UNLOADABLE'])
    tree.keyBundle = bundle(der, '2024-05-20T00:00:00Z')
    expect(codes(judged(tree))).toEqual(['low KEY_OUTSIDE_VALIDITY'])
    tree.keyBundle = bundle(der, '2024-04-01T00:00:00Z', 'abcd')
    expect(verdicts(judged(tree))).toEqual(['AUTHENTIC'])
    expect(codes(judged(tree))).toEqual(['low KEY_FINGERPRINT_UNUSUAL'])
    tree.keyBundle = bundle(der, '2024-04-01T00:00:00Z')
    expect(codes(judged(tree))).toEqual([])
  })

  it('in SPKI form are as good', () => {
    const spki = createPublicKey({ key: signingKeys[0]!.der, format: 'der', type: 'pkcs1' }).export({
      type: 'spki',
      format: 'der',
    })
    const fingerprint = createHash('md5').update(spki).digest('hex')
    const tree = signedTree({ hours: [] })
    addDigest(
      tree,
      {},
      {
        bucket: 'example-trail-bucket',
        from: start,
        to: start + HOUR,
        key: 0,
        previous: null,
        entries: [],
        edit: (json) => void (json['digestPublicKeyFingerprint'] = fingerprint),
      },
    )
    tree.keyBundle = JSON.stringify({ PublicKeyList: [{ Value: spki.toString('base64'), Fingerprint: fingerprint }] })
    expect(verdicts(judged(tree))).toEqual(['AUTHENTIC'])
    expect(judged(tree).findings).toEqual([])
  })
})

describe('a starting digest in mid-chain', () => {
  const tree = signedTree({ hours: [1, 1, null, null, 1, 1] })

  it('is a finding with the hours that nothing vouches for', () => {
    const judgement = judged(tree)
    expect(judgement.chains[0]?.gaps).toMatchObject([
      { reason: 'RESTART', from: start + 2 * HOUR, to: start + 4 * HOUR, key: tree.digests[2]!.key },
    ])
    expect(codes(judgement)).toEqual(['medium CHAIN_START'])
    expect(judgement.findings[0]?.detail).toContain('no event in the evidence says by whom')
    expect(judgement.clean).toBe(false)
  })

  it('is explained by the events that stopped and started the trail', () => {
    const event = (name: string, hours: number, trail?: string) => ({
      name,
      time: utcMs(start + hours * HOUR),
      account: '123456789012',
      region: 'us-east-1',
      ...(trail === undefined ? {} : { trail }),
    })
    const controlEvents = [
      event('StartLogging', 3.5, 'arn:aws:cloudtrail:us-east-1:123456789012:trail/ir-trail'),
      event('StopLogging', 1.5, 'ir-trail'),
      event('StopLogging', 2, 'other-trail'),
      event('DeleteTrail', 30),
    ]
    const judgement = judged(tree, { controlEvents })
    expect(judgement.chains[0]?.gaps[0]?.explainedBy.map((e) => e.name)).toEqual(['StopLogging', 'StartLogging'])
    expect(codes(judgement)).toEqual(['low CHAIN_START'])
    expect(judgement.findings[0]?.detail).toContain('StopLogging at 2024-05-01 01:41:31Z, StartLogging')
  })

  it('makes files of those hours explained, not planted', () => {
    const more = signedTree({ hours: [1, 1, null, null, 1, 1] })
    more.files.set(logKeyAt({}, start + 3 * HOUR, 'OFF'), gzipSync(logContent('off')))
    expect(judged(more).logs.find((l) => l.kind === 'unreferenced')).toMatchObject({ reason: 'VALIDATION_OFF' })
  })
})

describe('hostile names', () => {
  it('never act on the reader: hidden characters in details are made visible', () => {
    const tree = signedTree({ hours: [1, 1] })
    editDigest(tree, tree.digests[0]!.key, (json) => void (json['digestSignatureAlgorithm'] = 'evil\u202e\u001b[31m'))
    for (const finding of judged(tree).findings)
      expect(`${finding.detail}${finding.found ?? ''}`).not.toMatch(/[\u202e\u001b]/u)
  })

  it('cannot make two digests that name each other run for ever', () => {
    const tree = signedTree({ hours: [1, 1] })
    editDigest(tree, tree.digests[0]!.key, (json) => {
      json['previousDigestS3Bucket'] = tree.digests[1]!.bucket
      json['previousDigestS3Object'] = tree.digests[1]!.key
      json['previousDigestHashValue'] = sha256(tree.digests[1]!.raw)
      json['previousDigestSignature'] = tree.digests[1]!.signature
    })
    expect(verdicts(judged(tree))).toEqual(['SIGNATURE_INVALID', 'AUTHENTIC'])
  })
})

describe('the verdict that an event carries', () => {
  it('is that of its file, and none where no digest could speak', () => {
    const tree = signedTree({ hours: [1, 2, 1] })
    tree.files.set(tree.logs[0]!, gzipSync(logContent('forged')))
    tree.files.set(logKeyAt({ region: 'eu-west-1' }, start, 'ELSEWHERE'), gzipSync(logContent('x')))
    const words = judged(tree, { signatures: false }).logs.map(eventVerdictOf)
    expect(words.sort()).toEqual(['listed', 'modified', 'none', 'proven', 'proven'])
  })

  it('is the best of its files', () => {
    expect(bestEventVerdict(['modified', 'listed', 'proven'])).toBe('proven')
    expect(bestEventVerdict([])).toBe('none')
  })
})
