/**
 * JSON as it was written, not as JavaScript would round it: numbers keep their digits (2^53+1), members keep their order and their
 * duplicates, keys are plain text in an array and never property names.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number' | 'literal'; readonly text: string }
  /** Nested deeper than MAX_DEPTH: the text as it stands. */
  | { readonly kind: 'deep'; readonly text: string }

export type JsonMember = { readonly key: string; readonly value: JsonNode }

const MAX_DEPTH = 200
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const LITERAL = /true|false|null/y
const BLANK = /[ \t\r\n]*/y

/** The node of a JSON text, or undefined when it is not JSON (RFC 8259). */
export function parseJsonNode(text: string): JsonNode | undefined {
  const reader = new Reader(text)
  try {
    const node = reader.value(0)
    reader.blank()
    return reader.at === text.length ? node : undefined
  } catch (cause) {
    if (cause instanceof NotJson) return undefined
    throw cause
  }
}

/** JSON inside a string, plain or percent-encoded as policy documents are: an object or an array, else undefined. */
export function embeddedJson(text: string): JsonNode | undefined {
  const start = text.trimStart()
  if (/^(%7b|%5b)/i.test(start)) {
    try {
      return embeddedJson(decodeURIComponent(start))
    } catch {
      return undefined
    }
  }
  return start.startsWith('{') || start.startsWith('[') ? parseJsonNode(text) : undefined
}

class NotJson extends Error {}

class Reader {
  at = 0
  readonly text: string
  constructor(text: string) {
    this.text = text
  }

  blank(): void {
    this.match(BLANK)
  }

  value(depth: number): JsonNode {
    this.blank()
    const c = this.text[this.at]
    if (c === '{' || c === '[') {
      if (depth >= MAX_DEPTH) return this.skipDeep()
      return c === '{' ? this.object(depth) : this.array(depth)
    }
    if (c === '"') return { kind: 'string', text: this.string() }
    const literal = this.match(LITERAL)
    if (literal) return { kind: 'literal', text: literal }
    const number = this.match(NUMBER)
    if (number) return { kind: 'number', text: number }
    throw new NotJson()
  }

  private object(depth: number): JsonNode {
    const members: JsonMember[] = []
    this.list('}', () => {
      this.blank()
      const key = this.string()
      this.blank()
      if (!this.take(':')) throw new NotJson()
      members.push({ key, value: this.value(depth + 1) })
    })
    return { kind: 'object', members }
  }

  private array(depth: number): JsonNode {
    const items: JsonNode[] = []
    this.list(']', () => items.push(this.value(depth + 1)))
    return { kind: 'array', items }
  }

  private list(end: string, one: () => void): void {
    this.at++
    this.blank()
    if (this.take(end)) return
    do one()
    while (this.comma())
    if (!this.take(end)) throw new NotJson()
  }

  private comma(): boolean {
    this.blank()
    return this.take(',')
  }

  private take(c: string): boolean {
    if (this.text[this.at] !== c) return false
    this.at++
    return true
  }

  private string(): string {
    const start = this.at
    this.skipString()
    try {
      // The one place where JSON.parse is exact for us: a single string.
      return JSON.parse(this.text.slice(start, this.at)) as string
    } catch {
      throw new NotJson()
    }
  }

  private skipString(): void {
    if (!this.take('"')) throw new NotJson()
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at]
      if (c === '\\') this.at++
      else if (c === '"') {
        this.at++
        return
      }
    }
    throw new NotJson()
  }

  private skipDeep(): JsonNode {
    const start = this.at
    let open = 0
    do {
      const c = this.text[this.at]
      if (c === undefined) throw new NotJson()
      if (c === '"') {
        this.skipString()
        continue
      }
      if (c === '{' || c === '[') open++
      if (c === '}' || c === ']') open--
      this.at++
    } while (open > 0)
    return { kind: 'deep', text: this.text.slice(start, this.at) }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }
}

/** A node as JSON text again, on one line, numbers as they were written. */
export function jsonText(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${node.members.map((member) => `${JSON.stringify(member.key)}:${jsonText(member.value)}`).join(',')}}`
    case 'array':
      return `[${node.items.map(jsonText).join(',')}]`
    case 'string':
      return JSON.stringify(node.text)
    case 'number':
    case 'literal':
    case 'deep':
      return node.text
  }
}
