import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { judge } from '#engine/integrity/judge.ts'
import type { Inventory, Judgement } from '#engine/integrity/judgement.ts'
import { parseDigestKey } from '#engine/integrity/key-path.ts'
import { parseKeys } from '#engine/integrity/parse-keys.ts'
import { parseSignatures } from '#engine/integrity/parse-signatures.ts'
import { summarise } from '#engine/integrity/summarise.ts'
import { inventoryOfFiles } from '#test/fixtures/digest-chain.ts'

/**
 * Trees from independent generators, with documented damage. The generators are not part of this project: without them
 * these suites are skipped, and say so.
 */
const BULK = join(import.meta.dirname, '../../../../../shared/tools/make_bulk.py')
const CHAIN = join(import.meta.dirname, '../../../../../shared/tools/gen_chain.py')
const folder = mkdtempSync(join(tmpdir(), 'trailcase-trees-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000)

type Damage = { kind: string; key: string }

describe.skipIf(!existsSync(BULK))('generated trees (skipped where the generator is absent)', () => {
  const damage = 'modify:2,delete:2,truncate:1,trailing:1,extra:1,delete-digest:1,edit-digest:1'

  it.each((process.env['TRAILCASE_SEEDS'] ?? '1,2,3,4,5,6,7,8,9,10').split(','))(
    'finds exactly the documented damage of seed %s',
    { timeout: 300_000 },
    (seed) => {
      const root = bulk(seed, [
        '--tamper',
        damage,
        ...(Number(seed) % 3 === 0 ? ['--prefix', 'team/logs', '--org', 'o-abcdefghij'] : []),
      ])
      const truth = JSON.parse(readFileSync(join(root, 'truth/tamper.json'), 'utf8')) as Damage[]
      const judgement = judge(inventory(root))
      expect(told(judgement)).toEqual(truth.map(expected).sort())
      expect(judgement.clean).toBe(false)
      const { logs } = summarise(judgement)
      expect(logs).toMatchObject({ modified: 2, missing: 2, unreadable: 1, trailingData: 1 })
    },
  )

  it(
    'finds an untouched tree clean: with signatures, without them, and with only the newest key',
    { timeout: 300_000 },
    () => {
      const root = bulk('clean', ['--key-days', '2'])
      const all = inventory(root)
      const whole = judge(all)
      expect(whole.findings).toEqual([])
      expect(new Set(whole.digests.map((d) => d.verdict))).toEqual(new Set(['AUTHENTIC']))

      const chains = whole.chains.length
      const unsigned = summarise(judge({ ...all, signatures: [] }))
      expect(unsigned.clean).toBe(true)
      expect(unsigned.digests).toMatchObject({
        authentic: whole.digests.length - chains,
        unverified: chains,
        invalid: 0,
      })

      const newestKeys = judge({ ...all, keys: newestOfEachRegion(root, usedFingerprints(all)) })
      expect(newestKeys.clean).toBe(true)
      expect(summarise(newestKeys).digests.authenticByLink).toBeGreaterThan(0)
      expect(summarise(newestKeys).logs.proven).toBe(newestKeys.logs.length)

      const noKeys = summarise(judge({ ...all, keys: [] }))
      expect(noKeys.clean).toBe(true)
      expect(noKeys.digests.consistent).toBe(whole.digests.length)
    },
  )

  it('judges the same, whatever the order of the files', { timeout: 300_000 }, () => {
    const inv = inventory(bulk('1', ['--tamper', damage]))
    const reversed: Inventory = {
      ...inv,
      digests: [...inv.digests].reverse(),
      logs: [...inv.logs].reverse(),
      keys: [...inv.keys].reverse(),
      signatures: [...inv.signatures].reverse(),
    }
    expect(judge(reversed)).toEqual(judge(inv))
  })
})

describe.skipIf(!existsSync(CHAIN))(
  'the chain with every special digest (skipped where the generator is absent)',
  () => {
    const root = join(folder, 'chain')
    const read = (): Inventory => {
      if (!existsSync(root)) execFileSync('python3', [CHAIN, root], { stdio: 'ignore' })
      const keys = parseKeys(
        readFileSync(join(root, 'list-public-keys.us-east-1.json')),
        'list-public-keys.us-east-1.json',
      ).keys
      const signatures = parseSignatures(
        readFileSync(join(root, 'digest-head-object.json')),
        'digest-head-object.json',
      ).signatures
      return inventoryOfFiles(filesBelow(join(root, 'bucket')), keys, signatures)
    }

    it('proves every digest with captured signatures', () => {
      const judgement = judge(read())
      expect(judgement.digests.map((d) => d.verdict)).toEqual(Array.from({ length: 6 }, () => 'AUTHENTIC'))
      expect(judgement.findings.map((f) => [f.code, f.severity])).toEqual([['LOG_UNREFERENCED', 'low']])
      expect(judgement.clean).toBe(true)
    })

    it('proves all but the newest and the backfill digest without them', () => {
      const { digests, clean } = summarise(judge({ ...read(), signatures: [] }))
      expect(digests).toMatchObject({ total: 6, authentic: 4, unverified: 2 })
      expect(clean).toBe(true)
    })

    it('proves digests of a missing key by link, from the newest key and one signature', () => {
      const inv = read()
      const newest = inv.keys.slice(1)
      const { digests } = summarise(judge({ ...inv, keys: newest }))
      expect(digests).toMatchObject({ authentic: 3, authenticByLink: 3, unverified: 0 })
    })
  },
)

// ---------------------------------------------------------------- helpers

/** Makes a tree once; tests only read it. */
function bulk(seed: string, more: readonly string[]): string {
  const root = join(folder, `bulk-${seed}`)
  if (existsSync(root)) return root
  execFileSync(
    'python3',
    [BULK, '--out', root, '--events', '3000', '--days', '2', '--accounts', '1', '--seed', seed, '--jobs', '1', ...more],
    { stdio: 'ignore' },
  )
  return root
}

function inventory(root: string): Inventory {
  const keys = parseKeys(readFileSync(join(root, 'public-keys.json')), 'public-keys.json').keys
  const signatures = parseSignatures(
    readFileSync(join(root, 's3-object-metadata.jsonl')),
    's3-object-metadata.jsonl',
  ).signatures
  return inventoryOfFiles(filesBelow(join(root, 'bucket')), keys, signatures)
}

/** Of the keys of each region that signed something, the one that came last. */
const newestOfEachRegion = (root: string, used: ReadonlySet<string>): Inventory['keys'] =>
  readdirSync(join(root, 'public-keys')).flatMap((name) => {
    const { keys } = parseKeys(readFileSync(join(root, 'public-keys', name)), name)
    return keys
      .filter((key) => used.has(key.fingerprint))
      .sort((a, b) => Number(b.validFrom) - Number(a.validFrom))
      .slice(0, 1)
  })

const usedFingerprints = ({ digests }: Inventory): ReadonlySet<string> =>
  new Set(digests.flatMap((d) => (d.content.ok ? [d.content.value.fingerprint] : [])))

const filesBelow = (root: string): { path: string; bytes: Buffer; isDigest: boolean }[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path, bytes: readFileSync(path), isDigest: parseDigestKey(path) !== undefined }
    })

const CODES: Readonly<Record<string, string>> = {
  modify: 'LOG_MODIFIED',
  delete: 'LOG_MISSING',
  truncate: 'LOG_UNREADABLE',
  trailing: 'LOG_TRAILING_DATA',
  extra: 'LOG_UNREFERENCED',
  'delete-digest': 'CHAIN_GAP',
  'edit-digest': 'SIGNATURE_INVALID',
}

const expected = ({ kind, key }: Damage): string => `${CODES[kind]!} ${key}`
const told = (judgement: Judgement): string[] => judgement.findings.map((f) => `${f.code} ${f.path}`).sort()
