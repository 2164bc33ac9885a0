import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

const document = readFileSync(join(root, 'electron/SECURITY.md'), 'utf8')

/** The rows of the tables that name a test: its file and its title. */
const rows = document
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .flatMap((cells) => {
    const file = cells.findIndex((cell) => /^`test\/\S+\.test\.ts`$/.test(cell))
    return file < 0 ? [] : [{ promise: cells[1]!, file: cells[file]!.slice(1, -1), title: cells[file + 1]! }]
  })

/** Whether a test with that title stands in the text: the title between quotes, after `it(` or the end of `it.each(…)(`. */
function holdsTest(text: string, title: string): boolean {
  const escaped = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(\\bit(\\.skipIf\\([^)]*\\))?|\\))\\(\\s*(['"\`])${escaped}\\3`).test(text)
}

describe('the security document', () => {
  it('makes promises for both hosts', () => {
    expect(rows.length).toBeGreaterThan(40)
    for (const folder of ['main', 'preload', 'engine-host', 'web-host'])
      expect(rows.filter(({ file }) => file.startsWith(`test/electron/${folder}/`)).length, folder).toBeGreaterThan(0)
  })

  it.each(rows)('names a test that is there for: $promise', ({ file, title }) => {
    expect(existsSync(join(root, file)), file).toBe(true)
    expect(holdsTest(readFileSync(join(root, file), 'utf8'), title), title).toBe(true)
  })

  it("answers each of the twenty points of Electron's checklist, in order", () => {
    const points = rows.flatMap(({ promise }) => /^(\d+)\. /.exec(promise)?.[1] ?? [])
    expect(points).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 1)))
  })

  it('names the Electron that is installed', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: { electron: string }
    }
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/)
    expect(document).toContain(`Electron ${devDependencies.electron};`)
  })

  it('would notice a title that no test has', () => {
    expect(holdsTest(`it('keeps its word', () => {})`, 'keeps its word')).toBe(true)
    expect(holdsTest(`it.each([1])('keeps its word', () => {})`, 'keeps its word')).toBe(true)
    expect(holdsTest(`// 'keeps its word'`, 'keeps its word')).toBe(false)
    expect(holdsTest(`it('keeps its word', () => {})`, 'keeps its')).toBe(false)
  })
})
