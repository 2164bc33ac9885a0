import { Refusal } from '../refusal.ts'

const OPENERS: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' }
const WORD = /[\p{L}\p{N}_$]/u

/**
 * The one statement that a text holds, without the semicolon and the comments behind it. It is going to stand in parentheses:
 * nothing in it may close them, and there is no second statement. Texts, quoted names and comments are passed over as SQLite's
 * own tokenizer does (tokenize.c); parameters are refused, because `$a(…)` hides a parenthesis in a name.
 * @throws Refusal `bad-input`
 */
export function oneStatement(sql: string): string {
  if (sql.includes('\u0000')) throw bad('The statement holds a NUL character. Take it out.')
  let depth = 0
  let end = 0
  let ended = false
  let at = 0
  while (at < sql.length) {
    const next = passed(sql, at)
    if (next.kind === 'space') {
      at = next.end
      continue
    }
    if (ended && sql[at] !== ';') throw bad('One statement at a time: there is text behind the semicolon.')
    const c = sql[at]!
    if (c === ';') {
      if (depth > 0) throw bad('A parenthesis is open at the semicolon.')
      ended = true
    } else {
      if (c === '(') depth++
      if (c === ')' && --depth < 0) throw bad('A parenthesis is closed that was never opened.')
      if ('?@:$#'.includes(c) && !WORD.test(sql[at - 1] ?? ' '))
        throw bad(`Parameters such as ${c}name have no value here. Write the value itself.`)
      end = next.end
    }
    at = next.end
  }
  if (depth > 0) throw bad('A parenthesis is opened and never closed.')
  const statement = sql.slice(0, end).trim()
  if (statement === '') throw bad('There is no statement to run. Write a SELECT over the views events or files.')
  return statement
}

const bad = (message: string): Refusal => new Refusal('bad-input', message)

/** What begins at `at`: blanks or a comment, or a token (whole only where it is quoted; else one character). */
function passed(sql: string, at: number): { readonly kind: 'space' | 'token'; readonly end: number } {
  const c = sql[at]!
  if (/\s/.test(c)) return { kind: 'space', end: at + 1 }
  if (sql.startsWith('--', at)) {
    const line = sql.indexOf('\n', at)
    return { kind: 'space', end: line < 0 ? sql.length : line + 1 }
  }
  if (sql.startsWith('/*', at)) {
    const close = sql.indexOf('*/', at + 2)
    if (close < 0) throw bad('A comment is opened with /* and never closed.')
    return { kind: 'space', end: close + 2 }
  }
  const closer = OPENERS[c]
  if (closer === undefined) return { kind: 'token', end: at + 1 }
  for (let i = at + 1; i < sql.length; i++) {
    if (sql[i] !== closer) continue
    // A doubled quote stands for itself; a bracket cannot be doubled.
    if (closer !== ']' && sql[i + 1] === closer) i++
    else return { kind: 'token', end: i + 1 }
  }
  throw bad(`A quote is opened with ${c} and never closed.`)
}
