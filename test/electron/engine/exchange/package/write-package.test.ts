import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newIdentity, parseIdentity, parseRecipient, recipientText } from '#engine/exchange/package/age-recipients.ts'
import { decryptAge } from '#engine/exchange/package/age.ts'
import { evidenceName } from '#engine/exchange/package/bag-names.ts'
import { checkPayload, closeBag, openBag } from '#engine/exchange/package/bag-reader.ts'
import type { BagPlan } from '#engine/exchange/package/bag-writer.ts'
import { writePackage } from '#engine/exchange/package/write-package.ts'
import { at, sha256, stream } from '#test/electron/engine/exchange/formats/samples.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const plan = (name = evidenceName(sha256('original'))): BagPlan => ({
  base: 'CASE-0042',
  info: [],
  payload: stream([{ name, bytes: stream([Buffer.from('original')]) }]),
  madeAt: at('2026-11-20T12:00:00Z'),
})
const path = (): string => join(folder, 'case.tcase.zip')

async function expectWhole(file: string): Promise<void> {
  const bag = await openBag(file)
  expect(bag.ok).toBe(true)
  if (!bag.ok) return
  expect(await checkPayload(bag.value)).toMatchObject({ ok: true })
  await closeBag(bag.value)
}

describe('writePackage', () => {
  it('writes a whole package and gives its SHA-256', async () => {
    const result = await writePackage({ path: path(), plan: plan(), expectedBytes: 1000 })
    expect(result).toMatchObject({ ok: true, value: { sha256: sha256(readFileSync(path())) } })
    await expectWhole(path())
    expect(readdirSync(folder)).toEqual(['case.tcase.zip'])
  })
  it('encrypts the whole package for a recipient, who gets it back whole', async () => {
    const identity = parseIdentity(newIdentity())
    const recipient = identity.ok ? parseRecipient(recipientText(identity.value)) : identity
    if (!identity.ok || !recipient.ok) throw new Error('a fresh key is a key')
    const result = await writePackage({
      path: path(),
      plan: plan(),
      encryptTo: { kind: 'keys', keys: [recipient.value] },
      expectedBytes: 1000,
    })
    expect(result.ok).toBe(true)
    expect(readFileSync(path()).includes('manifest')).toBe(false)
    const chunks: Uint8Array[] = []
    const opened = await decryptAge(createReadStream(path()), [identity.value], (chunk) => {
      chunks.push(chunk)
      return Promise.resolve()
    })
    expect(opened.ok).toBe(true)
    writeFileSync(join(folder, 'plain.zip'), Buffer.concat(chunks))
    await expectWhole(join(folder, 'plain.zip'))
  })
  it('leaves nothing when an original has changed on the disk', async () => {
    const result = await writePackage({
      path: path(),
      plan: plan(evidenceName(sha256('something else'))),
      expectedBytes: 1000,
    })
    expect(result).toMatchObject({ ok: false, code: 'EVIDENCE_CHANGED' })
    expect(readdirSync(folder)).toEqual([])
  })
  it('leaves nothing when it is cancelled', async () => {
    const result = await writePackage({ path: path(), plan: plan(), expectedBytes: 1000, signal: AbortSignal.abort() })
    expect(result).toMatchObject({ ok: false, code: 'CANCELLED' })
    expect(readdirSync(folder)).toEqual([])
  })
  it('does not start when the disk is too small', async () => {
    expect(await writePackage({ path: path(), plan: plan(), expectedBytes: 1e18 })).toMatchObject({
      ok: false,
      code: 'NO_SPACE',
    })
  })
  it('replaces no file', async () => {
    writeFileSync(path(), 'mine')
    expect(await writePackage({ path: path(), plan: plan(), expectedBytes: 1000 })).toMatchObject({
      ok: false,
      code: 'EXISTS',
    })
    expect(readFileSync(path(), 'utf8')).toBe('mine')
  })
  it('says in words that the folder is not there', async () => {
    expect(await writePackage({ path: join(folder, 'no', 'x.zip'), plan: plan(), expectedBytes: 1000 })).toMatchObject({
      ok: false,
      code: 'NOT_WRITABLE',
    })
  })
})
