import { fold } from './words.ts'

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The text of a JSON scalar as it is compared; null has none. Numbers as JavaScript prints them. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/**
 * Whether a scalar anywhere in the value (or, with `keys`, a key) fits. Walks with a list instead of recursion: evidence decides how deep
 * it is nested.
 */
export function anyTextIn(root: unknown, fits: (text: string) => boolean, keys = false): boolean {
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (isObject(value)) {
      if (keys && !Array.isArray(value) && Object.keys(value).some(fits)) return true
      for (const inner of Object.values(value)) waiting.push(inner)
    } else {
      const text = scalarText(value)
      if (text !== undefined && fits(text)) return true
    }
  }
  return false
}

/** The elements of nested arrays, without their arrays; any other value is itself. */
function unpacked(root: unknown): unknown[] {
  const found: unknown[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (Array.isArray(value)) for (const inner of value) waiting.push(inner)
    else if (value !== null && value !== undefined) found.push(value)
  }
  return found
}

/**
 * The values at a path, keys compared without regard to case. Arrays are walked, wherever they stand:
 *
 *     path items.cidrIp in {"items":[{"cidrIp":"a"},{"cidrIp":["b","c"]}]}  ->  a, b, c
 *
 * Null is no value. An object or an empty array at the end is given as it is.
 */
export function valuesAt(root: unknown, path: readonly string[]): unknown[] {
  let values: unknown[] = [root]
  for (const part of path) {
    const wanted = fold(part)
    values = values.flatMap((value) => unpacked(value).flatMap((object) => members(object, wanted)))
  }
  return values.flatMap((value) => (Array.isArray(value) && value.length === 0 ? [value] : unpacked(value)))
}

function members(value: unknown, wanted: string): unknown[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (fold(key) === wanted ? [inner] : []))
}
