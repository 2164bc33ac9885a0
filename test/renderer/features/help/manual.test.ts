import { describe, expect, it } from 'vitest'
import { placeHelp } from '#renderer/app/place-help.ts'
import { chapterWith, readManual } from '#renderer/features/help/manual.ts'
import { searchManual, sectionsOf } from '#renderer/features/help/search-manual.ts'
import type { DocumentBlock } from '#renderer/ui/markdown/parse-markdown.ts'

const chapters = readManual()
const ids = sectionsOf(chapters).map(({ section }) => section.id)

/** Where the links of a document lead. */
const linksOf = (block: DocumentBlock): string[] => {
  const lines =
    block.kind === 'paragraph'
      ? [block.spans]
      : block.kind === 'list'
        ? block.items
        : block.kind === 'table'
          ? [...block.head, ...block.rows.flat()]
          : []
  return lines.flat().flatMap(({ to }) => (to === undefined ? [] : [to]))
}

describe('the manual of the window', () => {
  it('has a chapter for each thing a responder does, and the references behind them', () => {
    expect(chapters.map(({ title }) => title)).toEqual([
      'First steps',
      'Acquiring',
      'Importing',
      'Integrity in plain words',
      'Searching',
      'Annotating',
      'Printing',
      'Handing over',
      'Command line',
      'Keyboard',
      'What Trailcase does not prove',
      'Installing',
      'Reference: query language',
      'Reference: commands',
      'Reference: operations',
    ])
    for (const { section } of sectionsOf(chapters)) expect(section.blocks.length, section.title).toBeGreaterThan(0)
  })

  it('names every section once, so that an address leads to one place', () => {
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has the section that F1 opens in each place, and those its own links lead to', () => {
    const links = sectionsOf(chapters)
      .flatMap(({ section }) => section.blocks.flatMap(linksOf))
      .filter((to) => to.startsWith('#'))
    expect(links.length).toBeGreaterThan(0)
    for (const id of [...Object.values(placeHelp), ...links.map((to) => to.slice(1))]) expect(ids).toContain(id)
  })

  it('opens the chapter of a section, and the first one for an address that leads nowhere', () => {
    expect(chapterWith(chapters, 'check-a-proof-yourself').title).toBe('Integrity in plain words')
    expect(chapterWith(chapters, 'no-such-section').title).toBe('First steps')
    expect(chapterWith(chapters, null).title).toBe('First steps')
  })
})

describe('searching the manual', () => {
  const titles = (asked: string): string[] => searchManual(chapters, asked).map(({ section }) => section.title)

  it('finds sections that hold every word, titles first, in examples and tables too', () => {
    expect(titles('HANDING over')[0]).toBe('Handing over')
    expect(titles('packages.inspect')).toEqual(['Reference: operations'])
    expect(titles('keygen passphrase')).toEqual(expect.arrayContaining(['Handing over', 'Reference: commands']))
    expect(searchManual(chapters, 'canary-free')).toEqual([])
    expect(searchManual(chapters, '  ')).toEqual([])
  })

  it('shows what stands around the word', () => {
    expect(searchManual(chapters, 'quarantined')[0]?.around.toLowerCase()).toContain('quarantined')
  })
})
