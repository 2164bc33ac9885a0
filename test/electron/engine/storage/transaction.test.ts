import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaseFile } from '#engine/storage/case-file.ts'

const INSERT = 'insert into fact (name, value) values (?, ?)'
const folder = mkdtempSync(join(tmpdir(), 'trailcase-'))
let file: CaseFile
let n = 0

beforeEach(async () => {
  file = await CaseFile.create(join(folder, `${n++}.trailcase`), {
    examiner: 'A. Rossi',
    sinceUtc: '2026-01-01T00:00:00Z',
  })
})
afterEach(() => file.close())
afterAll(() => rmSync(folder, { recursive: true }))

const facts = async () =>
  (await file.reader.all<{ name: string; value: string }>('select * from fact order by name')).map(
    ({ name, value }) => `${name}=${value}`,
  )

describe('a statement that nobody waits for', () => {
  it('runs in its turn: what is asked after it sees what it wrote, and the commit holds all', async () => {
    await file.transaction(async (tx) => {
      for (let i = 0; i < 50; i++) await tx.later(INSERT, [`a${i}`, String(i)])
      expect(await tx.get('select count(*) as n from fact')).toEqual({ n: 50 })
      await tx.later(`update fact set value = value || ? where name = 'a0'`, ['!'])
      await tx.run(`update fact set value = value || '?' where name = 'a0'`)
      await tx.later(INSERT, ['last', 'x'])
    })
    const stored = await facts()
    expect(stored).toHaveLength(51)
    expect(stored).toContain('a0=0!?')
  })

  it('copies its values, so that the caller may use the room again', async () => {
    const room = Buffer.from('first')
    await file.transaction(async (tx) => {
      await tx.later('insert into fact (name, value) select ?, cast(? as text)', ['a', room])
      room.write('other')
      await tx.later('insert into fact (name, value) select ?, cast(? as text)', ['b', room])
      room.fill(0)
    })
    expect(await facts()).toEqual(['a=first', 'b=other'])
  })

  it('fails in the next call, and nothing of the transaction is stored', async () => {
    await expect(
      file.transaction(async (tx) => {
        await tx.later(INSERT, ['same', '1'])
        await tx.later(INSERT, ['same', '2'])
        await tx.run(`insert into fact values ('after', '3')`)
      }),
    ).rejects.toThrow('UNIQUE')
    expect(await facts()).toEqual([])
  })

  it('fails the commit when it was the last', async () => {
    await expect(
      file.transaction(async (tx) => {
        await tx.later(INSERT, ['same', '1'])
        await tx.later(INSERT, ['same', '2'])
      }),
    ).rejects.toThrow('UNIQUE')
    expect(await facts()).toEqual([])
    await file.transaction((tx) => tx.later(INSERT, ['same', '3']))
    expect(await facts()).toEqual(['same=3'])
  })

  it('is over when one transaction of many that are one ends, so that reading there sees it', async () => {
    await file.whole(async (inside) => {
      await inside.transaction((tx) => tx.later(INSERT, ['inside', '1']))
      expect(await inside.reader.get('select value from fact')).toEqual({ value: '1' })
    })
    expect(await facts()).toEqual(['inside=1'])
  })
})
