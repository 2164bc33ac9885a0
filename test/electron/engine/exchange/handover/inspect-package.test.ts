import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { newIdentity, parseIdentity, recipientText } from '#engine/exchange/package/age-recipients.ts'
import { newSigningKey, parseVerifyingKey } from '#engine/exchange/package/minisign.ts'
import type { TestCase } from '../../annotations/annotated-case.ts'
import { keyFiles, packableCase, place, remade } from './packing.ts'

let test: TestCase
let key: { secret: string; public: string }
let signed: Grant
beforeAll(async () => {
  test = await packableCase()
  key = await keyFiles()
  signed = place('signed.zip')
  await test.ask('packages.pack', {
    grant: signed,
    sign: { key: key.secret, passphrase: 'passphrase' },
    transfer: { to: 'K. Meyer' },
  })
})

describe('a package that is looked at', () => {
  it('says what it holds and that it is whole, and nothing is left behind', async () => {
    const found = await test.ask('packages.inspect', { grant: signed })
    const info = await test.ask('cases.info', {})
    expect(found).toMatchObject({
      whole: true,
      problems: [],
      encrypted: false,
      document: {
        header: { number: 'T-1' },
        case: { uuid: info.uuid },
        counts: { entries: info.entries.seen, events: 4, operations: 3 },
      },
      transfers: [{ from: 'A. Rossi', to: 'K. Meyer' }],
    })
    expect(readdirSync(test.engine.setting.temporaryFolder)).toEqual([])
  })

  it('was signed by somebody known, by somebody unknown with a fingerprint to compare, or by nobody', async () => {
    const known = await test.ask('packages.inspect', { grant: signed, keys: [key.public] })
    expect(known.signatures).toMatchObject([{ state: 'known' }])
    const unknown = await test.ask('packages.inspect', { grant: signed, keys: [(await keyFiles()).public] })
    expect(unknown.signatures).toMatchObject([
      { state: 'unknown', fingerprint: (known.signatures[0] as { fingerprint: string }).fingerprint },
    ])
    const grant = place('unsigned.zip')
    await test.ask('packages.pack', { grant })
    expect((await test.ask('packages.inspect', { grant })).signatures).toEqual([])
  })

  it('is not whole once one byte of an original differs', async () => {
    const bytes = readFileSync(signed)
    const middle = bytes.indexOf('data/evidence/', bytes.indexOf('data/evidence/') + 1_000) + 300
    bytes[middle] = bytes[middle]! ^ 1
    const grant = place('flipped.zip')
    writeFileSync(grant, bytes)
    const found = await test.ask('packages.inspect', { grant })
    expect(found).toMatchObject({ whole: false, problems: [expect.stringContaining('SHA-256') as string] })
  })

  it('is not whole when somebody rewrote it with all its hashes, and a signature that borrows the number of a known key is broken', async () => {
    const grant = place('remade.zip')
    await remade(signed, grant, (name, text) =>
      name === 'data/audit.jsonl' ? text.replace('A. Rossi', 'B. Rossi') : text,
    )
    expect(await test.ask('packages.inspect', { grant })).toMatchObject({
      whole: false,
      problems: [expect.stringContaining('does not follow') as string],
    })
    const kept = place('kept.zip')
    const owner = parseVerifyingKey(key.public)
    if (!owner.ok) throw new Error(owner.message)
    const forged = { ...newSigningKey(), keyId: owner.value.keyId }
    await remade(
      signed,
      kept,
      (name, text) => (name === 'data/ops.jsonl' ? text.replace('exfil', 'other') : text),
      forged,
    )
    expect((await test.ask('packages.inspect', { grant: kept, keys: [key.public] })).signatures).toMatchObject([
      { state: 'broken' },
    ])
  })

  it('opens with its identity or passphrase, in parts too, and tells what is missing', async () => {
    const identity = newIdentity()
    const parsed = parseIdentity(identity)
    if (!parsed.ok) throw new Error(parsed.message)
    const grant = place('secret.age')
    await test.ask('packages.pack', { grant, recipients: [recipientText(parsed.value)], splitBytes: 65_536 })
    const first = `${grant}.001` as Grant
    expect(await test.ask('packages.inspect', { grant: first, identities: [identity] })).toMatchObject({
      whole: true,
      encrypted: true,
    })
    await expect(test.ask('packages.inspect', { grant: first })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(test.ask('packages.inspect', { grant: first, identities: [newIdentity()] })).rejects.toMatchObject({
      code: 'bad-input',
    })
    writeFileSync(first, readFileSync(first).subarray(1))
    await expect(test.ask('packages.inspect', { grant: first, identities: [identity] })).rejects.toMatchObject({
      code: 'damaged',
    })
  })

  it('is refused when it is of a newer version, or no package at all', async () => {
    const grant = place('newer.zip')
    await remade(signed, grant, (name, text) =>
      name === 'data/case.json' ? text.replace('"version": 1', '"version": 2') : text,
    )
    await expect(test.ask('packages.inspect', { grant })).rejects.toMatchObject({ code: 'newer-version' })
    const other = place('other.zip')
    writeFileSync(other, 'PK no package')
    await expect(test.ask('packages.inspect', { grant: other })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(test.ask('packages.inspect', { grant: place('nowhere.zip') })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
