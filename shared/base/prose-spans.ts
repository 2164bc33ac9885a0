export type ProseStyle = 'plain' | 'strong' | 'emphasis' | 'mono'
/** A run of text in one style. */
export type ProseSpan = { readonly text: string; readonly style: ProseStyle }

const marks: readonly (readonly [mark: string, style: ProseStyle])[] = [
  ['**', 'strong'],
  ['`', 'mono'],
  ['*', 'emphasis'],
]
/** In texts of our own, as the formatter of this repository writes emphasis. In an examiner's text `_` is part of names. */
const marksOfDocuments: typeof marks = [...marks, ['_', 'emphasis']]

/**
 * The styles inside one paragraph of small markdown: `**strong**`, `` `code` ``, `*emphasis*`, in documents `_emphasis_` too. A mark without its partner is
 * text. Time grows with the length of the text only.
 */
export function proseSpans(text: string, of: 'note' | 'document' = 'note'): ProseSpan[] {
  const known = of === 'document' ? marksOfDocuments : marks
  const spans: ProseSpan[] = []
  let rest = ''
  let at = 0
  const without = new Set<string>()
  while (at < text.length) {
    const found = known.find(([mark]) => text.startsWith(mark, at) && (mark !== '_' || !isWord(text[at - 1])))
    const mark = found?.[0] ?? ''
    const close = found && !without.has(mark) ? closing(text, mark, at + mark.length) : -1
    if (found && close > at + mark.length) {
      if (rest !== '') spans.push({ text: rest, style: 'plain' })
      rest = ''
      spans.push({ text: text.slice(at + mark.length, close), style: found[1] })
      at = close + mark.length
    } else {
      if (found && close === -1) without.add(mark)
      const step = found ? mark.length : 1
      rest += text.slice(at, at + step)
      at += step
    }
  }
  if (rest !== '') spans.push({ text: rest, style: 'plain' })
  return spans
}

/** Where the mark ends again, or -1. An underscore inside a word ends nothing: `_the_id_`. */
function closing(text: string, mark: string, from: number): number {
  let at = text.indexOf(mark, from)
  while (mark === '_' && at >= 0 && isWord(text[at + 1])) at = text.indexOf(mark, at + 1)
  return at
}

const isWord = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign)
