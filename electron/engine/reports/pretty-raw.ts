/**
 * Lays out the text of a JSON record over lines without touching a token: numbers keep every digit, duplicate keys and
 * escapes stay as they are. Only blanks between tokens change. A record that is no JSON object or list, such as a line of CSV,
 * has no blanks that mean nothing: it is parted at its own line ends only.
 * Depth is indented up to 40 levels, so that a hostile nesting cannot fill the page with blanks.
 */
export function prettyRaw(text: string): string[] {
  if (!'{['.includes(text.trimStart().charAt(0) || ' ')) return text.split(/\r?\n/)
  const lines: string[] = []
  let line = ''
  let depth = 0
  const newLine = (): void => {
    lines.push(line)
    line = '  '.repeat(Math.min(depth, 40))
  }
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at)
    if (c === '"') {
      const end = endOfString(text, at)
      line += text.slice(at, end)
      at = end - 1
    } else if (c === '{' || c === '[') {
      const close = nextToken(text, at + 1)
      if (text.charAt(close) === (c === '{' ? '}' : ']')) {
        line += c + text.charAt(close)
        at = close
      } else {
        line += c
        depth++
        newLine()
      }
    } else if (c === '}' || c === ']') {
      depth = Math.max(0, depth - 1)
      newLine()
      line += c
    } else if (c === ',') {
      line += c
      newLine()
    } else if (c === ':') {
      line += ': '
    } else if (!isBlank(c)) {
      line += c
    }
  }
  lines.push(line)
  return lines
}

const isBlank = (c: string): boolean => c === ' ' || c === '\n' || c === '\r' || c === '\t'

function nextToken(text: string, from: number): number {
  let at = from
  while (at < text.length && isBlank(text.charAt(at))) at++
  return at
}

/** The index after the closing quote, or the end of the text when there is none. */
export function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const c = text.charAt(at)
    if (c === '\\') at++
    else if (c === '"') return at + 1
  }
  return text.length
}
