import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const text = readFileSync(join(root, 'electron/engine/FORENSICS.md'), 'utf8')

/** `| FS-nn | requirement | test file | title |` */
const rows = text.split('\n').flatMap((line) => {
  const [, id = '', requirement = '', file = '', title = ''] = line.split('|').map((cell) => cell.trim())
  return /^FS-\d\d$/.test(id) ? [{ id, requirement, file: file.slice(1, -1), title }] : []
})

/** Whether a test with that title stands in the file, not only the words of it. */
const holds = (code: string, title: string): boolean =>
  [`'`, `"`, '`'].some((quote) => new RegExp(`\\)?\\(\\s*${escaped(`${quote}${title}${quote}`)}\\s*,`).test(code))
const escaped = (words: string): string => words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

describe('the document on forensic soundness', () => {
  it('speaks of every requirement from FS-01 to FS-30: with a test, or with the reason why there is none', () => {
    const all = Array.from({ length: 30 }, (_, n) => `FS-${String(n + 1).padStart(2, '0')}`)
    const shown = new Set(rows.map((row) => row.id))
    const reasoned = new Set([...text.matchAll(/^(FS-\d\d)\b[^|\n]*: ?\S.+$/gm)].map((found) => found[1]))
    expect(all.filter((id) => !shown.has(id) && !reasoned.has(id))).toEqual([])
    expect(all.filter((id) => !shown.has(id))).toEqual(['FS-12'])
  })

  it.each(rows)('names a test that is there for $id: $requirement', ({ file, title }) => {
    expect(existsSync(join(root, file)), file).toBe(true)
    expect(holds(readFileSync(join(root, file), 'utf8'), title), title).toBe(true)
  })

  it('would notice a title that no test has', () => {
    expect(holds(`it('keeps its word', () => {})`, 'keeps its word')).toBe(true)
    expect(holds(`// 'keeps its word'`, 'keeps its word')).toBe(false)
    expect(holds(`it('keeps its word', () => {})`, 'keeps its')).toBe(false)
  })
})
