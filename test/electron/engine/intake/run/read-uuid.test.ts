import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readUuid } from '#engine/intake/run/read-uuid.ts'

const read = (text: string): string | undefined => {
  const into = new Uint8Array(20).fill(0xee)
  return readUuid(text, into, 2) ? Buffer.from(into).toString('hex') : undefined
}

describe('reading a UUID as bytes', () => {
  it('gives the bytes of any lower-case UUID, and touches no others', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(read(uuid)).toBe(`eeee${uuid.replaceAll('-', '')}eeee`)
      }),
    )
  })

  it('takes nothing else for one, as it would be written otherwise when it is read back', () => {
    const uuid = '3038ebd2-c98a-4c65-9b6e-e22506292313'
    for (let n = 0; n < uuid.length; n++)
      for (const other of ['G', 'g', '/', ':', '`', 'A', ' ', '\u0130', uuid[n] === '-' ? '0' : '-'])
        expect(read(uuid.slice(0, n) + other + uuid.slice(n + 1))).toBeUndefined()
    expect(read(uuid.slice(1))).toBeUndefined()
    expect(read(`${uuid}0`)).toBeUndefined()
  })
})
