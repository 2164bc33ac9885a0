import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { judge } from '#engine/integrity/judge.ts'
import { summarise } from '#engine/integrity/summarise.ts'
import { verdictSentence } from '#engine/integrity/explain.ts'
import {
  addDigest,
  addLog,
  inventoryOf,
  logContent,
  logKeyAt,
  merged,
  sha256,
  signedTree,
  type Tree,
} from '#test/fixtures/digest-chain.ts'
import { start, HOUR, judged, codes, verdicts, logVerdict } from './judging.ts'

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
