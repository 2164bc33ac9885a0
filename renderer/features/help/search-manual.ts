import type { DocumentBlock } from '#renderer/ui/markdown/parse-markdown.ts'
import type { Chapter, Section } from './manual.ts'

export type Found = {
  readonly chapter: string
  readonly section: Section
  /** A piece of its text around the first word that was found, cut at both ends. */
  readonly around: string
}

const AROUND = 60

/**
 * The sections in which every word stands, somewhere in the title or the text, without regard to case. Those with a word in the title come first. Rows
 * of tables and lines of examples count as text.
 */
export function searchManual(chapters: readonly Chapter[], asked: string): readonly Found[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const found = sectionsOf(chapters).flatMap(({ chapter, section }) => {
    const text = section.blocks.map(textOf).join(' ')
    const all = `${section.title} ${text}`.toLowerCase()
    if (!words.every((word) => all.includes(word))) return []
    return [
      {
        chapter,
        section,
        around: around(text, words),
        inTitle: words.some((w) => section.title.toLowerCase().includes(w)),
      },
    ]
  })
  return found.sort((a, b) => Number(b.inTitle) - Number(a.inTitle))
}

/** Everything that can be found: chapters with their own text, and the sections in them. */
export const sectionsOf = (chapters: readonly Chapter[]): readonly { chapter: string; section: Section }[] =>
  chapters.flatMap((chapter) => [chapter, ...chapter.sections].map((section) => ({ chapter: chapter.title, section })))

function textOf(block: DocumentBlock): string {
  const said = (spans: readonly { readonly text: string }[]): string => spans.map(({ text }) => text).join('')
  switch (block.kind) {
    case 'heading':
      return block.text
    case 'paragraph':
      return said(block.spans)
    case 'list':
      return block.items.map(said).join(' ')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(said).join(' ')).join(' ')
    case 'code':
      return block.lines.join(' ')
  }
}

function around(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase()
  const first = Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0), text.length)
  const at = first === text.length ? 0 : first
  const from = Math.max(0, at - AROUND)
  const piece = text.slice(from, at + AROUND * 2).trim()
  return `${from > 0 ? '… ' : ''}${piece}${at + AROUND * 2 < text.length ? ' …' : ''}`
}
