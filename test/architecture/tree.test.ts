import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './cruise.ts'

const isSource = (path: string): boolean => /\.(ts|tsx|mjs|cjs|css)$/.test(path)

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}

const foldersIn = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${folder}/${entry.name}`)
    : []

const rooms = ['electron', 'renderer', 'shared', 'test', 'build'].filter((room) => existsSync(join(root, room)))
const sources = rooms.flatMap(filesUnder).filter(isSource)
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Imports of a package, in every way that code can name it. */
const importersOf = (name: string): string[] => {
  const pattern = new RegExp(`(from|import|require\\()\\s*\\(?['"]${name}(/[^'"]*)?['"]`)
  return sources.filter((path) => /^(electron|renderer|shared)\//.test(path) && pattern.test(textOf(path)))
}

describe('the tree', () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(20)
  })

  it('opens SQLite in one file only', () => {
    expect(importersOf('sqlite3')).toEqual(['electron/engine/storage/sqlite.ts'])
  })

  it('speaks to Electron only in main and preload', () => {
    expect(importersOf('electron').filter((path) => !/^electron\/(main|preload)\//.test(path))).toEqual([])
  })

  it('keeps SQL in the engine', () => {
    const statement = /\b(SELECT\s[^'"`]{1,200}\sFROM|INSERT\s+INTO|DELETE\s+FROM|CREATE\s+TABLE)\s/
    expect(sources.filter((path) => /^(renderer|shared)\//.test(path) && statement.test(textOf(path)))).toEqual([])
  })

  it('tells in every folder what lives there', () => {
    const folders = [
      ...rooms,
      ...['electron', 'electron/engine', 'renderer', 'renderer/features', 'shared'].flatMap(foldersIn),
      ...['architecture', 'contract', 'fixtures', 'journeys', 'types'].map((name) => `test/${name}`),
    ]
    const silent = folders.filter(
      (folder) =>
        existsSync(join(root, folder)) && filesUnder(folder).length > 0 && !existsSync(join(root, folder, 'README.md')),
    )
    expect(silent).toEqual([])
  })

  it('has no file that outgrew one idea (600 lines)', () => {
    const lines = (path: string): number => textOf(path).split('\n').length
    expect(sources.filter((path) => lines(path) > 600)).toEqual([])
  })
})
