import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parsePage, styleOf, type PageNode } from '#renderer/features/story/page-nodes.ts'

const page = (body: string): readonly PageNode[] => parsePage(`<html><style>p{}</style><body>${body}</body></html>`)
const textOf = (nodes: readonly PageNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : textOf(node.children))).join('')
const tagsOf = (nodes: readonly PageNode[]): string[] =>
  nodes.flatMap((node) => (typeof node === 'string' ? [] : [node.tag, ...tagsOf(node.children)]))

describe('parsePage', () => {
  it('gives the tree that was written, with texts and attributes decoded', () => {
    expect(page('<p class="body"><span>a &#38; b</span><br>c</p><a href="#s1">x</a>')).toEqual([
      {
        tag: 'p',
        attributes: [['class', 'body']],
        children: [
          { tag: 'span', attributes: [], children: ['a & b'] },
          { tag: 'br', attributes: [], children: [] },
          'c',
        ],
      },
      { tag: 'a', attributes: [['href', '#s1']], children: ['x'] },
    ])
  })

  it('leaves out elements, handlers and addresses that a page must not have, and keeps their text', () => {
    const nodes = page(
      '<script>1</script><p onclick="x()" style="y">t</p><a href="https://a.example">u</a><iframe src="z"></iframe>',
    )
    expect(tagsOf(nodes)).toEqual(['p', 'a'])
    expect(textOf(nodes)).toBe('1tu')
    expect(JSON.stringify(nodes)).not.toMatch(/onclick|style|https/)
  })

  it('gives escaped hostile text back as text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (raw) => {
        const escaped = raw.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
        const nodes = page(`<p title="x" class="${escaped}">${escaped}</p>`)
        expect(tagsOf(nodes)).toEqual(['p'])
        expect(textOf(nodes)).toBe(raw)
      }),
      { numRuns: 100 },
    )
  })

  it('never gives a tag outside the list, and comes to an end, for any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<', '>', '/', '"', '=', 'p', 'script', ' ', 'svg', '&#60;'), { maxLength: 60 }),
        (parts) => {
          for (const tag of tagsOf(page(parts.join('')))) expect(['p', 'svg']).toContain(tag)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('styleOf', () => {
  it('takes the style sheet of the page, or nothing', () => {
    expect(styleOf('<style>a{}</style>')).toBe('a{}')
    expect(styleOf('<p>')).toBe('')
  })
})
