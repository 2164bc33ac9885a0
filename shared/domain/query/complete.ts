import { eventVerdicts } from '../integrity.ts'
import type { FieldRef } from './ast.ts'
import { fieldText, queryFieldNames, resolveField } from './names.ts'
import type { FieldName } from './names.ts'
import { isAddressOrNetwork } from './network.ts'
import { isBlank, QueryError, rawWord, readFieldHead, readQuoted, readRegex, skipBlanks } from './scan.ts'
import type { Cursor } from './scan.ts'
import { fold } from './words.ts'

/** The words between conditions, with one line of help. */
export const operatorWords: readonly { readonly name: string; readonly help: string }[] = [
  { name: 'AND', help: 'both sides; also what a blank means' },
  { name: 'OR', help: 'either side' },
  { name: 'NOT', help: 'excludes what follows; also written -' },
]

/**
 * What can stand at the cursor. `start` to `end` is what an accepted proposal replaces; `prefix` is what is typed of it before the
 * cursor (without an opening quote).
 *
 * - `field`: a new condition begins: offer field names.
 * - `operator`: a condition is finished: offer AND, OR, NOT, and field names too.
 * - `value`: after `field:`; `field` is its full name. Offer values, written with `valueText`.
 */
export type Completion =
  | { readonly kind: 'field' | 'operator'; readonly prefix: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'value'
      readonly prefix: string
      readonly start: number
      readonly end: number
      readonly field: string
      readonly ref: FieldRef
    }

/** Where the walk is: after a finished condition or not, and inside which `field:( … )`. */
type Walk = Cursor & { finished: boolean; readonly scopes: (FieldRef | undefined)[] }

/**
 * What could be typed at the cursor (an offset in `text`); `undefined` inside a phrase or a regular expression. Works on unfinished and
 * wrong texts.
 */
export function completionAt(text: string, cursor: number): Completion | undefined {
  const at = Math.min(Math.max(0, cursor), text.length)
  const walk: Walk = { text, at: 0, finished: false, scopes: [] }
  try {
    for (;;) {
      skipBlanksTo(walk, at)
      if (walk.at >= at) return atStart(walk, at)
      const found = step(walk, at)
      if (found !== 'on') return found
    }
  } catch (error) {
    if (error instanceof QueryError) return undefined
    throw error
  }
}

function skipBlanksTo(walk: Walk, cursor: number): void {
  while (walk.at < cursor && isBlank(walk.text.charAt(walk.at))) walk.at++
}

const blankBefore = (text: string, at: number): boolean => at === 0 || isBlank(text.charAt(at - 1))

/** The cursor stands before a word, or where one may begin. */
function atStart(walk: Walk, cursor: number): Completion | undefined {
  const scope = walk.scopes.at(-1)
  const end = cursor + rawWord({ text: walk.text, at: cursor }).length
  if (scope !== undefined) return value(scope, '', cursor, end)
  if (walk.finished && !blankBefore(walk.text, cursor)) return undefined
  return { kind: walk.finished ? 'operator' : 'field', prefix: '', start: cursor, end }
}

const value = (ref: FieldRef, prefix: string, start: number, end: number): Completion => ({
  kind: 'value',
  prefix,
  start,
  end,
  field: fieldText(ref),
  ref,
})

/** Walks over one sign or word that begins before the cursor; `'on'` when it also ends before it. */
function step(walk: Walk, cursor: number): Completion | 'on' | undefined {
  const first = walk.text.charAt(walk.at)
  if (first === '(' || first === ')' || first === '-') {
    if (first === '(') walk.scopes.push(walk.scopes.at(-1))
    if (first === ')') walk.scopes.pop()
    walk.finished = first === ')'
    walk.at++
    return 'on'
  }
  const scope = walk.scopes.at(-1)
  if (scope !== undefined) return stepValue(walk, cursor, scope)
  if (first === '"' || first === '/') return stepText(walk, cursor)
  return stepWord(walk, cursor)
}

function stepText(walk: Walk, cursor: number): 'on' | undefined {
  if (walk.text.charAt(walk.at) === '"') readQuoted(walk)
  else readRegex(walk)
  walk.finished = true
  return walk.at <= cursor ? 'on' : undefined
}

function stepWord(walk: Walk, cursor: number): Completion | 'on' | undefined {
  const start = walk.at
  const raw = rawWord(walk)
  const head = /^arn:aws/i.test(raw) || isAddressOrNetwork(raw) ? undefined : readFieldHead(walk)
  if (head !== undefined && head.end <= cursor) {
    const ref = resolveField(head.parts)
    return ref === undefined ? undefined : stepAfterField(walk, cursor, ref)
  }
  const end = start + (head === undefined ? raw.length : head.nameEnd - start)
  if (cursor <= end) return typedWord(walk, start, cursor, end)
  if (head !== undefined) return undefined
  walk.at = end
  walk.finished = !operatorWords.some(({ name }) => name === raw)
  return 'on'
}

function typedWord(walk: Walk, start: number, cursor: number, end: number): Completion {
  const prefix = walk.text.slice(start, cursor)
  const operator = walk.finished && operatorWords.some(({ name }) => name.startsWith(prefix))
  return { kind: operator ? 'operator' : 'field', prefix, start, end }
}

function stepAfterField(walk: Walk, cursor: number, ref: FieldRef): Completion | 'on' | undefined {
  const ahead: Cursor = { text: walk.text, at: walk.at }
  skipBlanks(ahead)
  if (ahead.at >= cursor) return value(ref, '', cursor, cursor + rawWord({ text: walk.text, at: cursor }).length)
  walk.at = ahead.at
  if (walk.text.charAt(walk.at) !== '(') return stepValue(walk, cursor, ref)
  walk.scopes.push(ref)
  walk.finished = false
  walk.at++
  return 'on'
}

/** A value: in quotes (perhaps not closed yet), an expression, or a word. */
function stepValue(walk: Walk, cursor: number, ref: FieldRef): Completion | 'on' | undefined {
  const start = walk.at
  const first = walk.text.charAt(start)
  if (first === '/') return stepText(walk, cursor)
  const quoted = first === '"'
  const end = quoted ? quotedEnd(walk.text, start) : start + rawWord(walk).length
  if (cursor <= end && !(quoted && cursor === end && end > start + 1 && walk.text.charAt(end - 1) === '"')) {
    return value(ref, walk.text.slice(quoted ? start + 1 : start, cursor), start, end)
  }
  walk.at = Math.max(end, start + 1)
  walk.finished = true
  return 'on'
}

function quotedEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return Math.min(text.length, at + 1)
}

/**
 * Field names for what is typed: first names that begin with it, then names with a part that begins with it (`userName` for
 * `userIdentity.userName`), then names that contain it.
 */
export function suggestFields(prefix: string): readonly FieldName[] {
  const typed = fold(prefix)
  const rank = ({ name }: FieldName): number => {
    const folded = fold(name)
    if (folded.startsWith(typed)) return 0
    if (folded.split('.').some((part) => part.startsWith(typed))) return 1
    return folded.includes(typed) ? 2 : 3
  }
  return [0, 1, 2].flatMap((wanted) => queryFieldNames.filter((entry) => rank(entry) === wanted))
}

/** The values of a field that has only few, whatever the case holds; else empty, and the engine knows. */
export function knownValues(ref: FieldRef): readonly string[] {
  if (ref.kind === 'bookmark') return ['yes', 'no']
  if (ref.kind === 'integrity') return eventVerdicts
  if (ref.kind !== 'term') return []
  if (ref.field === 'access') return ['ok', 'denied', 'failed']
  return ref.field === 'readOnly' || ref.field === 'managementEvent' ? ['true', 'false'] : []
}
