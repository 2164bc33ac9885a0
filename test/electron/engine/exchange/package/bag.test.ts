import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bagLimits } from '#engine/exchange/package/bag-archive.ts'
import { bagPart, baseNameFor, evidenceName, isBaseName } from '#engine/exchange/package/bag-names.ts'
import {
  checkPayload,
  closeBag,
  openBag,
  readDocument,
  signatureVerdicts,
  type Bag,
  type BagPayload,
} from '#engine/exchange/package/bag-reader.ts'
import { infoValue, manifestLine } from '#engine/exchange/package/bag-texts.ts'
import { EvidenceChanged, writeBag, type BagPlan, type PayloadInput } from '#engine/exchange/package/bag-writer.ts'
import { newSigningKey } from '#engine/exchange/package/minisign.ts'
import { at, bytesOf, sha256, stream } from '#test/electron/engine/exchange/formats/samples.ts'
import { craftZip, type CraftedEntry } from './craft-zip.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bag-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const key = newSigningKey()
const original = Buffer.from('{"Records":[]}')
const contents: readonly (readonly [name: string, bytes: Buffer])[] = [
  [evidenceName(sha256(original)), original],
  ['data/case.json', Buffer.from('{"number":"0042"}')],
  ['data/ops.jsonl', Buffer.from('{"op":1}\n'.repeat(500))],
  ['data/reports/timeline-1.pdf', Buffer.alloc(0)],
]
const payload = (list = contents): AsyncGenerator<PayloadInput> =>
  stream(list.map(([name, bytes]) => ({ name, bytes: stream([bytes]) })))
const plan = (overrides: Partial<BagPlan> = {}): BagPlan => ({
  base: 'CASE-0042',
  info: [
    ['Contact-Name', 'A. Rossi'],
    ['External-Identifier', '0042\nInjected: yes'],
  ],
  payload: payload(),
  sign: { key, trustedComment: ({ entries, bytes }) => `case:0042 entries:${entries} bytes:${bytes}` },
  madeAt: at('2026-11-20T12:00:00Z'),
  ...overrides,
})

function save(bytes: Uint8Array): string {
  const path = join(folder, 'package.zip')
  writeFileSync(path, bytes)
  return path
}
async function opened(bytes: Uint8Array): Promise<Bag> {
  const bag = await openBag(save(bytes))
  if (!bag.ok) throw new Error(`${bag.code}: ${bag.message}`)
  return bag.value
}
/** What becomes of a package: `ok`, or the code with which it is turned away. */
async function fate(bytes: Uint8Array): Promise<string> {
  const bag = await openBag(save(bytes))
  if (!bag.ok) return bag.code
  const checked = await checkPayload(bag.value)
  await closeBag(bag.value)
  return checked.ok ? 'ok' : checked.code
}

/** The entries of a right bag, to spoil. */
function bagEntries(
  list: readonly (readonly [string, Buffer])[] = contents,
  extra: Partial<Record<string, string>> = {},
): CraftedEntry[] {
  const bytes = list.reduce((sum, [, data]) => sum + data.length, 0)
  const texts: Record<string, string> = {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'bag-info.txt': `Payload-Oxum: ${bytes}.${list.length}\n`,
    'manifest-sha256.txt': list.map(([name, data]) => manifestLine(sha256(data), name)).join(''),
    ...extra,
  }
  const tags = Object.entries(texts)
    .map(([name, text]) => manifestLine(sha256(text), name))
    .join('')
  return [
    ...list,
    ...Object.entries(texts),
    ['tagmanifest-sha256.txt', extra['tagmanifest-sha256.txt'] ?? tags] as const,
  ].map(([name, data]) => ({ name: `B/${name}`, data }))
}

describe('a package', () => {
  it('gives back what was put in, signed, and says what it holds', async () => {
    const bag = await opened(await bytesOf(writeBag(plan())))
    expect(bag.base).toBe('CASE-0042')
    expect(bag.payload.map(({ name, size }) => [name, size])).toEqual(
      contents.map(([name, bytes]) => [name, bytes.length]),
    )
    expect(signatureVerdicts(bag, [key])).toMatchObject([
      { kind: 'good', trustedComment: `case:0042 entries:4 bytes:${bag.bytes}` },
    ])
    expect(signatureVerdicts(bag, [])).toMatchObject([{ kind: 'unknownKey' }])
    const staged = new Map<string, Buffer>()
    const stage = async (entry: BagPayload, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
      staged.set(entry.name, await bytesOf(bytes))
    }
    expect(await checkPayload(bag, { stage })).toEqual({ ok: true, value: { entries: 4, bytes: bag.bytes } })
    for (const [name, bytes] of contents) expect(staged.get(name)?.equals(bytes)).toBe(true)
    expect(await readDocument(bag, 'data/case.json', 1000)).toMatchObject({ ok: true })
    expect(await readDocument(bag, 'data/case.json', 5)).toMatchObject({ ok: false, code: 'TOO_LARGE' })
    await closeBag(bag)
  })
  it('keeps people from forging lines of bag-info.txt', async () => {
    const bag = await opened(await bytesOf(writeBag(plan())))
    expect(infoValue(bag.info, 'External-Identifier')).toBe('0042\\u{a}Injected: yes')
    expect(infoValue(bag.info, 'Injected')).toBeUndefined()
    await closeBag(bag)
  })
  it('is the same bytes for the same content, unless it is signed by another key', async () => {
    const make = (): Promise<Buffer> => bytesOf(writeBag(plan({ payload: payload() })))
    expect((await make()).equals(await make())).toBe(true)
  })
  it('passes sha256sum after being unpacked by another program', async () => {
    const path = save(await bytesOf(writeBag(plan())))
    execFileSync('python3', [
      '-c',
      'import zipfile,sys; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
      path,
      folder,
    ])
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      execFileSync('sha256sum', ['--strict', '-c', manifest], { cwd: join(folder, 'CASE-0042'), stdio: 'pipe' })
    }
    expect(readdirSync(join(folder, 'CASE-0042')).sort()).toEqual([
      'bag-info.txt',
      'bagit.txt',
      'data',
      'manifest-sha256.txt',
      'tagmanifest-sha256.txt',
      'tagmanifest-sha256.txt.minisig',
    ])
  })
  it('is not made when an original is no longer what it was', async () => {
    const changed = payload([[evidenceName(sha256('other')), original]])
    await expect(bytesOf(writeBag(plan({ payload: changed })))).rejects.toBeInstanceOf(EvidenceChanged)
  })
  it('may hold nothing', async () => {
    expect(await fate(await bytesOf(writeBag(plan({ payload: payload([]) }))))).toBe('ok')
  })
  it('can be staged by a reader that stops early, and is still checked whole', async () => {
    const bag = await opened(await bytesOf(writeBag(plan())))
    const stage = async (_: BagPayload, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const _chunk of bytes) break
    }
    expect((await checkPayload(bag, { stage })).ok).toBe(true)
    await closeBag(bag)
  })
  it('stops being checked when it is cancelled', async () => {
    const bag = await opened(await bytesOf(writeBag(plan())))
    expect(await checkPayload(bag, { signal: AbortSignal.abort() })).toMatchObject({ ok: false, code: 'CANCELLED' })
    await closeBag(bag)
  })
})

describe('a crafted package', () => {
  it('is accepted when it is right, so that the refusals below mean something', async () => {
    expect(await fate(craftZip(bagEntries()))).toBe('ok')
  })
  const names = [
    '../evil',
    '/etc/passwd',
    'B/../evil',
    'B/data/../../evil',
    'B\\evil',
    'C:/evil',
    'B/data/a.json:ads',
    'B/data/con.json',
    'B/data/nul.jsonl',
    'B/data/reports/com1.pdf',
    'B/data/reports/a.pdf.',
    'B/data/reports/a.pdf ',
    'B/data/reports/..',
    'B/data/reports/.hidden',
    'B/data/reports/-rf',
    'B/data/Case.json',
    'B/data/evidence/ab/x.bin',
    'B/data/',
    'B/',
    'B/data/sub/dir/a.json',
    'B/data/a.exe',
    'B/fetch.txt',
    'B/data/reports/a\u202egpj.pdf',
    'B/data/reports/é.pdf',
    'B/data/a\0.json',
    'B/data/a\n.json',
    `B/data/reports/${'a'.repeat(300)}`,
    'b/data/case.json',
    'Other/data/x.json',
    '',
    'B',
    '//B/x',
    './B/data/x.json',
    '~/x',
    'B/data/%2e%2e/x.json',
    'B/manifest-md5.txt',
  ]
  it.each(names)('with the name %j is refused', async (name) => {
    expect(await fate(craftZip([...bagEntries(), { name, data: 'x' }]))).toBe('REFUSED')
  })
  it('with a right name that the manifest does not name is refused', async () => {
    expect(await fate(craftZip([...bagEntries(), { name: 'B/data/extra.json', data: 'x' }]))).toBe('DAMAGED')
  })
  const spoil = (change: (entry: CraftedEntry) => Partial<CraftedEntry>): Buffer =>
    craftZip(bagEntries().map((entry, index) => (index === 1 ? { ...entry, ...change(entry) } : entry)))
  it.each([
    ['a symbolic link', spoil(() => ({ mode: 0o120777 }))],
    ['a device', spoil(() => ({ mode: 0o060644 }))],
    ['a folder', spoil(() => ({ mode: 0o040755 }))],
    ['a compressed file', spoil(() => ({ method: 8 }))],
    ['a second name', spoil(() => ({ extra: Buffer.from([0x75, 0x70, 5, 0, 1, 0, 0, 0, 0]) }))],
    ['the same name twice', craftZip([...bagEntries(), bagEntries()[1]!])],
    [
      'overlapping data',
      craftZip(bagEntries().map((entry, index) => (index === 2 ? { ...entry, sameDataAs: 1 } : entry))),
    ],
    ['data that reaches into the next entry', spoil(() => ({ claimedSize: 400 }))],
  ])('with %s is refused', async (_, bytes) => {
    expect(await fate(bytes)).toBe('REFUSED')
  })
  it.each([
    ['another local name', spoil(() => ({ localName: 'B/data/ca5e.json' })), 'NOT_A_PACKAGE'],
    ['changed payload', spoil(() => ({ data: '{"number":"0043"}' })), 'DAMAGED'],
    ['an impossible size', spoil(() => ({ claimedSize: 0xfffffff0 })), 'REFUSED'],
    ['an encrypted file', spoil(() => ({ flags: 1 })), 'NOT_A_PACKAGE'],
    ['two bags', craftZip([...bagEntries(), { name: 'C/tagmanifest-sha256.txt', data: '' }]), 'NOT_A_PACKAGE'],
    ['no manifest', craftZip([{ name: 'B/data/case.json', data: 'x' }]), 'NOT_A_PACKAGE'],
    ['a missing tag file', craftZip(bagEntries().filter((entry) => entry.name !== 'B/bagit.txt')), 'DAMAGED'],
    ['a missing payload entry', craftZip(bagEntries().slice(1)), 'DAMAGED'],
    ['wrong sizes declared', craftZip(bagEntries(contents, { 'bag-info.txt': 'Payload-Oxum: 1.4\n' })), 'DAMAGED'],
    ['another bag version', craftZip(bagEntries(contents, { 'bagit.txt': 'BagIt-Version: 0.97\n' })), 'DAMAGED'],
    [
      'a manifest with a hostile name',
      craftZip(bagEntries(contents, { 'manifest-sha256.txt': manifestLine('0'.repeat(64), '../x') })),
      'DAMAGED',
    ],
    ['a manifest without end', craftZip(bagEntries(contents, { 'manifest-sha256.txt': 'abc' })), 'DAMAGED'],
    [
      'text that is not UTF-8',
      craftZip(
        bagEntries().map((entry) =>
          entry.name === 'B/bag-info.txt' ? { ...entry, data: Buffer.from([0xff]) } : entry,
        ),
      ),
      'DAMAGED',
    ],
    ['an original under a wrong hash', craftZip(bagEntries([[evidenceName('0'.repeat(64)), original]])), 'DAMAGED'],
    ['nothing at all', Buffer.alloc(0), 'NOT_A_PACKAGE'],
    ['a text', Buffer.from('hello'.repeat(100)), 'NOT_A_PACKAGE'],
  ])('with %s does not pass', async (_, bytes, code) => {
    expect(await fate(bytes)).toBe(code)
  })
  it('with more entries than are read is refused before they are read', async () => {
    expect(await openBag(save(craftZip(bagEntries())), { ...bagLimits, entries: 3 })).toMatchObject({
      ok: false,
      code: 'TOO_LARGE',
    })
  })
  it('with a manifest larger than is held is refused before it is read', async () => {
    expect(await openBag(save(craftZip(bagEntries())), { ...bagLimits, manifest: 10 })).toMatchObject({
      ok: false,
      code: 'TOO_LARGE',
    })
  })
  it('that is not there, or a folder, is said to be unreadable', async () => {
    expect(await openBag(join(folder, 'missing.zip'))).toMatchObject({ ok: false, code: 'UNREADABLE' })
    expect(await openBag(folder)).toMatchObject({ ok: false })
  })
  it('writes nothing anywhere', async () => {
    for (const name of names) await fate(craftZip([...bagEntries(), { name, data: 'x' }]))
    expect(readdirSync(folder)).toEqual(['package.zip'])
  })
})

describe('a mutated package', () => {
  it('is turned away or still says exactly what it said: 3,000 mutations, no exception', async () => {
    const right = await bytesOf(writeBag(plan()))
    const expected = contents.map(([name, bytes]) => [name, sha256(bytes)])
    const place = fc.oneof(fc.nat(right.length - 1), fc.integer({ min: right.length - 1200, max: right.length - 1 }))
    const mutation = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at: place, value: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ kind: fc.constant('cut' as const), at: place, value: fc.integer({ min: 1, max: 64 }) }),
      fc.record({ kind: fc.constant('fill' as const), at: place, value: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ kind: fc.constant('swap' as const), at: place, value: fc.integer({ min: 1, max: 255 }) }),
    )
    const fates = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        let bytes = Buffer.from(right)
        for (const { kind, at: where, value } of mutations) {
          if (where >= bytes.length) continue
          if (kind === 'flip') bytes[where] = bytes[where]! ^ value
          else if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + value)])
          else if (kind === 'fill') bytes.fill(value === 1 ? 0xff : 0, where, Math.min(where + 4, bytes.length))
          else
            bytes = Buffer.concat([
              bytes.subarray(0, where),
              bytes.subarray(where, where + value),
              bytes.subarray(where),
            ])
        }
        const bag = await openBag(save(bytes))
        let outcome = bag.ok ? 'ok' : bag.code
        if (bag.ok) {
          const checked = await checkPayload(bag.value)
          if (!checked.ok) outcome = checked.code
          else expect(bag.value.payload.map(({ name, sha256: hash }) => [name, hash])).toEqual(expected)
          await closeBag(bag.value)
        }
        fates.set(outcome, (fates.get(outcome) ?? 0) + 1)
      }),
      { numRuns: 3000 },
    )
    expect(readdirSync(folder)).toEqual(['package.zip'])
    expect([...fates.keys()].sort()).toEqual(expect.arrayContaining(['DAMAGED', 'NOT_A_PACKAGE', 'REFUSED']))
  }, 120_000)
})

describe('names', () => {
  it('of a case number are always allowed ones', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => isBaseName(baseNameFor(text))),
      { numRuns: 500 },
    )
    expect(baseNameFor('0042/Ä')).toBe('CASE-0042-A')
  })
  it('are known or not there at all', () => {
    expect(bagPart('data/saved-searches.json')).toBe('payload')
    expect(bagPart('data/evidence/ab/abcd.bin')).toBeUndefined()
    expect(bagPart('tagmanifest-sha256.txt.2.minisig')).toBe('signature')
  })
})
