import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseUtc } from '#shared/base/time.ts'
import { judge } from '#engine/integrity/judge.ts'
import type { Inventory, LogJudgement } from '#engine/integrity/judgement.ts'
import { proofCard, proofPath, type CardRecord, type ProofCard } from '#engine/integrity/proof-card.ts'
import { editDigest, inventoryOf, logContent, sha256, signedTree, type Tree } from '#test/fixtures/digest-chain.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-card-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const now = parseUtc('2024-06-01T12:00:00Z')!
const content = logContent('UNIQ-0-0')
const offset = content.indexOf('{"eventVersion"')
const raw = content.subarray(offset, content.length - 2)
const record: CardRecord = { eventID: 'UNIQ-0-0', sha256: sha256(raw), offset, length: raw.length }

function cardOf(tree: Tree, inventory: Inventory = inventoryOf(tree), about: CardRecord | null = record) {
  const judgement = judge(inventory)
  const log = judgement.logs.find(
    (l): l is LogJudgement & { kind: 'listed' } => l.kind === 'listed' && l.listing.key === tree.logs[0],
  )!
  const digestBytes = (index: number) => {
    const { content: parsed } = judgement.digests[index]!
    return tree.digests.find((d) => parsed.ok && d.key === parsed.value.key)?.raw
  }
  return { card: proofCard({ judgement, log, record: about, digestBytes, keys: inventory.keys, now }), judgement, log }
}

function made(tree: Tree, inventory?: Inventory): ProofCard {
  const { card } = cardOf(tree, inventory)
  if (!card.ok) throw new Error(card.message)
  return card.value
}

/** Writes the pieces of a card to a folder of their own, as its reader would. */
function unpack(card: ProofCard, name: string): string {
  const at = mkdtempSync(join(folder, name))
  for (const [piece, base64] of Object.entries(card.pieces))
    writeFileSync(join(at, piece), Buffer.from(base64, 'base64'))
  return at
}
const openssl = (cwd: string, ...args: readonly string[]) => spawnSync('openssl', args, { cwd, encoding: 'utf8' })
const VERIFY = ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature.bin', 'string-to-sign.txt'] as const

describe('a proof card', () => {
  it('is checked by openssl alone, and no longer when one byte of a piece is changed', () => {
    const tree = signedTree({ hours: [1, 1] })
    const card = made(tree)
    const at = unpack(card, 'direct')
    expect(openssl(at, ...VERIFY).stdout.trim()).toBe('Verified OK')
    expect(openssl(at, 'dgst', '-sha256', 'digest-1.json').stdout).toContain(card.digests[0]!.sha256)
    expect(card.signed.text.split('\n')[2]).toBe(card.digests[0]!.sha256)
    writeFileSync(join(at, 'string-to-sign.txt'), `${card.signed.text}\n`)
    expect(openssl(at, ...VERIFY).stdout).not.toContain('Verified OK')
  })

  it('carries commands that run as they stand in a shell', () => {
    const tree = signedTree({ hours: [1, 1] })
    const card = made(tree)
    const at = unpack(card, 'shell')
    writeFileSync(join(at, 'log.json.gz'), tree.files.get(tree.logs[0]!)!)
    // Unpacking with jq is what `unpack` did: the test must not need jq.
    const script = card.commands.filter((line) => !line.startsWith('for p in')).join('\n')
    const out = execFileSync('sh', ['-e', '-c', script], { cwd: at, encoding: 'utf8' })
    expect(out).toContain(record.sha256)
    expect(out).toContain(card.log.listedSha256)
    expect(out).toContain('Verified OK')
  })

  it('follows the links of a digest whose own key is missing to the signature that proves it', () => {
    const tree = signedTree({ hours: [1, 1, 1, 1], key: (hour) => (hour === 3 ? 1 : 0) })
    const inventory = inventoryOf(tree, { keys: [1] })
    const card = made(tree, inventory)
    expect(card.digests.map((d) => d.verdict)).toEqual([
      'AUTHENTIC_BY_LINK',
      'AUTHENTIC_BY_LINK',
      'AUTHENTIC_BY_LINK',
      'AUTHENTIC',
    ])
    for (const [i, digest] of card.digests.slice(0, -1).entries())
      expect(Buffer.from(card.pieces[card.digests[i + 1]!.piece]!, 'base64').toString()).toContain(digest.sha256)
    expect(openssl(unpack(card, 'link'), ...VERIFY).stdout.trim()).toBe('Verified OK')
  })

  it('says in words what is proven, and survives being written and read as JSON', () => {
    const card = made(signedTree({ hours: [1, 1] }))
    expect(JSON.parse(JSON.stringify(card))).toEqual(card)
    expect(card.verdict.words).toContain('its content is unchanged since delivery')
    expect(card.made).toBe('2024-06-01T12:00:00Z')
  })

  it('is refused for a file that is altered or only listed', () => {
    const tree = signedTree({ hours: [1, 1] })
    editDigest(tree, tree.digests[0]!.key, (json) => void (json['extra'] = 1))
    const { card, judgement, log } = cardOf(tree)
    expect(card).toMatchObject({ ok: false, code: 'NOT_PROVEN' })
    expect(proofPath(judgement, log)).toEqual([])
  })

  it('is refused when the digest at hand is not the one that was judged', () => {
    const tree = signedTree({ hours: [1, 1] })
    const inventory = inventoryOf(tree)
    tree.digests[0] = { ...tree.digests[0]!, raw: Buffer.from('{}') }
    expect(cardOf(tree, inventory).card).toMatchObject({ ok: false, code: 'DIGEST_CHANGED' })
  })
})
