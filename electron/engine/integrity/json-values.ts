/**
 * The top-level JSON values of a text: one value, several written one after the other, or JSON lines. The text is walked
 * once; a piece that is not JSON is counted in `bad` and the rest is still read.
 *
 *     {"a":1}{"a":2}\n{"a":3}   ->   values [{a:1},{a:2},{a:3}], bad 0
 */
export function parseJsonValues(text: string): { values: unknown[]; bad: number } {
  const values: unknown[] = []
  const bad = visitJsonValues(text, (value) => values.push(value))
  return { values, bad }
}

/** As `parseJsonValues`, one value at a time, so that a long text is not held as values too. Gives how many pieces are not JSON. */
export function visitJsonValues(text: string, visit: (value: unknown) => void): number {
  const rest = text.slice(visitLines(text, visit))
  if (rest.trim() === '' && rest.length < text.length) return 0
  const whole = tryParse(rest)
  if (whole.ok) {
    visit(whole.value)
    return 0
  }
  let bad = 0
  for (const piece of topLevelPieces(rest)) {
    const parsed = tryParse(piece)
    if (parsed.ok) visit(parsed.value)
    else bad++
  }
  return bad
}

/**
 * Visits the lines that are each one object or array, up to the first other one, whose start it gives. Most captures are JSON lines,
 * and one for each digest adds up: this is many times as fast as looking at every character.
 */
function visitLines(text: string, visit: (value: unknown) => void): number {
  let start = 0
  while (start < text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end).trim()
    if (line !== '') {
      const parsed = line[0] === '{' || line[0] === '[' ? tryParse(line) : undefined
      if (!parsed?.ok) return start
      visit(parsed.value)
    }
    start = end + 1
  }
  return text.length
}

function tryParse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false }
  }
}

/** Splits at the brackets that close a top-level object or array; an unclosed rest is one more piece. */
function topLevelPieces(text: string): string[] {
  const pieces: string[] = []
  let start = -1
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (inString) {
      if (c === '\\') i++
      else if (c === '"') inString = false
    } else if (c === '{' || c === '[') {
      if (depth === 0 && start < 0) start = i
      depth++
    } else if (c === '}' || c === ']') {
      depth--
      if (depth <= 0) {
        pieces.push(text.slice(start < 0 ? i : start, i + 1))
        start = -1
        depth = 0
      }
    } else if (c === '"' && depth > 0) inString = true
    else if (depth === 0 && start < 0 && c !== undefined && !' \t\r\n,\ufeff'.includes(c)) start = i
  }
  if (start >= 0) pieces.push(text.slice(start))
  return pieces
}

/** The members of a JSON object, or `undefined` for anything else. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

/** A member by its name, or by the same name in other case; own members only. */
export function member(object: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const wanted = name.toLowerCase()
  const found = Object.keys(object).find((key) => key.length === name.length && key.toLowerCase() === wanted)
  return found === undefined ? undefined : object[found]
}

/** Like `member`, when it is a text. */
export function textMember(object: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = member(object, name)
  return typeof value === 'string' ? value : undefined
}

/** Decodes UTF-8 (or UTF-16 with a byte order mark, as PowerShell writes), without the mark; never throws. */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : undefined
  return new TextDecoder(utf16 ?? 'utf-8').decode(bytes)
}
