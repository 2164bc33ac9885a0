import { afterAll, describe, expect, it } from 'vitest'
import { gatherInventory } from '#engine/integrity/gather-inventory.ts'
import { HeldDigests } from '#engine/integrity/held-digests.ts'
import { inflateFirstMember } from '#engine/intake/inflate.ts'
import { defaultLimits } from '#engine/intake/limits.ts'
import { readOriginal } from '#engine/queries/read-original.ts'
import { annotatedCase, type TestCase } from '#test/electron/engine/annotations/annotated-case.ts'

const engines: TestCase['engine'][] = []
afterAll(() => Promise.all(engines.map((engine) => engine.closeAll())))
const never = new AbortController().signal

describe('digests that an import holds', () => {
  it('are kept while there is room, each content once', () => {
    const held = new HeldDigests(10)
    held.keep('a', new Uint8Array(6))
    held.keep('a', new Uint8Array(4))
    held.keep('b', new Uint8Array(5))
    held.keep('c', new Uint8Array(4))
    expect(['a', 'b', 'c'].map((sha) => held.get(sha)?.length)).toEqual([6, undefined, 4])
  })

  it('give the same inventory as their originals, whether all are held, some or none', async () => {
    const { engine, open } = await annotatedCase(`
      09:00 alice ConsoleLogin
      10:00 bob   ListUsers !duplicate
      12:00 carol ListRoles region=eu-west-1`)
    engines.push(engine)
    const { reader } = open.file
    const read = await gatherInventory(reader, never)
    expect(read.digestRows.length).toBeGreaterThan(4)
    for (const some of [() => true, (n: number) => n % 2 === 0]) {
      const held = new HeldDigests()
      for (const [n, { original, sha256 }] of read.digestRows.entries())
        if (some(n))
          held.keep(sha256, Buffer.from(inflateFirstMember(await readOriginal(reader, original), defaultLimits).bytes))
      expect(await gatherInventory(reader, never, undefined, held)).toEqual(read)
    }
  })

  it('are not needed: judging again without them gives what the import gave', async () => {
    const { engine, ask } = await annotatedCase(`
      09:00 alice ConsoleLogin !altered
      10:00 bob   ListUsers !missing
      12:00 carol ListRoles region=eu-west-1`)
    engines.push(engine)
    const { summary } = await ask('integrity.summary', {})
    expect(summary.digests.total).toBeGreaterThan(0)
    expect((await ask('integrity.judge', {})).summary).toEqual(summary)
  })
})
