import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readyMade } from '#renderer/features/sql/ready-made.ts'
import { sampleEngine, type SampleEngine } from '../../../electron/engine/sample-engine.ts'

let sample: SampleEngine
beforeAll(async () => {
  sample = await sampleEngine()
})
afterAll(() => sample.close())

/** Nobody uses root in the sample investigation; every other question has an answer in it. */
const EMPTY = new Set(['root'])

describe('ready-made statements', () => {
  it.each(readyMade.map((one) => [one.id, one] as const))(
    '%s runs on the sample investigation, and finds what is there',
    async (_, one) => {
      const { rows, columns, truncated } = await sample.get('sql.run', { sql: one.sql })
      expect(columns.length).toBeGreaterThan(2)
      expect(truncated).toBe(false)
      if (EMPTY.has(one.id)) expect(rows).toEqual([])
      else expect(rows.length).toBeGreaterThan(0)
    },
  )

  it('have names that are different from each other', () => {
    expect(new Set(readyMade.map((one) => one.id)).size).toBe(readyMade.length)
    expect(new Set(readyMade.map((one) => one.title)).size).toBe(readyMade.length)
  })
})

describe('the rows of a statement as a file', () => {
  it('are CSV that no spreadsheet takes for a formula, with the statement and the hash beside them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trailcase-sql-'))
    try {
      const path = join(folder, 'rows.csv')
      const sql = `select '=1+1' as a, 'say "hi", you' as b, 7 as c, null as d, 'x' || char(10) || 'y' as e`
      const written = await sample.get('sql.export', { sql, grant: path })
      const rows = parse(readFileSync(path), { bom: true })
      expect(rows).toEqual([
        ['a', 'b', 'c', 'd', 'e'],
        ["'=1+1", 'say "hi", you', '7', '', 'x\\u{a}y'],
      ])
      const statement = JSON.parse(readFileSync(join(folder, written.sidecar), 'utf8')) as {
        statement: string
        files: { sha256: string }[]
      }
      expect(statement.statement).toBe(sql)
      const { entries } = await sample.get('custody.list', {})
      expect(
        entries.some(
          (entry) => entry.action === 'events.export' && JSON.stringify(entry).includes(written.file.sha256),
        ),
      ).toBe(true)
      expect(statement.files[0]?.sha256).toBe(written.file.sha256)
      expect(await sample.ask('sql.export', { sql, grant: path })).toMatchObject({
        ok: false,
        code: 'already-exists',
      })
      expect(await sample.ask('sql.export', { sql: 'drop table event', grant: join(folder, 'no.csv') })).toMatchObject({
        ok: false,
        code: 'bad-input',
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
