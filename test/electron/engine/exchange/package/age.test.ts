import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  newIdentity,
  parseIdentity,
  parseRecipient,
  recipientText,
  type AgeIdentity,
  type AgeRecipients,
} from '#engine/exchange/package/age-recipients.ts'
import { decryptAge, encryptAge } from '#engine/exchange/package/age.ts'
import { bech32, fromBech32 } from '#engine/exchange/package/bech32.ts'
import { bytesOf, stream } from '#test/electron/engine/exchange/formats/samples.ts'

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string },
): T {
  if (!result.ok) throw new Error(result.message)
  return result.value
}
const identityText = newIdentity()
const identity = must(parseIdentity(identityText))
const toAlice: AgeRecipients = { kind: 'keys', keys: [must(parseRecipient(recipientText(identity)))] }
const withPassphrase: AgeRecipients = { kind: 'passphrase', passphrase: 'correct horse', workFactor: 10 }

const sealed = (bytes: Uint8Array, to: AgeRecipients): Promise<Buffer> => bytesOf(encryptAge(stream([bytes]), to))
async function opened(
  bytes: Uint8Array,
  identities: readonly AgeIdentity[],
): Promise<{ result: Awaited<ReturnType<typeof decryptAge>>; plain: Buffer }> {
  const parts: Uint8Array[] = []
  const result = await decryptAge(stream([bytes]), identities, (chunk) => {
    parts.push(chunk)
    return Promise.resolve()
  })
  return { result, plain: Buffer.concat(parts) }
}

describe('age files', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])('give back %d bytes', async (length) => {
    const content = randomBytes(length)
    for (const [to, who] of [
      [toAlice, identity],
      [withPassphrase, { kind: 'passphrase', passphrase: 'correct horse' }],
    ] as const) {
      const { result, plain } = await opened(await sealed(content, to), [who])
      expect(result).toEqual({ ok: true, value: { bytes: length } })
      expect(plain.equals(content)).toBe(true)
    }
  })
  it('open for each of several recipients and for nobody else', async () => {
    const bob = must(parseIdentity(newIdentity()))
    const both: AgeRecipients = { kind: 'keys', keys: [...toAlice.keys, must(parseRecipient(recipientText(bob)))] }
    const file = await sealed(Buffer.from('x'), both)
    for (const who of [identity, bob]) expect((await opened(file, [who])).result.ok).toBe(true)
    expect((await opened(file, [must(parseIdentity(newIdentity()))])).result).toMatchObject({
      ok: false,
      code: 'WRONG_KEY',
    })
    expect((await opened(file, [{ kind: 'passphrase', passphrase: 'x' }])).result).toMatchObject({
      ok: false,
      code: 'WRONG_KEY',
    })
  })
  it('do not open with another passphrase', async () => {
    expect(
      (await opened(await sealed(Buffer.from('x'), withPassphrase), [{ kind: 'passphrase', passphrase: 'wrong' }]))
        .result,
    ).toMatchObject({ code: 'WRONG_KEY' })
  })
  it('are read whatever the pieces they come in', async () => {
    const content = randomBytes(140_000)
    const file = await sealed(content, toAlice)
    const sizes = [1, 7, 65_552, 3, 100]
    const pieces: Uint8Array[] = []
    for (let at = 0, turn = 0; at < file.length; at += sizes[turn++ % sizes.length]!)
      pieces.push(file.subarray(at, at + sizes[turn % sizes.length]!))
    const parts: Uint8Array[] = []
    const result = await decryptAge(stream(pieces), [identity], (chunk) => {
      parts.push(chunk)
      return Promise.resolve()
    })
    expect(result.ok && Buffer.concat(parts).equals(content)).toBe(true)
  })
  it('are noticed to be cut, at any place', async () => {
    const file = await sealed(randomBytes(140_000), toAlice)
    const header = file.indexOf('\n---') + 50
    for (const length of [0, 10, header, header + 8, header + 16, header + 16 + 65_552, file.length - 1]) {
      const { result } = await opened(file.subarray(0, length), [identity])
      expect(result.ok, String(length)).toBe(false)
    }
    expect((await opened(file.subarray(0, file.indexOf('\n---') + 49 + 16 + 65_552), [identity])).result).toMatchObject(
      { code: 'CUT_OFF' },
    )
  })
  it('never open after a changed byte, and never throw', async () => {
    const file = await sealed(randomBytes(70_000), toAlice)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: file.length - 1 })),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const changed = Buffer.from(file)
          changed[at] = changed[at]! ^ flip
          expect((await opened(changed, [identity])).result.ok).toBe(false)
        },
      ),
      { numRuns: 400 },
    )
  })
  it('with something after their end do not open', async () => {
    const file = await sealed(Buffer.from('x'), toAlice)
    expect((await opened(Buffer.concat([file, Buffer.from('y')]), [identity])).result).toMatchObject({
      code: 'DAMAGED',
    })
  })
  it('that ask for too much work are refused before it is done', async () => {
    const file = (await sealed(Buffer.from('x'), withPassphrase))
      .toString('latin1')
      .replace(/(-> scrypt \S+) 10/, '$1 30')
    expect(
      (await opened(Buffer.from(file, 'latin1'), [{ kind: 'passphrase', passphrase: 'correct horse' }])).result,
    ).toMatchObject({ code: 'TOO_COSTLY' })
  })
  it('with an endless header are refused', async () => {
    const file = Buffer.from(`age-encryption.org/v1\n${'-> X25519 abc\n\n'.repeat(40_000)}`)
    expect((await opened(file, [identity])).result).toMatchObject({ code: 'NOT_AGE' })
  })
  it('with a recipient of an unknown kind are read past it', async () => {
    // The header's check value covers all stanzas, so a grafted one is damage: passed over first, then noticed.
    const file = (await sealed(Buffer.from('x'), toAlice))
      .toString('latin1')
      .replace('-> X25519', '-> joint-1 a b\n\n-> X25519')
    expect((await opened(Buffer.from(file, 'latin1'), [identity])).result).toMatchObject({ code: 'DAMAGED' })
  })
})

describe('bech32', () => {
  it('gives back any bytes, and refuses a changed letter and mixed case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (bytes, at) => {
        const text = bech32('age', bytes)
        expect(fromBech32('age', text)).toEqual({ ok: true, value: new Uint8Array(bytes) })
        const place = 4 + (at % (text.length - 4))
        const changed = text.slice(0, place) + (text[place] === 'q' ? 'p' : 'q') + text.slice(place + 1)
        expect(fromBech32('age', changed).ok).toBe(false)
      }),
      { numRuns: 200 },
    )
    expect(fromBech32('age', `A${bech32('age', new Uint8Array(32)).slice(1)}`).ok).toBe(false)
  })
})

function hasTool(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!hasTool('age'))('the age tool (skipped where it is not installed)', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'age-'))
    writeFileSync(join(folder, 'key'), `${identityText}\n`)
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const age = (args: readonly string[], input: Uint8Array): Buffer =>
    execFileSync('age', args, { cwd: folder, input, maxBuffer: 1e7, stdio: ['pipe', 'pipe', 'pipe'] })
  const content = randomBytes(200_000)

  it('opens ours, and rejects ours with one byte changed', async () => {
    const file = await sealed(content, toAlice)
    expect(age(['-d', '-i', 'key'], file).equals(content)).toBe(true)
    file[file.length - 5] = file[file.length - 5]! ^ 1
    expect(() => age(['-d', '-i', 'key'], file)).toThrow()
  })
  it('writes what we open', async () => {
    const { result, plain } = await opened(age(['-r', recipientText(identity)], content), [identity])
    expect(result.ok && plain.equals(content)).toBe(true)
  })
  it('gives our identity the same recipient', () => {
    expect(execFileSync('age-keygen', ['-y', 'key'], { cwd: folder }).toString().trim()).toBe(recipientText(identity))
  })
})
