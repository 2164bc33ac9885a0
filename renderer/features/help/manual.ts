import operations from '#electron/cli/OPERATIONS.md?raw'
import commands from '#electron/cli/README.md?raw'
import readme from '../../../README.md?raw'
import queryLanguage from '#shared/domain/query/README.md?raw'
import { parseMarkdown, sectionId, type DocumentBlock } from '#renderer/ui/markdown/parse-markdown.ts'

/** A heading of the manual with what stands below it, up to the next heading. */
export type Section = {
  readonly id: string
  readonly title: string
  readonly blocks: readonly DocumentBlock[]
}

export type Chapter = Section & {
  /** Below its own text, in order. */
  readonly sections: readonly Section[]
}

type Heading = Extract<DocumentBlock, { kind: 'heading' }>
const isHeading = (block: DocumentBlock): block is Heading => block.kind === 'heading'

/**
 * The manual as it stands in `README.md`, and behind it what is kept beside the code: the query language, the commands, the operations. So no text
 * stands twice.
 */
export function readManual(): readonly Chapter[] {
  const chapters = chaptersOf(partOf(readme, 'Manual'), 3)
  return [
    ...chapters,
    chapterOf('Reference: query language', partOf(queryLanguage, 'The rules')),
    chapterOf('Reference: commands', partOf(commands, 'Commands')),
    chapterOf('Reference: operations', parseMarkdown(operations).slice(1)),
  ]
}

/** What stands below a heading of the second level, up to the next one. */
function partOf(text: string, title: string): readonly DocumentBlock[] {
  const blocks = parseMarkdown(text)
  const from = blocks.findIndex((block) => isHeading(block) && block.level === 2 && block.text === title)
  const end = blocks.findIndex((block, n) => n > from && isHeading(block) && block.level <= 2)
  return from < 0 ? [] : blocks.slice(from + 1, end < 0 ? undefined : end)
}

/** Cut at the headings of one level. What stands before the first of them belongs to it. */
function chaptersOf(blocks: readonly DocumentBlock[], level: number): readonly Chapter[] {
  const starts = blocks.flatMap((block, n) => (isHeading(block) && block.level === level ? [n] : []))
  return starts.map((start, n) => {
    const own = blocks.slice(start + 1, starts[n + 1])
    const before = n === 0 ? blocks.slice(0, start) : []
    return chapterOf((blocks[start] as Heading).text, [...before, ...own])
  })
}

function chapterOf(title: string, blocks: readonly DocumentBlock[]): Chapter {
  const heads = blocks.flatMap((block, n) => (isHeading(block) ? [n] : []))
  return {
    id: sectionId(title),
    title,
    blocks: blocks.slice(0, heads[0] ?? blocks.length),
    sections: heads.map((head, n) => {
      const { text, id } = blocks[head] as Heading
      return { id, title: text, blocks: blocks.slice(head + 1, heads[n + 1]) }
    }),
  }
}

/** The chapter that holds a section, by the section's id or its own; the first one for an id that is not there. */
export const chapterWith = (chapters: readonly Chapter[], id: string | null): Chapter =>
  chapters.find((one) => one.id === id || one.sections.some((section) => section.id === id)) ?? chapters[0]!
