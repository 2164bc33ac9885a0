export type TextLine =
  | { readonly kind: 'line'; readonly number: number; readonly text: string }
  /** Longer than the limit, or not UTF-8; its text is not kept. */
  | { readonly kind: 'unreadable'; readonly number: number; readonly why: string }

const NEWLINE = 10

/** The lines of a file that may be hostile: at most `limit` bytes of one are ever held. Numbers count from 1. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<TextLine> {
  let number = 1
  let held: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      length += end - from
      if (length <= limit) held.push(chunk.subarray(from, end))
      yield toLine(number++, held, length, limit)
      held = []
      length = 0
      from = end + 1
    }
    length += chunk.length - from
    if (length <= limit) held.push(chunk.slice(from))
    else held = []
  }
  if (length > 0) yield toLine(number, held, length, limit)
}

function toLine(number: number, held: readonly Uint8Array[], length: number, limit: number): TextLine {
  if (length > limit) return { kind: 'unreadable', number, why: `it has ${length} bytes; at most ${limit} are read` }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(held))
    return { kind: 'line', number, text: text.endsWith('\r') ? text.slice(0, -1) : text }
  } catch {
    return { kind: 'unreadable', number, why: 'it is not valid UTF-8' }
  }
}
