import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const electron = join(import.meta.dirname, '../../../electron')
const textsIn = (folder: string): string[] =>
  readdirSync(join(electron, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(electron, folder, name), 'utf8'))

/** What a text imports from Electron at run time. */
const importsOf = (text: string): string[] =>
  [...text.matchAll(/^import \{([^}]*)\} from 'electron'$/gm)].flatMap((found) =>
    found[1]!.split(',').map((name) => name.trim()),
  )

describe('what of Electron is used', () => {
  it('is little in main: no shell, no network, no updater, no crash reports, no channel from the window', () => {
    expect(textsIn('main').flatMap(importsOf).sort()).toEqual([
      'BrowserWindow',
      'Menu',
      'MessageChannelMain',
      'app',
      'dialog',
      'protocol',
      'session',
      'utilityProcess',
    ])
    for (const text of textsIn('main'))
      expect(text).not.toMatch(
        /\bipcMain\b|\.ipc\b|['"]ipc-message|\brequire\(|import\(['"]electron['"]\)\.|openExternal/,
      )
  })

  it('is a bridge and one event in the preload, which sends nothing to main', () => {
    expect(textsIn('preload').flatMap(importsOf).sort()).toEqual(['contextBridge', 'ipcRenderer'])
    const uses = textsIn('preload').flatMap((text) =>
      [...text.matchAll(/\b(?:ipcRenderer|contextBridge)\.(\w+)/g)].map((found) => found[1]),
    )
    expect(uses.sort()).toEqual(['exposeInMainWorld', 'on'])
  })

  it('is nothing in the process of the engine', () => {
    expect(textsIn('engine-host').filter((text) => /from 'electron'|require\(/.test(text))).toEqual([])
  })
})
