import type { Span } from './ast.ts'
import { isAddressOrNetwork } from './network.ts'
import { toPattern } from './pattern.ts'
import type { Pattern, Piece } from './pattern.ts'

/** Why a query text is not a query: what is wrong, where, and what to do. */
export type QueryFault = Span & { readonly message: string; readonly hint: string }

/**
 * How the descent leaves from any depth. Thrown and caught inside this folder only (`parseQuery` and `completionAt`); callers get a value.
 */
export class QueryError extends Error {
  readonly fault: QueryFault
  constructor(fault: QueryFault) {
    super(fault.message)
    this.fault = fault
  }
}

export function fail(message: string, start: number, end: number, hint: string): never {
  throw new QueryError({ message, start, end, hint })
}

/** A place in a text; the readers below move it. */
export type Cursor = { readonly text: string; at: number }

const BLANK = /\s/
export const isBlank = (character: string): boolean => BLANK.test(character)

export const peek = (cursor: Cursor): string => cursor.text.charAt(cursor.at)
export const atEnd = (cursor: Cursor): boolean => cursor.at >= cursor.text.length

export function skipBlanks(cursor: Cursor): void {
  while (!atEnd(cursor) && isBlank(peek(cursor))) cursor.at++
}

/** Whether a word ends before this place: blank, parenthesis or the end. */
export const isEdge = (text: string, at: number): boolean =>
  at >= text.length || isBlank(text.charAt(at)) || text.charAt(at) === ')' || text.charAt(at) === '('

const ESCAPED_CODE = /\\u\{([0-9a-f]{1,6})\}/iy
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/** `\"` is `"`, `\*` is `*`, `\u{202e}` is that character; a backslash before a letter is refused, for it may be meant as itself. */
function readEscape(cursor: Cursor): string {
  ESCAPED_CODE.lastIndex = cursor.at
  const code = ESCAPED_CODE.exec(cursor.text)
  if (code !== null) {
    const value = parseInt(code[1]!, 16)
    if (value > 0x10ffff)
      fail('There is no such character', cursor.at, cursor.at + code[0].length, 'The highest is \\u{10ffff}.')
    cursor.at += code[0].length
    return String.fromCodePoint(value)
  }
  const next = cursor.text.codePointAt(cursor.at + 1)
  const character = next === undefined ? '' : String.fromCodePoint(next)
  if (character === '' || LETTER_OR_DIGIT.test(character)) {
    fail(
      'A backslash must stand before the sign that it protects',
      cursor.at,
      cursor.at + 1 + character.length,
      'For the backslash itself write \\\\.',
    )
  }
  cursor.at += 1 + character.length
  return character
}

/** Reads `"…"`; the cursor stands on the first quote. Wildcards mean nothing inside. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.at
  const parts: string[] = []
  cursor.at++
  while (!atEnd(cursor)) {
    const character = peek(cursor)
    if (character === '"') {
      cursor.at++
      return parts.join('')
    }
    if (character === '\\') parts.push(readEscape(cursor))
    else {
      parts.push(character)
      cursor.at++
    }
  }
  return fail(
    'The closing quote is missing',
    start,
    cursor.text.length,
    'Add " at the end of the text; a quote inside it is written \\".',
  )
}

/** Reads a word with wildcards up to a blank, a parenthesis or the end. */
export function readBare(cursor: Cursor): Pattern {
  const pieces: Piece[] = []
  const start = cursor.at
  while (!isEdge(cursor.text, cursor.at)) {
    const character = peek(cursor)
    if (character === '"')
      fail(
        'A quote inside a word',
        cursor.at,
        cursor.at + 1,
        'Put the whole text in quotes; a quote inside it is written \\".',
      )
    if (character === '\\') pieces.push({ kind: 'literal', text: readEscape(cursor) })
    else {
      pieces.push(
        character === '*'
          ? { kind: 'any' }
          : character === '?'
            ? { kind: 'one' }
            : { kind: 'literal', text: character },
      )
      cursor.at++
    }
  }
  if (peek(cursor) === '(' && cursor.at > start) {
    fail(
      'A parenthesis inside a word',
      cursor.at,
      cursor.at + 1,
      'Put the text in quotes, or a blank before the parenthesis.',
    )
  }
  return toPattern(pieces)
}

/** Reads `/…/`; the cursor stands on the first slash. A slash inside is written `\/`. Gives the expression as written. */
export function readRegex(cursor: Cursor): string {
  const start = cursor.at
  cursor.at++
  while (!atEnd(cursor) && peek(cursor) !== '/') cursor.at += peek(cursor) === '\\' ? 2 : 1
  const end = cursor.at
  const advice = 'For a text that begins with /, such as a path, put it in quotes.'
  if (end >= cursor.text.length)
    return fail('The closing / of the regular expression is missing', start, cursor.text.length, advice)
  cursor.at = end + 1
  if (!isEdge(cursor.text, cursor.at)) {
    fail(
      'A regular expression ends with / and a blank',
      cursor.at,
      cursor.at + 1,
      `${advice} A / inside an expression is written \\/; case never matters.`,
    )
  }
  return cursor.text.slice(start + 1, end)
}

const operators = ['>=', '<=', '!=', '>', '<', '=', ':'] as const
export type Operator = (typeof operators)[number]

/** The operator at this place, if one begins here. */
export const operatorAt = (text: string, at: number): Operator | undefined =>
  operators.find((operator) => text.startsWith(operator, at))

/** `requestParameters."aws:SourceArn" >=` with its places; `nameEnd` is where the name ends, before blanks and the operator. */
export type FieldHead = Span & {
  readonly parts: readonly string[]
  /** Nothing stands between two dots, or after the last; `""` is a part. */
  readonly hasGap: boolean
  readonly nameEnd: number
  readonly operator: Operator
}

const NAME_CHARACTER = /[\p{L}\p{N}_$@#%+-]/u

/** Reads a name and its operator; if there is none here, moves nothing and gives `undefined`. */
export function readFieldHead(cursor: Cursor): FieldHead | undefined {
  const ahead: Cursor = { text: cursor.text, at: cursor.at }
  const name = readNameParts(ahead)
  const nameEnd = ahead.at
  if (name === undefined || nameEnd === cursor.at) return undefined
  skipBlanks(ahead)
  const operator = operatorAt(ahead.text, ahead.at)
  if (operator === undefined) return undefined
  // `alice ::1` is a word and an address, not a field with a value.
  if (ahead.at > nameEnd && isAddressOrNetwork(rawWord(ahead))) return undefined
  const head: FieldHead = { ...name, start: cursor.at, nameEnd, end: ahead.at + operator.length, operator }
  cursor.at = head.end
  return head
}

/** Parts with dots between them; a part after a dot may be quoted. `undefined` when a quote does not close. */
function readNameParts(cursor: Cursor): { parts: string[]; hasGap: boolean } | undefined {
  const parts: string[] = []
  let hasGap = false
  for (;;) {
    if (parts.length > 0 && peek(cursor) === '"') {
      if (!hasClosingQuote(cursor)) return undefined
      parts.push(readQuoted(cursor))
    } else {
      const part = readNamePart(cursor)
      hasGap ||= part === ''
      parts.push(part)
    }
    if (peek(cursor) !== '.') return { parts, hasGap }
    cursor.at++
  }
}

function readNamePart(cursor: Cursor): string {
  const start = cursor.at
  for (;;) {
    const code = cursor.text.codePointAt(cursor.at)
    const character = code === undefined ? '' : String.fromCodePoint(code)
    if (!NAME_CHARACTER.test(character)) return cursor.text.slice(start, cursor.at)
    cursor.at += character.length
  }
}

function hasClosingQuote(cursor: Cursor): boolean {
  let at = cursor.at + 1
  while (at < cursor.text.length && cursor.text.charAt(at) !== '"') at += cursor.text.charAt(at) === '\\' ? 2 : 1
  return at < cursor.text.length
}

/** The text up to the next blank or parenthesis, as written. */
export function rawWord(cursor: Cursor): string {
  let end = cursor.at
  while (!isEdge(cursor.text, end)) end++
  return cursor.text.slice(cursor.at, end)
}
