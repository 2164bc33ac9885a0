import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMarkdown, sectionId, type DocumentBlock } from '#renderer/ui/markdown/parse-markdown.ts'

const said = (block: DocumentBlock): string => {
  const line = (spans: readonly { readonly text: string }[]): string => spans.map(({ text }) => text).join('')
  switch (block.kind) {
    case 'heading':
      return block.text
    case 'paragraph':
      return line(block.spans)
    case 'list':
      return block.items.map(line).join(' ')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(line).join(' ')).join(' ')
    case 'code':
      return block.lines.join(' ')
  }
}

describe('the markdown of our own documents', () => {
  it('is headings, paragraphs, lists, tables and code', () => {
    const blocks = parseMarkdown(
      '## A *title*\nOne\ntwo.\n\n- a\n  goes on\n- b\n\n1. c\n\n| x | y |\n| - | - |\n| 1 | a \\| b |\n\n```sh\n# no heading\n```\nthree',
    )
    expect(blocks.map(({ kind }) => kind)).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'table',
      'code',
      'paragraph',
    ])
    expect(blocks.map(said)).toEqual([
      'A *title*',
      'One two.',
      'a goes on b',
      'c',
      'x y 1 a | b',
      '# no heading',
      'three',
    ])
  })

  it('knows strong, emphasis, code and links, and leaves underscores in names alone', () => {
    const [block] = parseMarkdown('**a** _b c_ `[d](e)` [f](#g) snake_case_name [not a link]')
    expect(block).toEqual({
      kind: 'paragraph',
      spans: [
        { text: 'a', style: 'strong' },
        { text: ' ', style: 'plain' },
        { text: 'b c', style: 'emphasis' },
        { text: ' ', style: 'plain' },
        { text: '[d](e)', style: 'mono' },
        { text: ' ', style: 'plain' },
        { text: 'f', style: 'plain', to: '#g' },
        { text: ' snake_case_name [not a link]', style: 'plain' },
      ],
    })
  })

  it('takes markup of any other kind for text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>').map(said)).toEqual(['<img src=x onerror=alert(1)>'])
  })

  it('names headings as GitHub does', () => {
    expect(sectionId('Integrity, in plain words: how?')).toBe('integrity-in-plain-words-how')
  })

  it('keeps every letter and digit of any text', () => {
    const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
    const signs = fc.constantFrom('a', 'b', ' ', '*', '`', '_', '-', '\n', 'ä', '|', '#', '[', ']')
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 60 }), (text) => {
        const rows = text.split('\n').some((line) => line.startsWith('|') || line.startsWith('```'))
        // A table's second line and the language of a block of code are not drawn.
        fc.pre(!rows)
        expect(letters(parseMarkdown(text).map(said).join(''))).toBe(letters(text))
      }),
      { numRuns: 300 },
    )
  })
})
