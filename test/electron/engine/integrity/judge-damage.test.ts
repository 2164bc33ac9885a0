import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge } from '#engine/integrity/judge.ts'
import { coverage } from '#engine/integrity/coverage.ts'
import { parseDigest } from '#engine/integrity/parse-digest.ts'
import { parseKeys } from '#engine/integrity/parse-keys.ts'
import { parseSignatures } from '#engine/integrity/parse-signatures.ts'
import { parseDigestKey, parseLogKey } from '#engine/integrity/key-path.ts'
import { summarise } from '#engine/integrity/summarise.ts'
import { inventoryOf, logContent, signedTree, type Tree } from '#test/fixtures/digest-chain.ts'

const HOURS = [1, 2, 0, 1, 1, 2] as const
const fresh = (): Tree => signedTree({ hours: HOURS })

/** One thing that can happen to a copy, at the file with a number. */
type Damage = {
  readonly kind: 'alter-log' | 'delete-log' | 'cut-log' | 'append' | 'delete-digest' | 'edit-digest' | 'flip-byte'
  readonly at: number
}
const damage = fc.record<Damage>({
  kind: fc.constantFrom('alter-log', 'delete-log', 'cut-log', 'append', 'delete-digest', 'edit-digest', 'flip-byte'),
  at: fc.nat(1000),
})

function apply(tree: Tree, { kind, at }: Damage): void {
  const log = tree.logs[at % tree.logs.length]!
  const digest = tree.digests[at % tree.digests.length]!.key
  const stored = (key: string): Buffer => tree.files.get(key) ?? gzipSync('{}')
  switch (kind) {
    case 'alter-log':
      return void tree.files.set(log, gzipSync(logContent(`forged ${at}`)))
    case 'delete-log':
      return void tree.files.delete(log)
    case 'cut-log':
      return void tree.files.set(log, stored(log).subarray(0, 20))
    case 'append':
      return void tree.files.set(log, Buffer.concat([stored(log), Buffer.from([at % 256])]))
    case 'delete-digest':
      return void tree.files.delete(digest)
    case 'edit-digest':
      return void tree.files.set(digest, gzipSync(edited(tree.digests[at % tree.digests.length]!.raw, at)))
    case 'flip-byte': {
      const bytes = Buffer.from(stored(digest))
      bytes[at % bytes.length]! ^= 1 << (at % 8)
      return void tree.files.set(digest, bytes)
    }
  }
}

const edited = (raw: Buffer, at: number): string =>
  JSON.stringify({ ...(JSON.parse(raw.toString()) as object), [at % 2 === 0 ? 'logFiles' : 'extra']: [] })

describe('whatever happens to a copy', () => {
  it('no log file is ever called proven unless its content is what AWS delivered', () => {
    const contents = new Map([...fresh().files].map(([key, bytes]) => [key, bytes]))
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 6 }), fc.boolean(), (all, signatures) => {
        const tree = fresh()
        for (const one of all) apply(tree, one)
        const inventory = inventoryOf(tree, { signatures })
        const judgement = judge(inventory)
        const { logs, digests } = summarise(judgement)
        const present = judgement.logs.filter((log) => log.kind !== 'missing')
        expect(present).toHaveLength(inventory.logs.length)
        const { total, ...kinds } = logs
        expect(Object.values(kinds).reduce((a, b) => a + b, 0)).toBe(total)
        expect(
          digests.authentic + digests.authenticByLink + digests.consistent + digests.invalid + digests.unverified,
        ).toBe(digests.total)
        for (const log of present)
          if (log.verdict === 'LOG_PROVEN') {
            const key = log.path.slice('evidence/bucket/'.length)
            expect(tree.files.get(key)?.equals(contents.get(key)!)).toBe(true)
          }
      }),
      { numRuns: 60 },
    )
  })

  it('damage of one log file is found, whichever it is, and the judgement is not clean', () => {
    const kinds = fc.constantFrom<Damage['kind']>('alter-log', 'delete-log', 'cut-log', 'append')
    fc.assert(
      fc.property(kinds, fc.nat(100), (kind, at) => {
        const tree = fresh()
        apply(tree, { kind, at })
        const { findings, clean } = judge(inventoryOf(tree))
        expect(findings.map((f) => f.path)).toEqual([tree.logs[at % tree.logs.length]])
        expect(clean).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  it('any change of a byte of an inflated digest is found', () => {
    fc.assert(
      fc.property(fc.nat(HOURS.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, by) => {
        const tree = fresh()
        const { key, raw } = tree.digests[which]!
        const changed = Buffer.from(raw)
        changed[at % raw.length]! ^= by
        tree.files.set(key, gzipSync(changed))
        const judgement = judge(inventoryOf(tree))
        const own = judgement.digests.filter((d) => d.paths.some((path) => path.endsWith(key)))
        expect(own.map((d) => d.verdict)).not.toContain('AUTHENTIC')
        expect(own.map((d) => d.verdict)).not.toContain('AUTHENTIC_BY_LINK')
        // Only the newest digest, made to name a key that nobody has, escapes: it is unproven, and said to be.
        const verdict = own[0]?.verdict
        expect(judgement.clean).toBe(
          verdict === 'UNVERIFIED_NO_KEY' || (verdict === 'UNVERIFIED_NO_SIGNATURE' && which === HOURS.length - 1),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('the order of files changes nothing', () => {
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (all, numbers) => {
        const tree = fresh()
        for (const one of all) apply(tree, one)
        const inventory = inventoryOf(tree)
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, by: numbers.next().value }))
            .sort((a, b) => a.by - b.by)
            .map(({ item }) => item)
        const other = judge({
          ...inventory,
          digests: shuffled(inventory.digests),
          logs: shuffled(inventory.logs),
          keys: shuffled(inventory.keys),
          signatures: shuffled(inventory.signatures),
        })
        expect(other).toEqual(judge(inventory))
        expect(coverage(other, [])).toEqual(coverage(judge(inventory), []))
      }),
      { numRuns: 20 },
    )
  })
})

describe('whatever bytes come in', () => {
  it('readers of digests, keys, signatures and names answer and never throw', () => {
    const tree = fresh()
    const seeds = [
      tree.digests[1]!.raw.toString(),
      tree.keyBundle,
      JSON.stringify(tree.heads),
      '-----BEGIN PUBLIC KEY-----\nAAAA',
      'x-amz-meta-signature: 1',
    ]
    const mixed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .tuple(fc.constantFrom(...seeds), fc.nat(), fc.string())
        .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1)),
    )
    fc.assert(
      fc.property(mixed, (text) => {
        const bytes = Buffer.from(text)
        parseDigest(bytes)
        parseKeys(bytes, text)
        parseSignatures(bytes, text)
        parseLogKey(text)
        parseDigestKey(text)
      }),
      { numRuns: 400 },
    )
  })
})
