import { Untranslatable } from './untranslatable.ts'

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['d', '0-9'],
  ['w', '0-9A-Za-z_'],
  ['s', '\\t\\n\\f\\r '],
])
const refuse = (what: string): never => {
  throw new Untranslatable(
    `${what} in a regular expression means other things to other engines. Letters, digits, . * + ? | ( ) [ ] { } ^ $ \\d \\w \\s can be translated`,
  )
}

/**
 * A regular expression of ours (RE2, without regard to case) written so that RE2 in DuckDB and Joni in Trino find the same: only what all
 * of them read alike, letters in both cases instead of a flag (Joni folds `ß` to `ss`), `\A` and `\z` for `^` and `$`, `[^\n]` for `.`.
 *
 * @throws Untranslatable for everything else
 */
export function portableRegex(source: string): string {
  let out = ''
  let at = 0
  while (at < source.length) {
    const c = source[at]!
    if (c === '[') {
      const [text, end] = portableClass(source, at)
      out += text
      at = end
    } else if (c === '\\') {
      out += escaped(source[at + 1] ?? '', false)
      at += 2
    } else if (c === '{') {
      const count = /^\{\d+(?:,\d*)?\}/.exec(source.slice(at))?.[0] ?? refuse('A brace that is no count')
      out += count
      at += count.length
    } else if (c === '(' && source[at + 1] === '?') {
      if (source[at + 2] !== ':') refuse('(? for flags and names')
      out += '(?:'
      at += 3
    } else {
      out += plain(c)
      at++
    }
  }
  return out
}

function plain(c: string): string {
  if (c === '.') return '[^\\n]'
  if (c === '^') return '\\A'
  if (c === '$') return '\\z'
  if ('*+?|()'.includes(c)) return c
  if (c === ']' || c === '}') return `\\${c}`
  const both = bothCases(c)
  return both.length > 1 ? `[${both}]` : escapePlain(c)
}

function escaped(c: string, inClass: boolean): string {
  const meaning = MEANINGS.get(c)
  if (meaning !== undefined) return inClass ? meaning : `[${meaning}]`
  if (!/^[!-/:-@[-`{-~]$/.test(c)) refuse(c === '' ? 'A backslash at the end' : `\\${c}`)
  return `\\${c}`
}

/** A class from `[` on, and where it ends. */
function portableClass(source: string, start: number): [string, number] {
  let at = start + 1
  let out = '['
  if (source[at] === '^') {
    out += '^'
    at++
  }
  const first = at
  while (source[at] !== ']' || at === first) {
    const c = source[at]
    if (c === undefined || c === '[' || c === ']' || c === '&' || c === '~' || c === '^')
      refuse(`"${c ?? ''}" in a class`)
    if (c === '\\') {
      if (source[at + 2] === '-' && source[at + 3] !== ']') refuse('A range from an escape')
      out += escaped(source[at + 1] ?? '', true)
      at += 2
      continue
    }
    const to = source[at + 1] === '-' && source[at + 2] !== ']' ? source[at + 2] : undefined
    if (to === undefined) out += bothCases(c!).length > 1 ? bothCases(c!) : escapePlain(c!)
    else out += range(c!, to)
    at += to === undefined ? 1 : 3
  }
  return [`${out}]`, at + 1]
}

/** A range of letters of one case, or of digits, in both cases. */
function range(from: string, to: string): string {
  const text = from + to
  if (/^[0-9]{2}$/.test(text)) return `${from}-${to}`
  if (!/^(?:[a-z]{2}|[A-Z]{2})$/.test(text)) return refuse(`The range ${from}-${to}`)
  const [lower, upper] = [text.toLowerCase(), text.toUpperCase()]
  const holds = (letter: string): boolean => lower[0]! <= letter && letter <= lower[1]!
  const others = `${holds('k') ? '\u212a' : ''}${holds('s') ? '\u017f' : ''}`
  return `${lower[0]!}-${lower[1]!}${upper[0]!}-${upper[1]!}${others}`
}

/** A letter with its other case. RE2 takes the Kelvin sign for a k and the long s for an s (Unicode simple case folding). */
function bothCases(c: string): string {
  if (!/^[a-z]$/i.test(c)) return c
  const other = c.toLowerCase() === 'k' ? '\u212a' : c.toLowerCase() === 's' ? '\u017f' : ''
  return c.toLowerCase() + c.toUpperCase() + other
}

function escapePlain(c: string): string {
  if (!/^[ -~]$/.test(c)) return refuse('A letter outside ASCII or a control character')
  return /^[A-Za-z0-9 _]$/.test(c) ? c : `\\${c}`
}
