import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import { utcMs } from '#shared/base/time.ts'
import type { Grant } from '#shared/contract/common.ts'
import { checkPayload, closeBag, openBag, readDocument } from '#engine/exchange/package/bag-reader.ts'
import { writeBag, type PayloadInput } from '#engine/exchange/package/bag-writer.ts'
import { unpackCase } from '#engine/exchange/handover/unpack-case.ts'
import { annotatedCase, meyer, query, tempFolder } from '../../annotations/annotated-case.ts'
import { place } from './packing.ts'

/** With the 3,000 in `bag.test.ts` and the 150 in `unpack-case.test.ts`: 10,000. */
const BYTES = 5850
const DOCUMENTS = 1000

type Documents = ReadonlyMap<string, Buffer>
let setting: Parameters<typeof unpackCase>[0]
let right: Buffer
let documents: Documents
let base: string
beforeAll(async () => {
  const test = await annotatedCase('09:00 alice ConsoleLogin')
  setting = test.open.setting
  const { rows } = await test.ask('events.find', { query: query(''), offset: 0, limit: 1, fields: [] })
  await test.ask('bookmarks.set', { event: ensure(rows[0], 'one event').id, title: 'The only one' })
  const grant: Grant = place('tiny.zip')
  await test.ask('packages.pack', { grant })
  right = readFileSync(grant)
  const opened = await openBag(grant)
  if (!opened.ok) throw new Error(opened.message)
  base = opened.value.base
  const found = new Map<string, Buffer>()
  for (const { name } of opened.value.payload) {
    const bytes = await readDocument(opened.value, name, 1_000_000)
    if (bytes.ok) found.set(name, Buffer.from(bytes.value))
  }
  documents = found
  await closeBag(opened.value)
})

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below
}

/** Bytes overwritten, cut out, put in twice, zeroed, the end cut off; the directory at the end is hit as often as the rest. */
function hurt(bytes: Buffer, random: (below: number) => number): Buffer {
  const mutated = Buffer.from(bytes)
  const tail = Math.min(1500, bytes.length)
  const at = random(2) === 0 ? random(bytes.length) : bytes.length - 1 - random(tail)
  switch (random(5)) {
    case 0:
      mutated[at] = mutated[at]! ^ (1 + random(255))
      return mutated
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(64))])
    case 2:
      return Buffer.concat([bytes.subarray(0, at + random(64)), bytes.subarray(at)])
    case 3:
      return mutated.fill(random(2) === 0 ? 0 : 0xff, at, Math.min(at + 4, bytes.length))
    default:
      return bytes.subarray(0, at)
  }
}

const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
/** JSON texts that a stranger may put where something else belongs. */
const hostile = [
  'null',
  'true',
  '-1',
  '1e308',
  '9007199254740993',
  '0.5',
  '""',
  '[]',
  '{}',
  '"../../../../escaped"',
  '"C:\\\\Windows\\\\escaped"',
  '"\\u0000"',
  '"\\u202egpj.exe"',
  '"=cmd|\' /C calc\'!A1"',
  '"<img src=x onerror=alert(1)>"',
  '{"__proto__":{"polluted":true}}',
  `"${'x'.repeat(200_000)}"`,
  deep,
  '{"a":1,"a":2}',
  'not json',
]

/** One document changed as a stranger can: a value replaced, a line gone, doubled or moved, the document empty, gone or new. */
function changed(from: Documents, random: (below: number) => number): Map<string, Buffer> {
  const made = new Map(from)
  const names = [...from.keys()].filter((name) => !name.startsWith('data/evidence/'))
  const name = ensure(names[random(names.length)], 'there are documents')
  const text = ensure(from.get(name), 'named before').toString('utf8')
  const lines = text.split('\n')
  const put = (changedText: string): Map<string, Buffer> => made.set(name, Buffer.from(changedText))
  switch (random(8)) {
    case 0:
      return put('')
    case 1:
      made.delete(name)
      return made
    case 2:
      return put([...lines.slice(0, 1), ...lines].join('\n'))
    case 3:
      return put([...lines].reverse().join('\n'))
    case 4:
      return made.set('data/unknown-things.jsonl', Buffer.from('{"type":"run","command":"id"}\n'))
    case 5:
      return made.set(`data/evidence/ab/ab${'0'.repeat(62)}.bin`, Buffer.from('not that hash'))
    default: {
      const places = [...text.matchAll(/:\s?("[^"]*"|-?\d+|null|true|false|\[\]|\{\})/g)]
      const hit = ensure(places[random(places.length)], `${name} has values`)
      const value = ensure(hostile[random(hostile.length)], 'in range')
      return put(`${text.slice(0, hit.index)}:${value}${text.slice(hit.index + hit[0].length)}`)
    }
  }
}

/** A package of these documents whose hashes agree. */
async function packageOf(made: Documents): Promise<Buffer | undefined> {
  async function* payload(): AsyncGenerator<PayloadInput> {
    await Promise.resolve()
    for (const [name, bytes] of made) yield { name, bytes: once(bytes) }
  }
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of writeBag({ base, info: [], payload: payload(), madeAt: utcMs(0) })) pieces.push(piece)
  } catch {
    // Our own writer does not put an original under another hash: then the reader is shown it by bytes alone.
    return undefined
  }
  return Buffer.concat(pieces)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield bytes
}

/**
 * Unpacks one; says how it ended. Whatever happens, a case is there only when it was made whole. With `onlyChecked` it is stopped once
 * the last hash was compared: documents are still looked at, and nothing may be left either.
 */
async function fate(folder: string, bytes: Buffer, onlyChecked: boolean): Promise<string> {
  const path = join(folder, 'in', 'package.zip')
  const target = join(folder, 'in', 'made.trailcase')
  writeFileSync(path, bytes)
  const wish = { path, target, examiner: meyer, secrets: { identities: [] }, keys: [] }
  const stop = new AbortController()
  const told = ({ step, done, total }: { step: string; done: number; total: number }): void => {
    if (onlyChecked && step === 'checking' && done === total) stop.abort()
  }
  const ending = await unpackCase(setting, wish, told, stop.signal).then(
    () => 'made',
    (problem: unknown) => (problem as { code?: string }).code ?? `bug: ${String(problem)}`,
  )
  expect(existsSync(target)).toBe(ending === 'made')
  rmSync(target, { force: true })
  return ending
}

const refusals = ['bad-input', 'damaged', 'newer-version']
/** Making a case costs a hundred times what refusing one does, so of those that pass every check only some are made. */
const MADE = 25
/** Hurt bytes are mostly refused by the reader of the bag: every tenth of those is asked again through unpacking. */
const AGAIN = 10

async function fates(count: number, next: () => Promise<Buffer | undefined>): Promise<Map<string, number>> {
  const folder = tempFolder()
  mkdirSync(join(folder, 'in'))
  const found = new Map<string, number>()
  let [passed, away] = [0, 0]
  for (let n = 0; n < count; n++) {
    const bytes = await next()
    let ending = bytes === undefined ? 'not written' : await bagFate(folder, bytes)
    if (bytes !== undefined && (ending === 'whole' || ++away % AGAIN === 0))
      ending = await fate(folder, bytes, ending === 'whole' && ++passed % MADE !== 1)
    found.set(ending, (found.get(ending) ?? 0) + 1)
  }
  expect(readdirSync(folder)).toEqual(['in'])
  expect(readdirSync(join(folder, 'in'))).toEqual(['package.zip'])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  return found
}

/** What the reader of the bag says of it: the first that unpacking asks. */
async function bagFate(folder: string, bytes: Buffer): Promise<string> {
  const path = join(folder, 'in', 'package.zip')
  writeFileSync(path, bytes)
  const bag = await openBag(path)
  if (!bag.ok) return bag.code
  const payload = await checkPayload(bag.value)
  await closeBag(bag.value)
  return payload.ok ? 'whole' : payload.code
}

const turnedAway = ['NOT_A_PACKAGE', 'REFUSED', 'DAMAGED', 'TOO_LARGE']

describe('a hostile package', () => {
  it(
    `with its bytes hurt is refused in words, ${BYTES} times, or makes the very case it was made of`,
    { timeout: 300_000 },
    async () => {
      const random = numbers(11)
      const found = await fates(BYTES, () => Promise.resolve(hurt(right, random)))
      for (const ending of found.keys()) expect([...turnedAway, ...refusals, 'made', 'cancelled']).toContain(ending)
      for (const code of ['damaged', 'bad-input']) expect(found.get(code) ?? 0).toBeGreaterThan(50)
      expect(found.get('made') ?? 0).toBeGreaterThan(0)
    },
  )

  it(
    `with documents that a stranger wrote and hashes that agree is refused in words or kept inert, ${DOCUMENTS} times`,
    { timeout: 300_000 },
    async () => {
      const random = numbers(5)
      const found = await fates(DOCUMENTS, () => packageOf(changed(documents, random)))
      const known = [...turnedAway, ...refusals, 'made', 'cancelled', 'not written']
      for (const ending of found.keys()) expect(known).toContain(ending)
      expect(found.get('damaged') ?? 0).toBeGreaterThan(200)
      expect(found.get('made') ?? 0).toBeGreaterThan(5)
    },
  )
})
