import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { asker, rossi, testEngine } from '#test/electron/engine/annotations/annotated-case.ts'

/**
 * Trees from an independent generator, with documented damage, through the whole import. The generator is not part of this
 * project: without it the suite is skipped, and says so. Ten seeds take minutes, so TRAILCASE_SEEDS names others than two.
 */
const BULK = join(import.meta.dirname, '../../../../../shared/tools/make_bulk.py')
const DAMAGE = 'modify:2,delete:2,truncate:1,trailing:1,extra:1,delete-digest:1,edit-digest:1'
const seeds = (process.env['TRAILCASE_SEEDS'] ?? '3,8').split(',')
const folder = mkdtempSync(join(tmpdir(), 'trailcase-imported-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000)

type Damage = { kind: string; key: string }
const CODES: Readonly<Record<string, string>> = {
  modify: 'LOG_MODIFIED',
  delete: 'LOG_MISSING',
  truncate: 'LOG_UNREADABLE',
  trailing: 'LOG_TRAILING_DATA',
  extra: 'LOG_UNREFERENCED',
  'delete-digest': 'CHAIN_GAP',
  'edit-digest': 'SIGNATURE_INVALID',
}

describe.skipIf(!existsSync(BULK))('generated trees as cases (skipped where the generator is absent)', () => {
  it.each(seeds)('finds exactly the documented damage of seed %s', { timeout: 300_000 }, async (seed) => {
    const root = join(folder, seed)
    const prefix = Number(seed) % 3 === 0 ? ['--prefix', 'team/logs', '--org', 'o-abcdefghij'] : []
    const size = ['--events', '3000', '--days', '2', '--accounts', '1', '--jobs', '1']
    execFileSync('python3', [BULK, '--out', root, '--seed', seed, '--tamper', DAMAGE, ...size, ...prefix], {
      stdio: 'ignore',
    })
    const truth = JSON.parse(readFileSync(join(root, 'truth/tamper.json'), 'utf8')) as Damage[]
    const engine = testEngine()
    const open = await engine.create(join(folder, `${seed}.trailcase`), {}, rossi)
    const ask = asker(engine, open.id)
    const grants = ['bucket', 'public-keys.json', 's3-object-metadata.jsonl'].map((name) => join(root, name) as Grant)
    const { integrity } = await ask('sources.import', { grants })
    expect(integrity.findings.map((finding) => `${finding.code} ${finding.path}`).sort()).toEqual(
      truth.map(({ kind, key }) => `${CODES[kind] ?? kind} ${key}`).sort(),
    )
    expect(integrity).toMatchObject({ clean: false, logs: { modified: 2, missing: 2, unreadable: 1, trailingData: 1 } })
    expect((await ask('integrity.judge', {})).summary).toEqual(integrity)
    await engine.closeAll()
  })
})
