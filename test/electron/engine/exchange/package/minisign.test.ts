import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blake2b256 } from '#engine/exchange/package/blake2b.ts'
import {
  checkSignature,
  fingerprint,
  keyNumber,
  newSigningKey,
  parseSigningKey,
  parseVerifyingKey,
  prehash,
  scryptNumbers,
  signatureText,
  signingKeyText,
  verifyingKeyText,
} from '#engine/exchange/package/minisign.ts'

const cheap = { operations: 32_768, memory: 2 ** 20 }
const file = Buffer.from('the tag manifest of a bag\n')
const hash = await prehash([file])
const key = newSigningKey()
const signature = signatureText(hash, key, 'timestamp:1795176000 case:0042 count:12')

function hasTool(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('signatures', () => {
  it('are good under the key that made them, and give the signed comment', () => {
    expect(checkSignature(signature, hash, [newSigningKey(), key])).toMatchObject({
      kind: 'good',
      trustedComment: 'timestamp:1795176000 case:0042 count:12',
    })
  })
  it('are of an unknown key when that key is not given', () => {
    expect(checkSignature(signature, hash, [newSigningKey()])).toEqual({
      kind: 'unknownKey',
      keyNumber: keyNumber(key),
    })
  })
  it('are broken when the file was changed', async () => {
    expect(checkSignature(signature, await prehash([Buffer.from('other')]), [key])).toMatchObject({ kind: 'broken' })
  })
  it('are broken when the trusted comment was changed', () => {
    expect(checkSignature(signature.replace('count:12', 'count:13'), hash, [key])).toEqual({
      kind: 'broken',
      why: 'the trusted comment was changed',
    })
  })
  it('are broken when another key uses the same number', () => {
    expect(checkSignature(signature, hash, [{ ...newSigningKey(), keyId: key.keyId }])).toMatchObject({
      kind: 'broken',
    })
  })
  it('are never good after any byte that counts was changed, and nothing throws', () => {
    const start = signature.indexOf('\n') + 1
    fc.assert(
      fc.property(
        fc.integer({ min: start, max: signature.length - 2 }),
        fc.integer({ min: 1, max: 127 }),
        (at, flip) => {
          const changed =
            signature.slice(0, at) + String.fromCharCode(signature.charCodeAt(at) ^ flip) + signature.slice(at + 1)
          expect(checkSignature(changed, hash, [key]).kind).not.toBe('good')
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('key files', () => {
  it('open with their passphrase and with no other', async () => {
    const text = await signingKeyText(key, 'correct horse', cheap)
    const opened = await parseSigningKey(text, 'correct horse')
    expect(opened.ok && Buffer.from(opened.value.seed).equals(Buffer.from(key.seed))).toBe(true)
    expect(await parseSigningKey(text, 'correct hors')).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' })
  })
  it('that ask for more memory than any key of ours are refused before they get it', async () => {
    const bytes = Buffer.from((await signingKeyText(key, 'x', cheap)).split('\n')[1]!, 'base64')
    bytes.writeBigUInt64LE(2n ** 40n, 46)
    expect(await parseSigningKey(`untrusted comment: x\n${bytes.toString('base64')}\n`, 'x')).toMatchObject({
      ok: false,
      code: 'TOO_COSTLY',
    })
  })
  it('without passphrase are refused', async () => {
    const bytes = Buffer.from((await signingKeyText(key, 'x', cheap)).split('\n')[1]!, 'base64')
    bytes.fill(0, 2, 4)
    expect(await parseSigningKey(bytes.toString('base64'), '')).toMatchObject({ ok: false, code: 'NOT_ENCRYPTED' })
  })
  it('with any other content are no keys', async () => {
    for (const text of ['', 'x', '\n\n', 'A'.repeat(5000), verifyingKeyText(key)])
      expect(await parseSigningKey(text, 'x')).toMatchObject({ ok: false, code: 'NOT_A_KEY' })
    expect(parseVerifyingKey('RWQ')).toMatchObject({ ok: false, code: 'NOT_A_KEY' })
  })
  it('give the public key back', () => {
    expect(parseVerifyingKey(verifyingKeyText(key))).toEqual({
      ok: true,
      value: { keyId: new Uint8Array(key.keyId), key: key.key },
    })
  })
  it('use the numbers of libsodium', () => {
    expect(scryptNumbers({ operations: 33_554_432, memory: 1_073_741_824 })).toEqual({ N: 2 ** 20, p: 1 })
    expect(scryptNumbers({ operations: 524_288, memory: 16_777_216 })).toEqual({ N: 2 ** 14, p: 1 })
    expect(scryptNumbers({ operations: 2 ** 23, memory: 2 ** 28 })).toEqual({ N: 2 ** 18, p: 1 })
  })
})

describe('blake2b256', () => {
  it('agrees with the published digest of "abc"', () => {
    expect(Buffer.from(blake2b256(Buffer.from('abc'))).toString('hex')).toBe(
      'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
    )
  })
})

describe('fingerprint', () => {
  it('is four groups that can be read aloud, the same for the same key', () => {
    expect(fingerprint(key)).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(fingerprint(key)).toBe(fingerprint({ key: new Uint8Array(key.key) }))
    expect(fingerprint(newSigningKey())).not.toBe(fingerprint(key))
  })
})

describe.skipIf(!hasTool('minisign'))('the minisign tool (skipped where it is not installed)', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minisign-'))
    writeFileSync(join(folder, 'file'), file)
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const minisign = (args: readonly string[], input = ''): string =>
    execFileSync('minisign', args, { cwd: folder, input, stdio: ['pipe', 'pipe', 'pipe'] }).toString()

  it('verifies our signature and rejects the changed file', () => {
    writeFileSync(join(folder, 'file.minisig'), signature)
    writeFileSync(join(folder, 'key.pub'), verifyingKeyText(key))
    expect(minisign(['-V', '-H', '-m', 'file', '-p', 'key.pub'])).toContain('case:0042')
    writeFileSync(join(folder, 'file'), 'tampered')
    expect(() => minisign(['-V', '-H', '-m', 'file', '-p', 'key.pub'])).toThrow()
  })
  it('signs with a key that we encrypted, and we accept its signature', async () => {
    writeFileSync(join(folder, 'ours.key'), await signingKeyText(key, 'correct horse', cheap))
    minisign(['-S', '-m', 'file', '-s', 'ours.key', '-t', 'by the tool'], 'correct horse\n')
    expect(checkSignature(readFileSync(join(folder, 'file.minisig'), 'utf8'), hash, [key])).toMatchObject({
      kind: 'good',
      trustedComment: 'by the tool',
    })
  })
  it('makes a key that we open', async () => {
    minisign(['-G', '-p', 'tool.pub', '-s', 'tool.key'], 'pass\npass\n')
    const opened = await parseSigningKey(readFileSync(join(folder, 'tool.key'), 'utf8'), 'pass')
    const published = parseVerifyingKey(readFileSync(join(folder, 'tool.pub'), 'utf8'))
    expect(opened.ok && published.ok && Buffer.from(opened.value.key).equals(Buffer.from(published.value.key))).toBe(
      true,
    )
  }, 60_000)
})
