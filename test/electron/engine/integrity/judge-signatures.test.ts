import { createHash, createPublicKey } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { verdictOfOccurrences, eventVerdictOf } from '#engine/integrity/event-verdict.ts'
import { judge } from '#engine/integrity/judge.ts'
import { parseSignatures } from '#engine/integrity/parse-signatures.ts'
import {
  addDigest,
  editDigest,
  inventoryOf,
  logContent,
  logKeyAt,
  sha256,
  signedTree,
  signingKeys,
} from '#test/fixtures/digest-chain.ts'
import { start, HOUR, judged, codes, verdicts } from './judging.ts'

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

  it('is proven when one of its files is, and else what speaks against any of them', () => {
    expect(verdictOfOccurrences(['modified', 'listed', 'proven'])).toBe('proven')
    for (const against of ['modified', 'unreadable', 'trailing'] as const)
      for (const silent of ['listed', 'unreferenced', 'none'] as const)
        expect(verdictOfOccurrences([silent, against, silent])).toBe(against)
    expect(verdictOfOccurrences(['none', 'unreferenced', 'listed'])).toBe('listed')
    expect(verdictOfOccurrences([])).toBe('none')
  })
})
