import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { judge } from '#engine/integrity/judge.ts'
import { summarise } from '#engine/integrity/summarise.ts'
import { addDigest, editDigest, inventoryOf, merged, signedTree, signingKeys } from '#test/fixtures/digest-chain.ts'
import { start, HOUR, judged, codes, verdicts, logVerdict } from './judging.ts'

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
