import { describe, expect, it } from 'vitest'
import { BoundedCache } from '#engine/vectors/bounded-cache.ts'

const made: string[] = []
const maker = (name: string, bytes: number) => () => {
  made.push(name)
  return Promise.resolve(new Uint8Array(bytes))
}

describe('BoundedCache', () => {
  it('keeps what fits and lets go what was not asked for the longest', async () => {
    const cache = new BoundedCache(100)
    made.length = 0
    await cache.get('a', maker('a', 40))
    await cache.get('b', maker('b', 40))
    await cache.get('a', maker('a', 40))
    await cache.get('c', maker('c', 40))
    await cache.get('a', maker('a', 40))
    expect(made).toEqual(['a', 'b', 'c'])
    await cache.get('b', maker('b', 40))
    expect(made).toEqual(['a', 'b', 'c', 'b'])
  })

  it('keeps one thing that is larger than the room, as somebody works with it', async () => {
    const cache = new BoundedCache(10)
    made.length = 0
    await cache.get('a', maker('a', 40))
    await cache.get('a', maker('a', 40))
    expect(made).toEqual(['a'])
  })

  it('makes a thing once for all who ask while it is being made', async () => {
    const cache = new BoundedCache(100)
    made.length = 0
    const [one, other] = await Promise.all([cache.get('a', maker('a', 1)), cache.get('a', maker('a', 1))])
    expect(one).toBe(other)
    expect(made).toEqual(['a'])
  })

  it('does not keep a failure', async () => {
    const cache = new BoundedCache(100)
    await expect(cache.get('a', () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    expect((await cache.get('a', maker('a', 3))).byteLength).toBe(3)
  })
})
