import { RE2JS } from 're2js'

const MAX_LENGTH = 1000
/**
 * Time is text length times program size, so the size is bounded too: at 5,000 a megabyte takes some tenths of a second, where a
 * program of 60,000 instructions (900 characters can make one) took 40 s.
 */
const MAX_PROGRAM = 5000

export type CompiledRegex =
  | { readonly ok: true; readonly test: (text: string) => boolean }
  | { readonly ok: false; readonly reason: string; readonly start: number; readonly end: number }

/** Constructs that no linear-time engine can offer, named for the reader. */
const unsupported: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-ahead and look-behind are not supported, because they cannot be matched in linear time'],
  [/\\[1-9]/, 'back-references are not supported, because they cannot be matched in linear time'],
]

/**
 * Compiles a regular expression in RE2 syntax, matched anywhere in a text without regard to case (`(?-i)` turns that
 * off). Matching takes time linear in the text, whatever the expression (H-17). `start` and `end` of a failure are
 * offsets in `source`.
 */
export function compileRegex(source: string): CompiledRegex {
  const whole = { start: 0, end: source.length }
  if (source === '') return { ok: false, reason: 'it is empty', ...whole }
  if (source.length > MAX_LENGTH) return { ok: false, reason: `it is longer than ${MAX_LENGTH} characters`, ...whole }
  try {
    const regex = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE)
    if (regex.programSize() > MAX_PROGRAM)
      return { ok: false, reason: 'its repetitions multiply to too large a program', ...whole }
    return { ok: true, test: (text) => regex.test(text) }
  } catch (error) {
    // Any trouble inside the library with a text that a stranger wrote is a fault of that text.
    return { ok: false, ...explain(source, error instanceof Error ? error.message : String(error)) }
  }
}

/** `error parsing regexp: missing closing ]: `[a`` -> the reason, and where `[a` stands in the source. */
function explain(source: string, message: string): { reason: string; start: number; end: number } {
  for (const [construct, reason] of unsupported) {
    const found = construct.exec(source)
    if (found !== null) return { reason, start: found.index, end: found.index + found[0].length }
  }
  const plain = message.replace('error parsing regexp: ', '')
  const tick = plain.indexOf(': `')
  const reason = tick < 0 ? plain : plain.slice(0, tick)
  // The library puts the flag that we pass in front of what it quotes.
  const fragment = tick < 0 ? '' : plain.slice(tick + 3, -1).replace(/^\(\?i\)/, '')
  const start = fragment === '' ? -1 : source.indexOf(fragment)
  return start < 0 ? { reason, start: 0, end: source.length } : { reason, start, end: start + fragment.length }
}
