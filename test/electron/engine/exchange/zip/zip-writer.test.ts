import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openPromise } from 'yauzl'
import { writeZip, type ZipInput } from '#engine/exchange/zip/zip-writer.ts'
import { at, bytesOf, stream } from '#test/electron/engine/exchange/formats/samples.ts'

const madeAt = at('2026-11-20T12:00:00Z')
const folders: string[] = []
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const input = (name: string, text: string, options: Partial<ZipInput> = {}): ZipInput => ({
  name,
  bytes: stream([Buffer.from(text)]),
  ...options,
})

const hasUnzip = (() => {
  try {
    execFileSync('python3', ['-c', 'import zipfile'])
    return true
  } catch {
    return false
  }
})()

describe('writeZip', () => {
  it('is read back entry for entry by another reader', async () => {
    const bytes = await bytesOf(
      writeZip(
        [
          input('a.txt', 'stored'),
          input('b/c.txt', 'deflated '.repeat(1000), { deflate: true }),
          input('big.bin', 'large', { large: true }),
          input('empty', ''),
        ],
        madeAt,
      ),
    )
    const path = join(temporary(), 'a.zip')
    writeFileSync(path, bytes)
    const zip = await openPromise(path)
    const found: [string, number][] = []
    for await (const entry of zip.eachEntry()) found.push([entry.fileName, entry.uncompressedSize])
    expect(found).toEqual([
      ['a.txt', 6],
      ['b/c.txt', 9000],
      ['big.bin', 5],
      ['empty', 0],
    ])
  })
  it('writes a ZIP64 end when there are more entries than 16 bits can count', async () => {
    const many = Array.from({ length: 66_000 }, (_, index) => input(`e/${index}`, ''))
    const bytes = await bytesOf(writeZip(many, madeAt))
    const path = join(temporary(), 'many.zip')
    writeFileSync(path, bytes)
    const zip = await openPromise(path)
    expect(zip.entryCount).toBe(66_000)
    zip.close()
  })
  it('refuses a name that it did not make itself', async () => {
    await expect(bytesOf(writeZip([input('a\u202eb', '')], madeAt))).rejects.toThrow('printable ASCII')
  })
  it.each([true, false])('passes on a failing source (deflate %s) instead of waiting for ever', async (deflate) => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x')
      await Promise.reject(new Error('pulled out'))
    }
    await expect(bytesOf(writeZip([{ name: 'a', bytes: broken(), deflate }], madeAt))).rejects.toThrow('pulled out')
  })
  it('stops its source when the reader stops', async () => {
    let closed = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve()
          yield Buffer.alloc(70_000, 1)
        }
      } finally {
        closed = true
      }
    }
    let read = 0
    for await (const chunk of writeZip([{ name: 'a', bytes: endless() }], madeAt)) {
      read += chunk.length
      if (read > 1_000_000) break
    }
    expect(closed).toBe(true)
  })
  it.skipIf(!hasUnzip)('passes the integrity test of Python zipfile (skipped without Python)', async () => {
    const path = join(temporary(), 'a.zip')
    writeFileSync(
      path,
      await bytesOf(
        writeZip([input('a.txt', 'x', { large: true }), input('b.txt', 'y'.repeat(99), { deflate: true })], madeAt),
      ),
    )
    const script =
      'import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(",".join(z.namelist()), z.read("b.txt").decode())'
    expect(execFileSync('python3', ['-c', script, path]).toString().trim()).toBe(`a.txt,b.txt ${'y'.repeat(99)}`)
    expect(readFileSync(path).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  })
})
