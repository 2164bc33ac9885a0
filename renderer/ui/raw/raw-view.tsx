import { memo, useEffect, useMemo, useRef, useState, type ClipboardEvent, type ReactNode } from 'react'
import { ChevronDown, ChevronUp, Copy } from 'lucide-react'
import { bytes as sizeText, counted, grouped } from '#shared/base/count.ts'
import { IconButton } from '../button.tsx'
import { cx } from '../cx.ts'
import { SearchField } from '../text-field.tsx'
import { useSize } from '../use-size.ts'
import { findInRaw, hitStretches, lineText, rawLines, type RawLine } from './raw-lines.ts'
import css from './raw-view.module.css'

export type RawViewProps = {
  readonly label: string
  readonly bytes: Uint8Array
  /** Where the first byte stands in its source; shown in the gutter. */
  readonly baseOffset?: number
  readonly tools?: ReactNode
}

const CHUNK = 40
const CHAR = 7.225
const GUTTER = 72

/**
 * Exact bytes as text: each line with the offset of its first byte, invalid UTF-8 as `\xNN`, hidden characters as marks. Lines break at the
 * width of the view; copying leaves those breaks out. "Copy" takes the text, or the bytes as hex where they are no UTF-8.
 */
export function RawView({ label, bytes, baseOffset = 0, tools }: RawViewProps) {
  const body = useRef<HTMLDivElement>(null)
  const { width } = useSize(body)
  const columns = Math.max(24, Math.floor((width - GUTTER - 20) / CHAR))
  const lines = useMemo(() => rawLines(bytes, columns), [bytes, columns])
  const [wanted, setWanted] = useState('')
  const [current, setCurrent] = useState(0)
  const hits = useMemo(() => findInRaw(lines, wanted), [lines, wanted])
  const stretches = useMemo(() => hitStretches(lines, hits), [lines, hits])
  const at = hits.length === 0 ? -1 : ((current % hits.length) + hits.length) % hits.length

  useEffect(() => {
    const hit = hits[at]
    if (hit) body.current?.querySelector(`[data-line="${hit.line}"]`)?.scrollIntoView({ block: 'center' })
  }, [hits, at])

  const chunks = useMemo(
    () => Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, i) => lines.slice(i * CHUNK, (i + 1) * CHUNK)),
    [lines],
  )
  return (
    <div className={css['raw']}>
      <div className={css['bar']}>
        <SearchField
          label="Find in these bytes"
          value={wanted}
          onChange={(text) => {
            setWanted(text)
            setCurrent(0)
          }}
        />
        {wanted !== '' && (
          <>
            <span className={css['hits']} role="status">
              {hits.length === 0 ? 'not found' : `${grouped(at + 1)} of ${grouped(hits.length)}`}
            </span>
            <IconButton
              label="Hit before"
              icon={ChevronUp}
              onPress={() => setCurrent(at - 1)}
              isDisabled={hits.length === 0}
            />
            <IconButton
              label="Next hit"
              icon={ChevronDown}
              onPress={() => setCurrent(at + 1)}
              isDisabled={hits.length === 0}
            />
          </>
        )}
        <span className={css['size']} title={counted(bytes.length, 'byte')}>
          {sizeText(bytes.length)}
        </span>
        {tools}
        <IconButton label="Copy all" icon={Copy} onPress={() => void navigator.clipboard.writeText(exactText(bytes))} />
      </div>
      <div
        ref={body}
        className={css['body']}
        role="document"
        aria-label={label}
        tabIndex={0}
        onCopy={(event) => copySelection(event, lines)}
      >
        {chunks.map((chunk, i) => (
          <div key={i} className={css['chunk']} style={{ containIntrinsicSize: `auto ${chunk.length * 18}px` }}>
            {chunk.map((line, j) => {
              const n = i * CHUNK + j
              return <Line key={n} n={n} line={line} base={baseOffset} stretches={stretches.get(n)} current={at} />
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

type Stretch = { readonly from: number; readonly to: number; readonly hit: number }
type LineProps = {
  readonly n: number
  readonly line: RawLine
  readonly base: number
  readonly stretches: readonly Stretch[] | undefined
  readonly current: number
}

const Line = memo(function Line({ n, line, base, stretches, current }: LineProps) {
  let column = 0
  const parts: ReactNode[] = []
  for (const piece of line.pieces) {
    for (const part of cutAt(piece.text, column, stretches)) {
      const className = cx(
        piece.kind !== 'text' && css[piece.kind],
        part.hit !== undefined && css['hit'],
        part.hit === current && css['hitNow'],
      )
      parts.push(
        className === '' ? (
          part.text
        ) : (
          <span key={parts.length} className={className}>
            {part.text}
          </span>
        ),
      )
    }
    column += piece.text.length
  }
  return (
    <div className={css['line']}>
      <span className={css['offset']} aria-hidden data-offset={grouped(base + line.offset)} />
      <span data-line={n} className={css['text']}>
        {parts}
      </span>
    </div>
  )
})

function cutAt(
  text: string,
  column: number,
  stretches: readonly Stretch[] | undefined,
): readonly { readonly text: string; readonly hit?: number }[] {
  const parts: { text: string; hit?: number }[] = []
  let at = 0
  for (const stretch of stretches ?? []) {
    const from = Math.max(at, stretch.from - column)
    const to = Math.min(text.length, stretch.to - column)
    if (to <= from) continue
    if (from > at) parts.push({ text: text.slice(at, from) })
    parts.push({ text: text.slice(from, to), hit: stretch.hit })
    at = to
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

/** UTF-8 text as it is, else the bytes in hex: the clipboard has no bytes. */
function exactText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}

/** Puts the selected text into the clipboard without the line breaks that only the view made. */
function copySelection(event: ClipboardEvent, lines: readonly RawLine[]): void {
  const selection = window.getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return
  const range = selection.getRangeAt(0)
  const touched = [...event.currentTarget.querySelectorAll('[data-line]')].filter((element) =>
    range.intersectsNode(element),
  )
  const text = touched.map((element, i) => {
    const line = lines[Number(element.getAttribute('data-line'))]!
    const from = element.contains(range.startContainer) ? columnOf(element, range.startContainer, range.startOffset) : 0
    const to = element.contains(range.endContainer) ? columnOf(element, range.endContainer, range.endOffset) : undefined
    return lineText(line).slice(from, to) + (line.ends === 'feed' && i < touched.length - 1 ? '\n' : '')
  })
  event.clipboardData.setData('text/plain', text.join(''))
  event.preventDefault()
}

function columnOf(line: Element, node: Node, offset: number): number {
  const range = document.createRange()
  range.setStart(line, 0)
  range.setEnd(node, offset)
  return range.toString().length
}
