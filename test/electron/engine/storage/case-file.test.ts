import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CaseFile } from '#engine/storage/case-file.ts'
import { APPLICATION_ID, SCHEMA_VERSION } from '#engine/storage/schema.ts'
import { Connection } from '#engine/storage/sqlite.ts'

const holder = { examiner: 'A. Rossi', sinceUtc: '2026-01-02T03:04:05Z' }
const open: CaseFile[] = []
const newPath = () => join(mkdtempSync(join(tmpdir(), 'trailcase-')), 'case.trailcase')
async function create(path: string): Promise<CaseFile> {
  const file = await CaseFile.create(path, holder)
  open.push(file)
  return file
}
afterEach(async () => {
  for (const file of open.splice(0)) await file.close()
})

describe('a case file', () => {
  it('carries its application id and version, and opens again', async () => {
    const path = newPath()
    await (await create(path)).close()
    open.pop()
    const header = readFileSync(path)
    expect(header.readUInt32BE(68)).toBe(APPLICATION_ID)
    expect(header.readUInt32BE(60)).toBe(SCHEMA_VERSION)
    open.push(await CaseFile.open(path, holder))
  })

  it('is never written over an existing file', async () => {
    const path = newPath()
    writeFileSync(path, 'evidence of something else')
    await expect(CaseFile.create(path, holder)).rejects.toMatchObject({ code: 'already-exists' })
    expect(readFileSync(path, 'utf8')).toBe('evidence of something else')
  })

  it('keeps a transaction whole or not at all', async () => {
    const file = await create(newPath())
    await expect(
      file.transaction(async (tx) => {
        await tx.run(`insert into fact values ('half', '1')`)
        throw new Error('the second half fails')
      }),
    ).rejects.toThrow('second half')
    expect(await file.reader.all('select * from fact')).toEqual([])
  })

  it('runs transactions one after the other, in the order they were asked for', async () => {
    const file = await create(newPath())
    const seen: number[] = []
    await Promise.all(
      [1, 2, 3].map((n) =>
        file.transaction(async (tx) => {
          await tx.run(`insert into fact values (?, 'x')`, [String(n)])
          seen.push(n)
        }),
      ),
    )
    expect(seen).toEqual([1, 2, 3])
  })

  it('says who holds it when it is open elsewhere', async () => {
    const path = newPath()
    await create(path)
    await expect(CaseFile.open(path, { ...holder, examiner: 'B. Second' })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('A. Rossi') as string,
    })
  })

  it('is free at once when the process that held it was killed', async () => {
    const path = newPath()
    await (await create(path)).close()
    open.pop()
    const script = `const s = require('sqlite3'); const db = new s.Database(${JSON.stringify(join(path, '..', '.case.trailcase.lock'))});
      db.exec('create table if not exists holder (who text); begin immediate', () => { console.log('held'); setInterval(() => {}, 1000) })`
    const child = spawn(process.execPath, ['-e', script], { cwd: process.cwd() })
    await once(child.stdout, 'data')
    await expect(CaseFile.open(path, holder)).rejects.toMatchObject({ code: 'locked' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    open.push(await CaseFile.open(path, holder))
  })

  it.each([
    ['an empty file', () => Buffer.alloc(0), 'not-a-case'],
    ['a text', () => Buffer.from('hello '.repeat(100)), 'not-a-case'],
    [
      'a database of another program',
      () => Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096)]),
      'not-a-case',
    ],
  ])('refuses %s in words, and leaves it as it was', async (_what, bytes, code) => {
    const path = newPath()
    writeFileSync(path, bytes())
    await expect(CaseFile.open(path, holder)).rejects.toMatchObject({ code })
    expect(readFileSync(path)).toEqual(bytes())
  })

  it('refuses a case of a newer version, a file cut short, and a missing one', async () => {
    const path = newPath()
    await (await create(path)).close()
    open.pop()
    const bytes = readFileSync(path)
    const newer = Buffer.from(bytes)
    newer.writeUInt32BE(SCHEMA_VERSION + 1, 60)
    writeFileSync(path, newer)
    await expect(CaseFile.open(path, holder)).rejects.toMatchObject({ code: 'newer-version' })
    writeFileSync(path, bytes)
    truncateSync(path, bytes.length - 100)
    await expect(CaseFile.open(path, holder)).rejects.toMatchObject({ code: 'damaged' })
    await expect(CaseFile.open(`${path}.gone`, holder)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('refuses a case in which somebody planted a trigger', async () => {
    const path = newPath()
    await (await create(path)).close()
    open.pop()
    const db = await Connection.open(path, 'write')
    await db.exec('create trigger evil after insert on custody begin delete from custody; end')
    await db.close()
    await expect(CaseFile.open(path, holder)).rejects.toMatchObject({ code: 'damaged' })
  })
})
