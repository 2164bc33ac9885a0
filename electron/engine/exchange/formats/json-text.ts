import { hasHidden } from '#shared/base/visible.ts'

const QUOTE = 34
const BACKSLASH = 92
const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13

/**
 * JSON text without the white space between its tokens. Numbers, escapes and duplicate keys stay as they were written,
 * which `JSON.parse` and `JSON.stringify` would change. Characters that hide or act on a terminal become `\uXXXX`: the
 * same value, visible. The text need not be valid JSON.
 */
export function compactJson(text: string): string {
  let out = ''
  let start = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) inString = true
    else if (isSpace(code)) {
      out += text.slice(start, at)
      start = at + 1
    }
  }
  out += text.slice(start)
  return hasHidden(out) ? escapeHidden(out) : out
}

function escapeHidden(text: string): string {
  let out = ''
  for (const character of text) out += hasHidden(character) ? unicodeEscape(character) : character
  return out
}

function unicodeEscape(character: string): string {
  let out = ''
  for (let at = 0; at < character.length; at++) out += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  return out
}

/** Whether the text is one valid JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * The members of a JSON object as name and JSON text, in their order, duplicates included. Only the first level is
 * taken apart. Anything that is not a valid JSON object has none.
 */
export function topMembers(text: string): (readonly [name: string, value: string])[] {
  const compact = compactJson(text)
  if (!compact.startsWith('{') || !isJson(compact)) return []
  const members: (readonly [string, string])[] = []
  let at = 1
  while (at < compact.length && compact[at] !== '}') {
    const nameEnd = endOfValue(compact, at)
    const valueEnd = endOfValue(compact, nameEnd + 1)
    members.push([JSON.parse(compact.slice(at, nameEnd)) as string, compact.slice(nameEnd + 1, valueEnd)])
    at = compact[valueEnd] === ',' ? valueEnd + 1 : valueEnd
  }
  return members
}

/** Where the value that starts at `from` ends in compact, valid JSON. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]!
    if (character === '"') {
      at = endOfString(text, at)
      if (depth === 0) return at + 1
    } else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      if (depth === 0) return at
      depth--
      if (depth === 0) return at + 1
    } else if (depth === 0 && (character === ',' || character === ':')) return at
  }
  return text.length
}

/** Position of the quote that closes the string opened at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** JSON text that `writeJson` puts into its output as it is. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type JsonValue =
  null | boolean | number | string | RawJson | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined }
export type JsonObject = { readonly [name: string]: JsonValue | undefined }

/** A document from the evidence for splicing: its own text where that is valid JSON, else the text as a JSON string. */
export function rawOrText(text: string): RawJson | string {
  const compact = compactJson(text)
  return isJson(compact) ? new RawJson(compact) : text
}

/** One line of JSON. Members that are undefined are left out; `RawJson` goes in unchanged. */
export function writeJson(value: JsonValue): string {
  if (value instanceof RawJson) return value.text
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members: string[] = []
  for (const name of Object.keys(value)) {
    const member = value[name]
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${writeJson(member)}`)
  }
  return `{${members.join(',')}}`
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

/** The object without its empty members: undefined, and objects in which nothing is left. Undefined when none is left. */
export function prune(object: JsonObject): JsonObject | undefined {
  const kept: [string, JsonValue][] = []
  for (const name of Object.keys(object)) {
    const member = object[name]
    const value = isPlainObject(member) ? prune(member) : member
    if (value !== undefined) kept.push([name, value])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

const isPlainObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawJson)
