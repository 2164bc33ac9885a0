import { describe, expect, it } from 'vitest'
import { keyOf, TextNumbers, type Candidate } from '#engine/intake/run/text-numbers.ts'

/** Texts with a store of their own, as a case keeps them: in UTF-8, so without halves of surrogate pairs. */
function numbers() {
  const stored = new Map<number, string>()
  const asked: Candidate[] = []
  const known = new TextNumbers(2, 7)
  return {
    known,
    stored,
    asked,
    of: async (...texts: readonly (readonly [field: number, text: string])[]) => {
      const fresh: [number, string][] = []
      const ids = await known.numbersOf(
        { fields: texts.map(([field]) => field), texts: texts.map(([, text]) => text) },
        (candidates) => {
          asked.push(...candidates)
          return Promise.resolve(stored)
        },
        (_, field, text) => {
          const id = stored.size + fresh.length + 1
          fresh.push([keyOf({ field, id }), Buffer.from(text).toString()])
          return id
        },
      )
      for (const [key, text] of fresh) stored.set(key, text)
      return ids
    },
  }
}

describe('the numbers of texts', () => {
  it('are the same for the same text of a field, in one batch and in a later one', async () => {
    const { of } = numbers()
    expect(await of([0, 'GetObject'], [1, 'GetObject'], [0, 'GetObject'])).toEqual([1, 2, 1])
    expect(await of([1, 'GetObject'], [0, 'PutObject'], [0, 'GetObject'])).toEqual([2, 3, 1])
  })

  it('differ for texts that share a hash, as those do that differ in case only', async () => {
    const { of, asked } = numbers()
    expect(await of([0, 'Alice'], [0, 'alice'])).toEqual([1, 2])
    expect(await of([0, 'ALICE'], [0, 'alice'], [0, 'Alice'])).toEqual([3, 2, 1])
    expect(asked.length).toBeGreaterThan(0)
  })

  it('need no look into the case for texts that nothing speaks for', async () => {
    const { of, asked } = numbers()
    await of([0, 'a'], [0, 'b'])
    await of([0, 'c'], [1, 'a'])
    expect(asked).toEqual([])
  })

  it('are found for a text with half a surrogate pair, which is stored as another character', async () => {
    const { of } = numbers()
    expect(await of([0, 'x\ud800'])).toEqual([1])
    expect(await of([0, 'x\ud800'], [0, 'x\ufffd'])).toEqual([1, 2])
  })

  it('are given anew after they were forgotten', async () => {
    const { of, known } = numbers()
    await of([0, 'a'])
    known.clear()
    expect(await of([0, 'a'])).toEqual([2])
    expect(known.size).toBe(1)
  })
})
