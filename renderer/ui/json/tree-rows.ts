import { embeddedJson, type JsonNode } from './json-node.ts'

/** Where a value stands: member names and array indices from the root. A decoded string adds no step. */
export type JsonPath = readonly (string | number)[]

/** One line of the tree. */
export type TreeRow =
  | {
      readonly kind: 'node'
      /** Unique among all rows, also for duplicate keys. */
      readonly id: string
      readonly level: number
      readonly path: JsonPath
      readonly key: string
      readonly node: JsonNode
      readonly expandable: boolean
      readonly expanded: boolean
      /** The string holds JSON of its own; opened, it is shown decoded. */
      readonly embedded: boolean
    }
  | {
      readonly kind: 'more'
      readonly id: string
      readonly parent: string
      readonly level: number
      readonly hidden: number
    }

export type TreeState = {
  /** Rows that were opened or closed by hand, by id. */
  readonly toggled: ReadonlyMap<string, boolean>
  /** How many children a row shows, where more than CHILDREN. */
  readonly shown: ReadonlyMap<string, number>
}

/** Children shown at first, and added by each press of "more". */
export const CHILDREN = 100
const OPEN_LEVELS = 2

/** The tree flattened to the lines that are in sight: two levels are open until someone says otherwise, decoded strings are not. */
export function treeRows(root: JsonNode, state: TreeState): readonly TreeRow[] {
  const rows: TreeRow[] = []
  addChildren(rows, root, '', [], 1, state)
  return rows
}

function addChildren(
  rows: TreeRow[],
  parent: JsonNode,
  parentId: string,
  path: JsonPath,
  level: number,
  state: TreeState,
): void {
  const children = childrenOf(parent)
  const shown = state.shown.get(parentId) ?? CHILDREN
  for (const [i, [step, node]] of children.slice(0, shown).entries())
    addNode(rows, node, `${parentId}/${i}`, [...path, step], level, state)
  if (children.length > shown)
    rows.push({ kind: 'more', id: `${parentId}/more`, parent: parentId, level, hidden: children.length - shown })
}

function addNode(rows: TreeRow[], node: JsonNode, id: string, path: JsonPath, level: number, state: TreeState): void {
  const inner = node.kind === 'string' ? embeddedJson(node.text) : undefined
  const content = inner ?? node
  const expandable = childrenOf(content).length > 0
  const expanded = expandable && (state.toggled.get(id) ?? (inner === undefined && level < OPEN_LEVELS))
  rows.push({
    kind: 'node',
    id,
    level,
    path,
    key: String(path.at(-1) ?? ''),
    node,
    expandable,
    expanded,
    embedded: inner !== undefined,
  })
  if (expanded) addChildren(rows, content, id, path, level + 1, state)
}

function childrenOf(node: JsonNode): readonly (readonly [string | number, JsonNode])[] {
  if (node.kind === 'object') return node.members.map((member) => [member.key, member.value] as const)
  if (node.kind === 'array') return node.items.map((item, i) => [i, item] as const)
  return []
}

/** `requestParameters.policies[0].name`; a name with other characters is quoted. */
export const pathText = (path: JsonPath): string =>
  path
    .map((step, i) =>
      typeof step === 'number'
        ? `[${step}]`
        : /^[\w$-]+$/.test(step)
          ? `${i === 0 ? '' : '.'}${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join('')
