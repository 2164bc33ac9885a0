import { parseUtc } from '#shared/base/time.ts'
import { embeddedJson, type JsonNode } from '#renderer/ui/json/json-node.ts'
import { fieldOfPath, targetOf, type PathStep, type Target } from './filters.ts'

/** The node at a path; a string that holds JSON is walked into, as the tree shows it. Of equal keys the last. */
export function nodeAt(root: JsonNode, path: readonly PathStep[]): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const step of path) {
    if (node?.kind === 'string') node = embeddedJson(node.text)
    node = childOf(node, step)
  }
  return node
}

function childOf(node: JsonNode | undefined, step: PathStep): JsonNode | undefined {
  if (node?.kind === 'object') return node.members.findLast((member) => member.key === step)?.value
  return node?.kind === 'array' && typeof step === 'number' ? node.items[step] : undefined
}

/** The text that a scalar is compared by in a query; undefined for null and for what is no scalar. */
export function scalarText(node: JsonNode): string | undefined {
  switch (node.kind) {
    case 'string':
      return node.text
    case 'number':
      return String(Number(node.text))
    case 'literal':
      return node.text === 'null' ? undefined : node.text
    case 'object':
    case 'array':
    case 'deep':
      return undefined
  }
}

/** What a click on a value of the record means for the query; undefined where nothing can be asked. */
export function targetOfValue(root: JsonNode, path: readonly PathStep[], node: JsonNode): Target | undefined {
  if (node.kind === 'object' || node.kind === 'array' || node.kind === 'deep') return undefined
  const text = scalarText(node)
  const outer = stringAround(root, path)
  if (outer) return text === undefined ? undefined : insideTarget(outer.path, outer.text, text)
  const field = fieldOfPath(path)
  if (field === undefined) return undefined
  if (field === 'eventTime') {
    const ms = text === undefined ? undefined : parseUtc(text)
    return ms === undefined ? undefined : { kind: 'time', ms }
  }
  return targetOf(field, text ?? null)
}

/** The string that holds the value as JSON of its own, if one does. */
function stringAround(
  root: JsonNode,
  path: readonly PathStep[],
): { path: readonly PathStep[]; text: string } | undefined {
  let node: JsonNode | undefined = root
  for (const [n, step] of path.entries()) {
    if (node?.kind === 'string') return { path: path.slice(0, n), text: node.text }
    node = childOf(node, step)
  }
  return undefined
}

/** Inside a string only its text can be asked for, written as it stands there: escaped, or percent-encoded. */
function insideTarget(path: readonly PathStep[], outer: string, text: string): Target | undefined {
  const field = fieldOfPath(path)
  if (field === undefined) return undefined
  const written = /^\s*%/.test(outer) ? encodeURIComponent(text) : JSON.stringify(text).slice(1, -1)
  return outer.includes(written) ? { kind: 'inside', field, text: written } : { kind: 'condition', field, value: outer }
}
