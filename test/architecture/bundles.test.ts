import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportFontFiles } from '#engine/reports/report-fonts.ts'
import { root } from './cruise.ts'

const node = join(root, 'dist/node')
const window = join(root, 'dist/renderer')

describe.skipIf(!existsSync(node))('what the build makes for Node', () => {
  const bundles = existsSync(node) ? readdirSync(node).filter((name) => name.endsWith('.cjs')) : []

  it.each(bundles)('%s needs nothing but Node, Electron and sqlite3', (name) => {
    const text = readFileSync(join(node, name), 'utf8')
    const asked = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]!)
    const known = (id: string): boolean => id.startsWith('node:') || builtinModules.includes(id)
    const strangers = asked.filter((id) => !known(id) && id !== 'electron' && id !== 'sqlite3')
    expect([...new Set(strangers)]).toEqual([])
    // An optional package that is not installed is replaced by an empty one, which its user takes for the real thing.
    expect([...text.matchAll(/__vite-optional-peer-dep:\S+/g)].map(([found]) => found)).toEqual([])
  })

  it('carries every font that reports are printed with, and its licence', () => {
    const fonts = readdirSync(join(node, 'fonts'))
    expect(fonts.sort()).toEqual(reportFontFiles.map((path) => basename(path)).sort())
    expect(readFileSync(join(node, 'NOTICES.txt'), 'utf8')).toContain('SIL OPEN FONT LICENSE')
  })

  it('keeps the AWS SDK in the one process that acquires', () => {
    const withSdk = bundles.filter((name) => readFileSync(join(node, name), 'utf8').includes('ListObjectsV2Command'))
    expect(withSdk).toEqual(['acquire-host.cjs'])
    const scripts = existsSync(join(window, 'assets')) ? readdirSync(join(window, 'assets')) : []
    for (const name of scripts.filter((one) => one.endsWith('.js')))
      expect(readFileSync(join(window, 'assets', name), 'utf8')).not.toContain('ListObjectsV2')
    // The process that acquires has no way into a case.
    expect(readFileSync(join(node, 'acquire-host.cjs'), 'utf8')).not.toContain('require("sqlite3")')
  })

  it('keeps SQLite out of the parse worker', () => {
    const worker = join(node, 'parse-worker.cjs')
    expect(existsSync(worker)).toBe(true)
    expect(readFileSync(worker, 'utf8')).not.toContain('require("sqlite3")')
  })
})

describe.skipIf(!existsSync(join(window, 'index.html')))('the page of the window', () => {
  const page = existsSync(join(window, 'index.html')) ? readFileSync(join(window, 'index.html'), 'utf8') : ''

  it('runs no script that stands in the page', () => {
    const scripts = [...page.matchAll(/<script\b([^>]*)>([^<]*)/g)]
    expect(scripts.length).toBeGreaterThan(0)
    for (const [, attributes, body] of scripts) {
      expect(attributes).toMatch(/\ssrc="\.\//)
      expect(body?.trim()).toBe('')
    }
    expect(page).not.toMatch(/\son[a-z]+=/i)
  })

  it('loads nothing from elsewhere', () => {
    const addresses = [...page.matchAll(/\s(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
    expect(addresses.filter((address) => /^([a-z]+:)?\/\//i.test(address))).toEqual([])
    const styles = readdirSync(join(window, 'assets')).filter((name) => name.endsWith('.css'))
    for (const name of styles)
      expect(readFileSync(join(window, 'assets', name), 'utf8')).not.toMatch(/url\(["']?(https?:|\/\/|data:)/)
  })
})
