/**
 * Finds a value inside valid JSON: `path` names members (the last of that name, as `JSON.parse` takes it) and array
 * elements. Gives start and end in bytes, or `undefined` when there is no such value.
 */
export function memberSlice(
  json: Buffer,
  start: number,
  end: number,
  path: readonly (string | number)[],
): { readonly start: number; readonly end: number } | undefined {
  let from = skipBlanks(json, start, end)
  let to = end
  for (const step of path) {
    const found = typeof step === 'string' ? findMember(json, from, to, step) : findElement(json, from, to, step)
    if (found === undefined) return undefined
    from = found.start
    to = found.end
  }
  return { start: from, end: to }
}

type Slice = { readonly start: number; readonly end: number }

function findMember(json: Buffer, start: number, end: number, name: string): Slice | undefined {
  if (json[start] !== 0x7b) return undefined
  let found: Slice | undefined
  let at = skipBlanks(json, start + 1, end)
  while (at < end && json[at] === 0x22) {
    const keyEnd = skipValue(json, at, end)
    const key = JSON.parse(json.toString('utf8', at, keyEnd)) as string
    const value = skipBlanks(json, skipBlanks(json, keyEnd, end) + 1, end)
    const valueEnd = skipValue(json, value, end)
    if (key === name) found = { start: value, end: valueEnd }
    at = skipBlanks(json, valueEnd, end)
    if (json[at] === 0x2c) at = skipBlanks(json, at + 1, end)
  }
  return found
}

function findElement(json: Buffer, start: number, end: number, index: number): Slice | undefined {
  if (json[start] !== 0x5b) return undefined
  let at = skipBlanks(json, start + 1, end)
  for (let i = 0; at < end && json[at] !== 0x5d; i++) {
    const valueEnd = skipValue(json, at, end)
    if (i === index) return { start: at, end: valueEnd }
    at = skipBlanks(json, valueEnd, end)
    if (json[at] === 0x2c) at = skipBlanks(json, at + 1, end)
  }
  return undefined
}

function skipBlanks(json: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09)) at++
  return at
}

/** The end of the value that begins at `from`. */
function skipValue(json: Buffer, from: number, end: number): number {
  let depth = 0
  let at = from
  while (at < end) {
    const c = json[at]
    if (c === 0x22) {
      for (at++; at < end && json[at] !== 0x22; at++) if (json[at] === 0x5c) at++
      if (depth === 0) return at + 1
    } else if (c === 0x7b || c === 0x5b) depth++
    else if (c === 0x7d || c === 0x5d) {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (c === 0x2c || c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09)) return at
    at++
  }
  return at
}
