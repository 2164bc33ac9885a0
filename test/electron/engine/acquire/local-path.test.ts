import fc from 'fast-check'
import { posix, win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localPath, localPaths } from '#engine/acquire/local-path.ts'

const log =
  'AWSLogs/111122223333/CloudTrail/us-east-1/2024/05/01/111122223333_CloudTrail_us-east-1_20240501T0015Z_UNIQUE0000000001.json.gz'
const segment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('..', '.', '', 'con', 'NUL.txt', 'a:b', 'x.', 'y ', 'A', 'a', '\u202egz.exe', 'é', 'é', '\\..\\..'),
)
const key = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'))

describe('where an object is written', () => {
  it('leaves keys as CloudTrail makes them', () => {
    expect(localPath('evidence-bucket', log)).toBe(`evidence-bucket/${log}`)
  })

  it.each([
    ['../../etc/passwd', 'b/.%2E/.%2E/etc/passwd'],
    ['/etc/passwd', 'b/%/etc/passwd'],
    ['a/./b', 'b/a/%2E/b'],
    ['con/nul.txt', 'b/%63on/%6Eul.txt'],
    ['a\\b:c', 'b/a%5Cb%3Ac'],
    ['a\u202eb', 'b/a%E2%80%AEb'],
    ['end. ', 'b/end.%20'],
  ])('writes %j as %j', (from, to) => {
    expect(localPath('b', from)).toBe(to)
  })

  it('stays below the bucket on every system, whatever the key', () => {
    fc.assert(
      fc.property(key, (text) => {
        const path = localPath('bucket', text)
        expect(posix.normalize(path).startsWith('bucket/')).toBe(true)
        expect(win32.normalize(path).startsWith('bucket\\')).toBe(true)
        for (const part of path.split('/')) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(200)
          expect(part).not.toMatch(/[<>:"\\|?*\u0000-\u001f]|[. ]$|^$/)
        }
      }),
    )
  })

  it('gives two keys never one place, also where upper and lower case are one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 8 }), (keys) => {
        const paths = localPaths(keys.map((one) => ({ bucket: 'b', key: one, versionId: null })))
        const folded = paths.map((path) => path.normalize('NFC').toLowerCase())
        expect(new Set(folded).size).toBe(keys.length)
        for (const path of folded) expect(folded.some((other) => other.startsWith(`${path}/`))).toBe(false)
      }),
    )
  })

  it('gives a key the same place in whatever order it comes', () => {
    const wish = (name: string) => ({ bucket: 'b', key: name, versionId: null })
    expect(localPaths(['X', 'x', 'x/y'].map(wish)).sort()).toEqual(localPaths(['x/y', 'x', 'X'].map(wish)).sort())
    expect(localPaths(['a'].map(wish))).toEqual(['b/a'])
  })

  it('keeps older versions apart', () => {
    expect(localPaths([{ bucket: 'b', key: 'x', versionId: 'v1' }])).toEqual(['b@v1/x'])
  })
})
