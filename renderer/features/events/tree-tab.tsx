import { useWorkspace } from '#renderer/client/workspace.ts'
import type { JsonNode } from '#renderer/ui/json/json-node.ts'
import type { JsonPath } from '#renderer/ui/json/tree-rows.ts'
import { TreeView, type TreeValue } from '#renderer/ui/json/tree-view.tsx'
import { applyTarget, fieldOfPath, type Target } from './filters.ts'
import { scalarText, targetOfValue } from './record-target.ts'

/** What a menu at a value of the tree is about. */
export type TreeMenu = (
  target: Target | undefined,
  text: string,
  at: { readonly x: number; readonly y: number },
  field: string | undefined,
) => void

/** The record as a tree; each value filters. Policies inside strings can be opened. */
export function TreeTab({ root, onMenu }: { readonly root: JsonNode; readonly onMenu: TreeMenu }) {
  const use = ({ path, node }: TreeValue, against: boolean): void => {
    const target = targetOfValue(root, path, node)
    const { view, ask } = useWorkspace.getState()
    if (target) ask(applyTarget(view.query, target, against))
  }
  return (
    <TreeView
      label="Record"
      root={root}
      onValue={use}
      onMenu={({ path, node }, at) =>
        onMenu(targetOfValue(root, path, node), scalarText(node) ?? '', at, columnOf(root, path))
      }
    />
  )
}

/** A place becomes a column where a field of a query names it; inside a decoded string none does. */
const columnOf = (root: JsonNode, path: JsonPath): string | undefined => {
  const target = targetOfValue(root, path, { kind: 'string', text: '' })
  return target === undefined || target.kind === 'inside' ? undefined : fieldOfPath(path)
}
