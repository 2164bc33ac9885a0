import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportFormats } from '#shared/domain/export-formats.ts'
import { writeExport } from '#engine/exchange/formats/write-export.ts'
import { exportFormatIds, type ExportEvent } from '#shared/domain/export.ts'
import { exportEvent, sha256, statement, stream } from './samples.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const events = [exportEvent(), exportEvent({ row: 2, bookmark: { exhibit: 'AR-0001', title: 'x', note: '' } })]

describe('writeExport', () => {
  it.each(exportFormatIds)(
    'writes %s with a sidecar that states the selection and the hash of each file',
    async (format) => {
      const path = join(folder, `export${exportFormats[format].ending}`)
      const result = await writeExport({ format, path, events: stream(events), statement: statement({ shown: 2 }) })
      expect(result).toMatchObject({ ok: true, value: { rows: format === 'misp' ? 0 : 2 } })
      const sidecar = JSON.parse(readFileSync(`${path}.selection.json`, 'utf8'))
      expect(sidecar).toMatchObject({
        shown: 2,
        total: 10,
        query: 'eventName:StopLogging',
        examiner: 'A. Rossi',
        tlp: 'AMBER',
      })
      expect(sidecar.text).toContain('Events: 2 of 10 shown')
      expect(sidecar.files.length).toBeGreaterThan(0)
      for (const file of sidecar.files) {
        const bytes = readFileSync(join(format === 'parquet' ? path : folder, file.name))
        expect(sha256(bytes)).toBe(file.sha256)
        expect(bytes.length).toBe(file.bytes)
      }
      const isTable = ['csv', 'xlsx', 'timesketch-csv', 'iris'].includes(format)
      expect(readdirSync(folder)).toHaveLength(isTable ? 3 : 2)
      expect(existsSync(`${path}.jsonl`)).toBe(isTable)
    },
  )
  it.each(['csv', 'xlsx', 'timesketch-csv', 'iris'] as const)(
    'lays the exact records beside a table as %s, whatever its cells had to change',
    async (format) => {
      const path = join(folder, 'table')
      const long = exportEvent({ terms: { userAgent: `=cmd()${'x'.repeat(40_000)}` } })
      await writeExport({ format, path, events: stream([long]), statement: statement() })
      const [line] = readFileSync(`${path}.jsonl`, 'utf8').trimEnd().split('\n')
      expect(line).toContain(`"record":${String(long.rawRecord)}`)
    },
  )
  it('replaces no exact records of another table', async () => {
    writeFileSync(join(folder, 'a.csv.jsonl'), 'evidence')
    const path = join(folder, 'a.csv')
    const result = await writeExport({
      format: 'csv',
      path,
      events: stream(events),
      statement: statement({ shown: 2 }),
    })
    expect(result).toMatchObject({ ok: false, code: 'EXISTS' })
    expect(readdirSync(folder)).toEqual(['a.csv.jsonl'])
  })
  it('refuses to replace a file', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'evidence')
    expect(
      await writeExport({ format: 'csv', path, events: stream(events), statement: statement({ shown: 2 }) }),
    ).toMatchObject({ ok: false, code: 'EXISTS' })
    expect(readFileSync(path, 'utf8')).toBe('evidence')
  })
  it('refuses an export whose rows are not what its statement says, and leaves nothing', async () => {
    const result = await writeExport({
      format: 'csv',
      path: join(folder, 'a.csv'),
      events: stream(events),
      statement: statement({ shown: 3 }),
    })
    expect(result).toMatchObject({ ok: false, code: 'COUNT_DIFFERS' })
    expect(readdirSync(folder)).toEqual([])
  })
  it.each(['csv', 'xlsx', 'parquet'] as const)('leaves nothing of a cancelled %s', async (format) => {
    const controller = new AbortController()
    async function* cancelled(): AsyncGenerator<ExportEvent> {
      yield* stream(events)
      controller.abort()
      yield exportEvent({ row: 3 })
    }
    const result = await writeExport({
      format,
      path: join(folder, 'a'),
      events: cancelled(),
      statement: statement({ shown: 3 }),
      signal: controller.signal,
    })
    expect(result).toMatchObject({ ok: false, code: 'CANCELLED' })
    expect(readdirSync(folder)).toEqual([])
  })
  it('says in words that a folder cannot be written', async () => {
    const result = await writeExport({
      format: 'csv',
      path: join(folder, 'missing', 'a.csv'),
      events: stream(events),
      statement: statement({ shown: 2 }),
    })
    expect(result).toMatchObject({ ok: false, code: 'NOT_WRITABLE' })
  })
  it('does not hide a bug as an expected failure', async () => {
    async function* broken(): AsyncGenerator<ExportEvent> {
      yield exportEvent()
      await Promise.reject(new TypeError('a bug'))
    }
    await expect(
      writeExport({ format: 'xlsx', path: join(folder, 'a.xlsx'), events: broken(), statement: statement() }),
    ).rejects.toThrow('a bug')
    expect(readdirSync(folder)).toEqual([])
  })
})
