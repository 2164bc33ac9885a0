import { addressToView, viewToAddress, type View } from '#shared/domain/view-address.ts'

/**
 * What was looked at in a case, as a tree. Going back and looking at something else starts a branch; the branch that was left
 * stays and can be walked into again.
 *
 * ```
 *   all events > StopLogging > who: mallory          looked, looked, then back twice
 *        \---> ConsoleLogin                          and on another way: both stay reachable
 * ```
 */
export type HistoryTree = {
  /** In the order in which they were first looked at; a parent stands before its children. Never empty. */
  readonly nodes: readonly HistoryNode[]
  /** The id of the node that is shown. */
  readonly at: number
}

export type HistoryNode = {
  readonly id: number
  /** The node that was shown before this one was first looked at; null at a root. */
  readonly parent: number | null
  readonly view: View
  /** When it was first looked at, ms UTC by the clock of this machine. */
  readonly atMs: number
  /** Rises with each visit of the node or of one behind it: of several ways forward, the last one taken has the highest. */
  readonly turn: number
}

/** More steps than these are not kept: the tips of branches that were not looked at for longest go first. */
export const KEPT_STEPS = 400

/** A history that begins with this view. */
export const startHistory = (view: View, atMs: number): HistoryTree => ({
  nodes: [{ id: 1, parent: null, view, atMs, turn: 1 }],
  at: 1,
})

const nodeOf = ({ nodes }: HistoryTree, id: number): HistoryNode => {
  const node = nodes.find((one) => one.id === id)
  if (!node) throw new Error(`This should not happen: step ${id} is not in the history`)
  return node
}

export const current = (tree: HistoryTree): HistoryNode => nodeOf(tree, tree.at)

const waysOn = ({ nodes, at }: HistoryTree): readonly HistoryNode[] => nodes.filter((node) => node.parent === at)

export const canGoBack = (tree: HistoryTree): boolean => current(tree).parent !== null
export const canGoForward = (tree: HistoryTree): boolean => waysOn(tree).length > 0

/** Looks at something else. The same view as now changes nothing; one that was reached from here before is walked into again. */
export function visit(tree: HistoryTree, view: View, atMs: number): HistoryTree {
  if (viewToAddress(view) === viewToAddress(current(tree).view)) return tree
  // Which event was selected there meanwhile makes no other step of it.
  const address = viewToAddress({ ...view, event: null })
  const known = waysOn(tree).find((node) => viewToAddress({ ...node.view, event: null }) === address)
  if (known) return amend(jump(tree, known.id), view)
  const id = Math.max(...tree.nodes.map((node) => node.id)) + 1
  return jump(pruned({ nodes: [...tree.nodes, { id, parent: tree.at, view, atMs, turn: 0 }], at: id }), id)
}

/** The present step is seen differently (an event is selected, a drag goes on): no step of its own. */
export const amend = (tree: HistoryTree, view: View): HistoryTree => ({
  ...tree,
  nodes: tree.nodes.map((node) => (node.id === tree.at ? { ...node, view } : node)),
})

/** Shows a step of the history. From there, `forward` leads the way that was last taken. */
export function jump(tree: HistoryTree, id: number): HistoryTree {
  nodeOf(tree, id)
  const turn = Math.max(...tree.nodes.map((node) => node.turn)) + 1
  const way = new Set<number>()
  for (let at: number | null = id; at !== null; at = nodeOf(tree, at).parent) way.add(at)
  return { nodes: tree.nodes.map((node) => (way.has(node.id) ? { ...node, turn } : node)), at: id }
}

/** The step before; the same tree where there is none. */
export function back(tree: HistoryTree): HistoryTree {
  const { parent } = current(tree)
  // The turns stay as they are, so that forward leads back to where one came from.
  return parent === null ? tree : { ...tree, at: parent }
}

/** The way forward that was last taken from here; the same tree where there is none. */
export function forward(tree: HistoryTree): HistoryTree {
  const [first, ...others] = waysOn(tree)
  if (!first) return tree
  return { ...tree, at: others.reduce((best, node) => (node.turn > best.turn ? node : best), first).id }
}

/** Drops steps above the limit: first the tip that was not looked at for longest, and on a single long way its beginning. */
function pruned(tree: HistoryTree): HistoryTree {
  let { nodes } = tree
  while (nodes.length > KEPT_STEPS) {
    const parents = new Set(nodes.map((node) => node.parent))
    const tips = nodes.filter((node) => !parents.has(node.id) && node.id !== tree.at)
    const oldest = tips.reduce<HistoryNode | undefined>((a, b) => (a && a.turn <= b.turn ? a : b), undefined)
    const dropped = oldest ?? nodes[0]
    if (!dropped) break
    nodes = nodes
      .filter((node) => node !== dropped)
      .map((node) => (node.parent === dropped.id ? { ...node, parent: null } : node))
  }
  return { ...tree, nodes }
}

/** A step as a line of a list. `depth` grows only where the way forks: a straight way stays in one column. */
export type HistoryLine = {
  readonly node: HistoryNode
  readonly depth: number
  readonly isCurrent: boolean
  /** Whether it lies on the way from the beginning to the present step. */
  readonly isOnWay: boolean
}

/**
 * The tree as lines from the oldest to the newest. Side branches come indented below the step they leave from; the way that was
 * last taken goes on below them in the column of its parent.
 */
export function historyLines(tree: HistoryTree): readonly HistoryLine[] {
  const children = new Map<number | null, HistoryNode[]>()
  for (const node of tree.nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node])
  const way = new Set<number>()
  for (let at: number | null = tree.at; at !== null; at = nodeOf(tree, at).parent) way.add(at)
  const lines: HistoryLine[] = []
  // A stack instead of recursion: a history may be one way of hundreds of steps.
  const open = [...(children.get(null) ?? [])].reverse().map((node) => ({ node, depth: 0 }))
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next
    lines.push({ node, depth, isCurrent: node.id === tree.at, isOnWay: way.has(node.id) })
    const ways = [...(children.get(node.id) ?? [])].sort((a, b) => b.turn - a.turn)
    const [main, ...sides] = ways
    if (main) open.push({ node: main, depth })
    // Pushed newest first, so that the oldest branch is drawn first.
    for (const side of sides) open.push({ node: side, depth: depth + 1 })
  }
  return lines
}

/** The history as a text that can be kept. */
export const historyText = ({ nodes, at }: HistoryTree): string =>
  JSON.stringify({
    at,
    nodes: nodes.map(({ id, parent, view, atMs, turn }) => [id, parent, viewToAddress(view), atMs, turn]),
  })

/** Reads `historyText` back; undefined for anything that is not whole. */
export function readHistoryText(text: string | null): HistoryTree | undefined {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return undefined
  const { at, nodes: kept } = value as { at?: unknown; nodes?: unknown }
  if (typeof at !== 'number' || !Array.isArray(kept)) return undefined
  const nodes: HistoryNode[] = []
  const known = new Set<number>()
  for (const one of kept as readonly unknown[]) {
    if (!Array.isArray(one)) return undefined
    const [id, parent, address, atMs, turn] = one as readonly unknown[]
    if (typeof id !== 'number' || typeof address !== 'string' || typeof atMs !== 'number' || typeof turn !== 'number')
      return undefined
    if (parent !== null && !(typeof parent === 'number' && known.has(parent))) return undefined
    if (known.has(id)) return undefined
    known.add(id)
    nodes.push({ id, parent, view: addressToView(address), atMs, turn })
  }
  return known.has(at) ? { nodes, at } : undefined
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
