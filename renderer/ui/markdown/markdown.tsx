import { Fragment, type ReactNode } from 'react'
import { assertNever } from '#shared/base/assert.ts'
import type { DocumentBlock, DocumentSpan } from './parse-markdown.ts'
import css from './markdown.module.css'

export type MarkdownProps = {
  readonly blocks: readonly DocumentBlock[]
  /** The level of the headings that become the heading of the page. */
  readonly topLevel: number
  /** Called for a link to a section (`#…`). Links to anything else are shown as names: nothing opens a web page. */
  readonly onSection: (id: string) => void
  /** Drawn at the end of a block of code: a button to copy it. */
  readonly codeTool?: (code: string) => ReactNode
}

/** A document of our own, block by block as elements of the page. */
export function Markdown({ blocks, topLevel, onSection, codeTool }: MarkdownProps) {
  return (
    <div className={css['document']}>
      {blocks.map((block, n) => (
        <Block key={n} block={block} topLevel={topLevel} onSection={onSection} codeTool={codeTool} />
      ))}
    </div>
  )
}

type BlockProps = {
  readonly block: DocumentBlock
  readonly topLevel: number
  readonly onSection: (id: string) => void
  readonly codeTool: ((code: string) => ReactNode) | undefined
}

function Block({ block, topLevel, onSection, codeTool }: BlockProps) {
  const inline = (spans: readonly DocumentSpan[]): ReactNode => <Spans spans={spans} onSection={onSection} />
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(6, Math.max(1, block.level - topLevel + 1))}` as
        'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6'
      return <Heading id={block.id}>{block.text}</Heading>
    }
    case 'paragraph':
      return <p>{inline(block.spans)}</p>
    case 'list': {
      const items = block.items.map((spans, n) => <li key={n}>{inline(spans)}</li>)
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return <Table block={block} inline={inline} />
    case 'code':
      return (
        <div className={css['code']}>
          <pre tabIndex={0} aria-label={block.language === 'sh' ? 'Commands' : 'Example'}>
            {block.lines.join('\n')}
          </pre>
          {codeTool?.(block.lines.join('\n'))}
        </div>
      )
    default:
      return assertNever(block)
  }
}

type TableProps = {
  readonly block: Extract<DocumentBlock, { kind: 'table' }>
  readonly inline: (spans: readonly DocumentSpan[]) => ReactNode
}

function Table({ block, inline }: TableProps) {
  return (
    <table>
      <thead>
        <tr>
          {block.head.map((cell, n) => (
            <th key={n} scope="col">
              {inline(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {block.rows.map((row, n) => (
          <tr key={n}>
            {row.map((cell, m) => (
              <td key={m}>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Spans({
  spans,
  onSection,
}: {
  readonly spans: readonly DocumentSpan[]
  readonly onSection: (id: string) => void
}) {
  return spans.map((span, n) => (
    <Fragment key={n}>
      {span.to?.startsWith('#') ? (
        <button type="button" className={css['link']} onClick={() => onSection(span.to!.slice(1))}>
          {styled(span)}
        </button>
      ) : span.to === undefined ? (
        styled(span)
      ) : (
        <code>{span.to}</code>
      )}
    </Fragment>
  ))
}

function styled({ style, text }: DocumentSpan): ReactNode {
  switch (style) {
    case 'plain':
      return text
    case 'strong':
      return <strong>{text}</strong>
    case 'emphasis':
      return <em>{text}</em>
    case 'mono':
      return <code>{text}</code>
    default:
      return assertNever(style)
  }
}
