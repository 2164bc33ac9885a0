import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensure } from '#shared/base/assert.ts'
import { utcMs } from '#shared/base/time.ts'
import type { Grant } from '#shared/contract/common.ts'
import { newSigningKey, signingKeyText, verifyingKeyText, type SigningKey } from '#engine/exchange/package/minisign.ts'
import { writeBag, type PayloadInput } from '#engine/exchange/package/bag-writer.ts'
import { closeBag, openBag, readDocument } from '#engine/exchange/package/bag-reader.ts'
import { annotatedCase, query, tempFolder, type TestCase } from '../../annotations/annotated-case.ts'

export const story = `
  09:00 alice ConsoleLogin ip=203.0.113.7
  09:01 alice CreateUser -> mallory
  09:02 mallory StopLogging -> trail
  11:00 bob ConsoleLogin`

/** A case with a bookmark and a tag, and evidence of several log files with digests and keys. */
export async function packableCase(): Promise<TestCase> {
  const test = await annotatedCase(story)
  const { rows } = await test.ask('events.find', {
    query: query('eventName:StopLogging'),
    offset: 0,
    limit: 1,
    fields: [],
  })
  await test.ask('bookmarks.set', {
    event: ensure(rows[0], 'the story has this event').id,
    title: 'The trail is stopped',
  })
  await test.ask('tags.apply', { tag: 'exfil', events: { kind: 'query', query: query('eventName:StopLogging') } })
  return test
}

export const place = (name: string): Grant => join(tempFolder(), name) as Grant

/** A signing key as its files, cheap to open. */
export async function keyFiles(): Promise<{ secret: string; public: string }> {
  const key = newSigningKey()
  return {
    secret: await signingKeyText(key, 'passphrase', { operations: 32_768, memory: 2 ** 20 }),
    public: verifyingKeyText(key),
  }
}

/** The documents of a package, by name, as text; originals are left out. */
export async function documentsOf(path: string): Promise<Map<string, string>> {
  const opened = await openBag(path)
  if (!opened.ok) throw new Error(opened.message)
  const texts = new Map<string, string>()
  for (const { name } of opened.value.payload) {
    if (name.startsWith('data/evidence/')) continue
    const bytes = await readDocument(opened.value, name, 10_000_000)
    if (!bytes.ok) throw new Error(bytes.message)
    texts.set(name, Buffer.from(bytes.value).toString('utf8'))
  }
  await closeBag(opened.value)
  return texts
}

export const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n').slice(0, -1)

/** A package written again with changed documents and with hashes that agree, as a stranger can make it; signed with a key of theirs if they like. */
export async function remade(
  from: string,
  to: string,
  change: (name: string, text: string) => string,
  key?: SigningKey,
): Promise<void> {
  const opened = await openBag(from)
  if (!opened.ok) throw new Error(opened.message)
  const bag = opened.value
  async function* payload(): AsyncGenerator<PayloadInput> {
    for (const { name } of bag.payload) {
      const bytes = await readDocument(bag, name, 100_000_000)
      if (!bytes.ok) throw new Error(bytes.message)
      const isOriginal = name.startsWith('data/evidence/')
      yield {
        name,
        bytes: once(isOriginal ? bytes.value : Buffer.from(change(name, Buffer.from(bytes.value).toString('utf8')))),
      }
    }
  }
  const sign = key && { key, trustedComment: () => 'as before' }
  const plan = { base: bag.base, info: [], payload: payload(), madeAt: utcMs(0), ...(sign && { sign }) }
  const pieces: Uint8Array[] = []
  for await (const piece of writeBag(plan)) pieces.push(piece)
  await closeBag(bag)
  writeFileSync(to, Buffer.concat(pieces))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield bytes
}
