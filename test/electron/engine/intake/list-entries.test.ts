import { randomBytes } from 'node:crypto'
import { mkdtemp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { defaultLimits, type Limits } from '#engine/intake/limits.ts'
import { countFiles, listEntries } from '#engine/intake/list-entries.ts'
import { parseFile } from '#engine/intake/parse-file.ts'
import { logText, record } from './evidence.ts'

let root: string
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'intake-'))))
afterEach(() => rm(root, { recursive: true }))

const log = Buffer.from(logText([record(1)]))

async function put(path: string, content: string | Buffer): Promise<string> {
  const onDisk = join(root, path)
  await mkdir(dirname(onDisk), { recursive: true })
  await writeFile(onDisk, content)
  return onDisk
}

function zip(members: Record<string, string | Buffer>): Promise<Buffer> {
  const file = new ZipFile()
  for (const [name, content] of Object.entries(members)) file.addBuffer(Buffer.from(content), name)
  file.end()
  return buffer(file.outputStream)
}

function tar(
  members: readonly {
    name: string
    content?: string | Buffer
    type?: 'symlink' | 'link' | 'directory'
    linkname?: string
  }[],
): Promise<Buffer> {
  const archive = pack()
  for (const { content, ...header } of members) archive.entry(header, content ?? '')
  archive.finalize()
  return buffer(archive)
}

/** Each entry as `path size`, each problem as `path outcome: reason`. */
async function list(path = root, limits: Partial<Limits> = {}): Promise<string[]> {
  const seen: string[] = []
  for await (const found of listEntries(path, {
    signal: new AbortController().signal,
    limits: { ...defaultLimits, ...limits },
  })) {
    if ('outcome' in found) seen.push(`${found.path} ${found.outcome}: ${found.reason}`)
    else {
      const bytes = await found.read()
      expect(bytes.length).toBe(found.size)
      seen.push(`${found.path} ${found.size}`)
    }
  }
  return seen
}

describe('finding the files of a source', () => {
  it('walks a folder by name and gives paths inside the source', async () => {
    await put('AWSLogs/1/b.json', log)
    await put('AWSLogs/1/a.json', '{}')
    await put('readme.txt', 'x')
    expect(await list()).toEqual(['AWSLogs/1/a.json 2', `AWSLogs/1/b.json ${log.length}`, 'readme.txt 1'])
    expect(await countFiles(root, new AbortController().signal)).toBe(3)
  })

  it('takes one file as a source', async () => {
    expect(await list(await put('one.json', log))).toEqual([`one.json ${log.length}`])
  })

  it('does not follow links, and leaves out what systems leave behind, each with its rule', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await writeFile(join(outside, 'secret.json'), log)
    await symlink(outside, join(root, 'folder-link'))
    await symlink(join(outside, 'secret.json'), join(root, 'file-link.json'))
    await put('.DS_Store', 'x')
    await put('empty.json', '')
    const seen = await list()
    await rm(outside, { recursive: true })
    expect(seen.map((s) => s.split(':')[0])).toEqual([
      '.DS_Store ignored',
      'empty.json ignored',
      'file-link.json ignored',
      'folder-link ignored',
    ])
  })

  it('says of a source that is not there that it cannot be read', async () => {
    expect(await list(join(root, 'gone'))).toEqual(['gone quarantined: The source cannot be read (ENOENT).'])
  })

  it('stops when cancelled', async () => {
    await put('a.json', log)
    const stop = new AbortController()
    stop.abort(new Error('cancelled'))
    await expect(async () => {
      for await (const _ of listEntries(root, { signal: stop.signal, limits: defaultLimits }));
    }).rejects.toThrow('cancelled')
  })

  it('stops at the limit of entries and says so', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await put(name, 'x')
    const seen = await list(root, { entries: 2 })
    expect(seen).toHaveLength(3)
    expect(seen[2]).toContain('c quarantined: The source holds more than 2 files')
  })
})

describe('archives', () => {
  it('reads zip, tar and tar.gz whatever they are called, with the members in their path', async () => {
    await put('a.bin', await zip({ 'x/log.json': log }))
    await put(
      'b.json.gz.bak',
      gzipSync(
        await tar([
          { name: 'y/log.json', content: log },
          { name: 'y/', type: 'directory' },
        ]),
      ),
    )
    await put('c', await tar([{ name: 'log.json', content: log }]))
    expect(await list()).toEqual([
      `a.bin!x/log.json ${log.length}`,
      `b.json.gz.bak!y/log.json ${log.length}`,
      `c!log.json ${log.length}`,
    ])
  })

  it('opens archives inside archives to depth two; a third is left to be told by its content', async () => {
    const third = await zip({ 'log.json': log })
    const second = gzipSync(
      await tar([
        { name: 'deep.zip', content: third },
        { name: 'log.json', content: log },
      ]),
    )
    const source = await put('outer.zip', await zip({ 'inner.tgz': second, 'other.zip': third }))
    const seen = await list(source)
    expect(seen).toEqual([
      `outer.zip!inner.tgz!deep.zip ${third.length}`,
      `outer.zip!inner.tgz!log.json ${log.length}`,
      `outer.zip!other.zip!log.json ${log.length}`,
    ])
    expect(parseFile('deep.zip', third, defaultLimits)).toMatchObject({ outcome: 'quarantined', kind: 'archive' })
  })

  it('takes hostile names as text and writes nothing anywhere', async () => {
    const hostile = ['../../evil.json', '/etc/passwd.json', 'C:\\x.json', 'CON', 'a\u0000b.json', '-rf\n.json']
    const safe = hostile.map((name, i) => String(i).repeat(name.length))
    let bytes = await zip(Object.fromEntries(safe.map((name) => [name, log])))
    hostile.forEach((name, i) => (bytes = Buffer.from(bytes.toString('latin1').replaceAll(safe[i]!, name), 'latin1')))
    await put('evil.zip', bytes)
    await put(
      'evil.tar',
      await tar([
        { name: '../../evil.json', content: log },
        { name: '/abs.json', content: log },
      ]),
    )
    const seen = await list()
    expect(seen).toHaveLength(8)
    expect(seen).toContain(`evil.zip!../../evil.json ${log.length}`)
    expect(seen).toContain(`evil.zip!C:/x.json ${log.length}`)
    expect((await readdir(root)).sort()).toEqual(['evil.tar', 'evil.zip'])
  })

  it('leaves out links and devices in archives', async () => {
    await put(
      'l.tar',
      await tar([
        { name: 'link', type: 'symlink', linkname: '/etc/passwd' },
        { name: 'hard', type: 'link', linkname: 'x' },
        { name: 'log.json', content: log },
      ]),
    )
    const linked = new ZipFile()
    linked.addBuffer(Buffer.from('/etc/passwd'), 'link', { mode: 0o120777 })
    linked.end()
    await put('l.zip', await buffer(linked.outputStream))
    expect((await list()).map((s) => s.split(':')[0])).toEqual([
      'l.tar!link ignored',
      'l.tar!hard ignored',
      `l.tar!log.json ${log.length}`,
      'l.zip!link ignored',
    ])
  })

  it('refuses a zip member that inflates beyond the ratio, and reads the others', async () => {
    await put('bomb.zip', await zip({ 'bomb.json': Buffer.alloc(5_000_000), 'log.json': log }))
    const [bomb, good] = await list()
    expect(bomb).toContain('bomb.json quarantined: The archive member inflates to more than 200 times')
    expect(good).toBe(`bomb.zip!log.json ${log.length}`)
  })

  it('refuses a tar.gz that inflates beyond the ratio', async () => {
    await put(
      'bomb.tgz',
      gzipSync(
        await tar([
          { name: 'log.json', content: log },
          { name: 'zeros', content: Buffer.alloc(20_000_000) },
        ]),
      ),
    )
    const seen = await list()
    expect(seen.at(-1)).toContain('bomb.tgz quarantined')
    expect(seen.at(-1)).toContain('more than 200 times its size')
  })

  it('refuses members that share their bytes', async () => {
    const bytes = await zip({ 'a.json': log, 'b.json': log })
    // Point the second directory entry at the first member's data: its offset stands 42 bytes into the entry.
    const second = bytes.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
    bytes.writeUInt32LE(0, second + 42)
    await put('overlap.zip', bytes)
    expect((await list()).map((s) => s.slice(0, 60))).toEqual(
      [
        'overlap.zip!a.json quarantined: The archive member shares its',
        'overlap.zip!b.json quarantined: The archive member shares its',
      ].map((s) => s.slice(0, 60)),
    )
  })

  it('says what to do with encrypted members and unknown compression', async () => {
    for (const [name, offset, value] of [
      ['encrypted.zip', 8, 0x0009],
      ['method.zip', 10, 14],
    ] as const) {
      const bytes = await zip({ 'a.json': log })
      bytes.writeUInt16LE(value, bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + offset)
      await put(name, bytes)
    }
    const seen = await list()
    expect(seen[0]).toContain('is encrypted. Unpack')
    expect(seen[1]).toContain('compression method 14')
  })

  it('quarantines a member whose bytes are damaged, and reads the others', async () => {
    const bytes = await zip({ 'a.json': log, 'b.json': log })
    bytes[60]! ^= 0xff
    await put('damaged.zip', bytes)
    expect((await list()).map((s) => s.split(':')[0])).toEqual([
      'damaged.zip!a.json quarantined',
      `damaged.zip!b.json ${log.length}`,
    ])
  })

  it('keeps the members before the end of an archive that is cut off', async () => {
    const members = Array.from({ length: 20 }, (_, i) => ({
      name: `${i}.json`,
      content: Buffer.from(logText([record(i, { userAgent: randomBytes(1500).toString('hex') })])),
    }))
    const whole = await tar(members)
    await put('cut.tar', whole.subarray(0, whole.length / 2))
    await put('cut.tgz', gzipSync(whole).subarray(0, -2000))
    const zipped = await zip({ 'a.json': log })
    await put('cut.zip', zipped.subarray(0, zipped.length - 30))
    const seen = await list()
    expect(seen.filter((s) => s.startsWith('cut.tar!')).length).toBeGreaterThan(5)
    expect(seen.filter((s) => s.startsWith('cut.tgz!')).length).toBeGreaterThan(5)
    for (const name of ['cut.tar', 'cut.tgz', 'cut.zip'])
      expect(seen.some((s) => s.startsWith(`${name} quarantined`))).toBe(true)
  })

  it('says that an empty archive holds nothing', async () => {
    await put('e.zip', await zip({}))
    expect(await list()).toEqual(['e.zip ignored: The archive holds no files.'])
  })
})
