import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { Grant } from '#shared/contract/common.ts'
import { asker, meyer, testEngine, type TestCase } from '../../annotations/annotated-case.ts'
import { packableCase, place } from './packing.ts'

let test: TestCase
let grant: Grant
const said = { to: 'K. Meyer', why: 'second opinion', medium: 'stick 7' }
beforeAll(async () => {
  test = await packableCase()
  grant = place('case.tcase.zip')
})

describe('the transfers of a case', () => {
  it('are none before it was packed', async () => {
    expect(await test.ask('packages.transfers', {})).toEqual({ transfers: [] })
  })

  it('name who, to whom, why, on what and the hashes, for one that was packed', async () => {
    const before = await test.ask('custody.head', {})
    const estimate = await test.ask('packages.estimate', { scope: 'all' })
    const packed = await test.ask('packages.pack', { grant, transfer: said })
    expect(estimate).toMatchObject({ originals: packed.originals, operations: packed.operations })
    expect(estimate.expected).toBeGreaterThan(packed.bytes)
    const after = await test.ask('custody.head', {})
    const { transfers } = await test.ask('packages.transfers', {})
    expect(transfers).toEqual([
      {
        seq: after.entries,
        atMs: expect.any(Number) as number,
        examiner: 'A. Rossi',
        kind: 'packed',
        file: 'case.tcase.zip',
        bytes: packed.bytes,
        sha256: packed.sha256,
        from: 'A. Rossi',
        ...said,
        encrypted: false,
        signedBy: 'unsigned',
        parts: [],
        before: { entries: before.entries, hash: before.hash },
        after: { entries: after.entries, hash: after.hash },
      },
    ])
  })

  it('carry what the sender said into the log of the receiver', async () => {
    const engine = testEngine()
    const { info } = await asker(engine, '' as never)('packages.unpack', {
      grant,
      target: place('other.trailcase'),
      examiner: meyer,
    })
    const sent = ensure((await test.ask('packages.transfers', {})).transfers[0], 'it was packed')
    const { transfers } = await asker(engine, info.caseId)('packages.transfers', {})
    expect(transfers).toMatchObject([
      { kind: 'unpacked', examiner: 'K. Meyer', from: 'A. Rossi', sha256: sent.sha256, before: sent.before, ...said },
    ])
  })

  it('are printed as one page to sign, once, and that is noted without changing the case', async () => {
    const [sent] = (await test.ask('packages.transfers', {})).transfers
    const seq = ensure(sent, 'it was packed').seq
    const out = place('form.pdf')
    const saved = await test.ask('packages.transferForm', { seq, grant: out })
    expect(saved).toMatchObject({ name: 'form.pdf', pages: 1 })
    expect(readFileSync(out).subarray(0, 5).toString('latin1')).toBe('%PDF-')
    await expect(test.ask('packages.transferForm', { seq, grant: out })).rejects.toMatchObject({
      code: 'already-exists',
    })
    const { entries } = await test.ask('custody.list', { offset: 0, limit: 1, order: 'newest' })
    expect(entries[0]).toMatchObject({ action: 'package.form' })
  })

  it('are not printed for an entry that is no transfer', async () => {
    await expect(test.ask('packages.transferForm', { seq: 1, grant: place('no.pdf') })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
