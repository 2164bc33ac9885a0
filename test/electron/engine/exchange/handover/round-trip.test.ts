import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { makeSample } from '#engine/sample/make-sample.ts'
import { checkCustody } from '#engine/verify/check-custody.ts'
import { asker, meyer, query, rossi, tempFolder, testEngine } from '../../annotations/annotated-case.ts'
import { canonicalHash } from './canonical.ts'
import { place } from './packing.ts'

/** Imports, annotates, packs and unpacks; both sides in their canonical form. */
async function roundTrip(evidence: string): Promise<{ before: string; after: string; events: number; broken: number }> {
  const engine = testEngine()
  const begin = asker(engine, '' as never)
  const header = { title: 'Round trip', number: 'RT-1' }
  const { caseId } = await begin('cases.create', { grant: place('case.trailcase'), header, examiner: rossi })
  const ask = asker(engine, caseId)
  await ask('sources.import', { grants: [evidence as Grant] })
  const failed = query('errorCode:*')
  const { rows } = await ask('events.find', { query: failed, offset: 0, limit: 20, fields: [] })
  for (const row of rows) await ask('bookmarks.set', { event: row.id, title: 'Refused', note: 'Why?' })
  await ask('tags.apply', { tag: 'refused', events: { kind: 'query', query: failed } })
  const grant = place('case.tcase')
  await ask('packages.pack', { grant })
  const before = await canonicalHash({ ask })
  const other = testEngine()
  const unpacked = { grant, target: place('other.trailcase'), examiner: meyer }
  const { info, differing } = await asker(other, '' as never)('packages.unpack', unpacked)
  expect(differing).toBe(0)
  const after = await canonicalHash({ ask: asker(other, info.caseId) })
  const { failed: broken } = await checkCustody(other.case(info.caseId).file.reader, new AbortController().signal)
  await engine.closeAll()
  await other.closeAll()
  return { before, after, events: info.events, broken }
}

const invictus = join(import.meta.dirname, '../../../../../../shared/data/invictus')

describe('a case that was packed and unpacked', () => {
  it(
    'is the sample investigation still, in every record, verdict and annotation, with a custody log to check',
    { timeout: 120_000 },
    async () => {
      const folder = tempFolder()
      for (const { path, bytes } of makeSample()) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), bytes)
      }
      const { before, after, events, broken } = await roundTrip(folder)
      expect(events).toBeGreaterThan(4000)
      expect(after).toBe(before)
      expect(broken).toBe(0)
    },
  )
})

describe.skipIf(!existsSync(invictus))('the Invictus data set (skipped where it is absent)', () => {
  it('is the same after it was packed and unpacked', { timeout: 300_000 }, async () => {
    const { before, after, broken } = await roundTrip(invictus)
    expect(after).toBe(before)
    expect(broken).toBe(0)
  })
})

/** For a run by hand: `TRAILCASE_TREE=/path/to/a/bucket`, such as one of 200,000 events. */
const tree = process.env['TRAILCASE_TREE'] ?? ''

describe.skipIf(!existsSync(tree))('a tree of any size (skipped unless TRAILCASE_TREE names one)', () => {
  it('is the same after it was packed and unpacked', { timeout: 1_800_000 }, async () => {
    const { before, after, events, broken } = await roundTrip(tree)
    console.log(`${events} events, canonical SHA-256 ${before}`)
    expect(after).toBe(before)
    expect(broken).toBe(0)
  })
})
