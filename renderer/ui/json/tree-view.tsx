import { useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { ChevronRight, Copy } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { cx } from '../cx.ts'
import { jsonText, type JsonNode } from './json-node.ts'
import { CHILDREN, pathText, treeRows, type JsonPath, type TreeRow, type TreeState } from './tree-rows.ts'
import css from './tree-view.module.css'

export type TreeValue = { readonly path: JsonPath; readonly node: JsonNode }

export type TreeViewProps = {
  readonly label: string
  /** From `parseJsonNode`. */
  readonly root: JsonNode
  /** A value was clicked, or Enter pressed on it; with Alt: against it. */
  readonly onValue?: (value: TreeValue, against: boolean) => void
  readonly onMenu?: (value: TreeValue, at: { readonly x: number; readonly y: number }) => void
  /** Values at these paths are marked, by `pathText`. */
  readonly marked?: ReadonlySet<string>
}

type NodeRow = Extract<TreeRow, { kind: 'node' }>

/**
 * JSON as a tree. Arrow keys move, open and close; `*` opens all siblings; Mod+c copies the value; Enter uses it (with Alt against).
 * Strings that hold JSON can be opened too. Hidden characters are shown as marks, and copied as they are.
 */
export function TreeView({ label, root, onValue, onMenu, marked }: TreeViewProps) {
  const id = useId()
  const [state, setState] = useState<TreeState>({ toggled: new Map(), shown: new Map() })
  const [activeId, setActiveId] = useState<string | undefined>(undefined)
  const rows = useMemo(() => treeRows(root, state), [root, state])
  const tree = useRef<HTMLDivElement>(null)
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === activeId),
  )
  const active = rows[at]

  const open = (ids: readonly string[], expanded: boolean): void =>
    setState((old) => ({ ...old, toggled: new Map([...old.toggled, ...ids.map((one) => [one, expanded] as const)]) }))
  const showMore = (parent: string): void =>
    setState((old) => ({
      ...old,
      shown: new Map(old.shown).set(parent, (old.shown.get(parent) ?? CHILDREN) + CHILDREN),
    }))
  const go = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!row) return
    setActiveId(row.id)
    document.getElementById(`${id}${row.id}`)?.scrollIntoView({ block: 'nearest' })
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (active && treeKey(event, active)) event.preventDefault()
  }

  const treeKey = (event: KeyboardEvent, row: TreeRow): boolean => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      if (row.kind !== 'node' || window.getSelection()?.isCollapsed === false) return false
      copy(row.node)
      return true
    }
    if (event.ctrlKey || event.metaKey) return false
    switch (event.key) {
      case 'ArrowDown':
      case 'j':
        go(at + 1)
        return true
      case 'ArrowUp':
      case 'k':
        go(at - 1)
        return true
      case 'Home':
        go(0)
        return true
      case 'End':
        go(rows.length - 1)
        return true
      case 'ArrowRight':
        if (row.kind === 'more' || !row.expandable) return false
        if (row.expanded) go(at + 1)
        else open([row.id], true)
        return true
      case 'ArrowLeft':
        if (row.kind === 'node' && row.expanded) open([row.id], false)
        else go(rows.findIndex((other) => other.id === row.id.slice(0, row.id.lastIndexOf('/'))))
        return true
      case '*':
        open(
          rows
            .filter((other) => other.kind === 'node' && other.level === row.level && other.expandable)
            .map((other) => other.id),
          true,
        )
        return true
      case ' ':
      case 'Enter':
        act(row, event.altKey)
        return true
      case 'ContextMenu':
        return menuAt(row)
      case 'F10':
        return event.shiftKey && menuAt(row)
      default:
        return false
    }
  }

  const act = (row: TreeRow, against: boolean): void => {
    if (row.kind === 'more') showMore(row.parent)
    else if (isContainer(row.node) || (row.embedded && !onValue)) open([row.id], !row.expanded)
    else onValue?.({ path: row.path, node: row.node }, against)
  }

  const menuAt = (row: TreeRow): boolean => {
    if (row.kind === 'more' || !onMenu) return false
    const box = document.getElementById(`${id}${row.id}`)?.getBoundingClientRect()
    onMenu({ path: row.path, node: row.node }, { x: box?.left ?? 0, y: box?.bottom ?? 0 })
    return true
  }

  return (
    <div
      ref={tree}
      role="tree"
      aria-label={label}
      tabIndex={0}
      className={css['tree']}
      aria-activedescendant={active ? `${id}${active.id}` : undefined}
      onKeyDown={onKeyDown}
    >
      {rows.map((row) =>
        row.kind === 'more' ? (
          <div
            key={row.id}
            id={`${id}${row.id}`}
            role="treeitem"
            aria-level={row.level}
            className={cx(css['row'], row === active && css['active'])}
            style={{ paddingLeft: row.level * 14 + 12 }}
          >
            <button type="button" tabIndex={-1} className={css['more']} onClick={() => showMore(row.parent)}>
              {counted(row.hidden, 'more item')}
            </button>
          </div>
        ) : (
          <NodeLine
            key={row.id}
            id={`${id}${row.id}`}
            row={row}
            isActive={row === active}
            isMarked={marked?.has(pathText(row.path)) === true}
            canUse={onValue !== undefined}
            onPress={(event) => {
              setActiveId(row.id)
              if (event.detail < 2) act(row, event.altKey)
            }}
            onToggle={() => {
              setActiveId(row.id)
              open([row.id], !row.expanded)
            }}
            onContextMenu={(event) => {
              if (!onMenu) return
              event.preventDefault()
              setActiveId(row.id)
              onMenu({ path: row.path, node: row.node }, { x: event.clientX, y: event.clientY })
            }}
          />
        ),
      )}
    </div>
  )
}

type NodeLineProps = {
  readonly id: string
  readonly row: NodeRow
  readonly isActive: boolean
  readonly isMarked: boolean
  readonly canUse: boolean
  readonly onPress: (event: MouseEvent) => void
  readonly onToggle: () => void
  readonly onContextMenu: (event: MouseEvent) => void
}

function NodeLine({ id, row, isActive, isMarked, canUse, onPress, onToggle, onContextMenu }: NodeLineProps) {
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      {...(row.expandable ? { 'aria-expanded': row.expanded } : {})}
      aria-selected={isActive}
      className={cx(css['row'], isActive && css['active'], isMarked && css['marked'])}
      style={{ paddingLeft: (row.level - 1) * 14 + 4 }}
      onContextMenu={onContextMenu}
    >
      {row.expandable ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={row.expanded ? 'Close' : 'Open'}
          className={cx(css['twist'], row.expanded && css['twisted'])}
          onClick={onToggle}
        >
          <ChevronRight aria-hidden size={13} />
        </button>
      ) : (
        <span className={css['twist']} />
      )}
      <span className={css['key']}>{visible(row.key)}</span>
      <span
        className={cx(
          css['value'],
          css[row.node.kind],
          row.embedded && css['oneLine'],
          (canUse || row.expandable) && css['usable'],
        )}
        onClick={onPress}
        title={canUse && !isContainer(row.node) ? 'Filter for this value; with Alt against it' : undefined}
      >
        {valueText(row)}
      </span>
      {row.embedded && <span className={css['embedded']}>JSON inside</span>}
      <button
        type="button"
        tabIndex={-1}
        className={css['copy']}
        aria-label="Copy the value"
        title="Copy the value"
        onClick={() => copy(row.node)}
      >
        <Copy aria-hidden size={12} />
      </button>
    </div>
  )
}

const isContainer = (node: JsonNode): boolean => node.kind === 'object' || node.kind === 'array'

function valueText({ node, expanded }: NodeRow): string {
  switch (node.kind) {
    case 'object':
      return node.members.length === 0 ? '{ }' : expanded ? '' : `{ ${counted(node.members.length, 'member')} }`
    case 'array':
      return node.items.length === 0 ? '[ ]' : expanded ? '' : `[ ${counted(node.items.length, 'item')} ]`
    case 'string':
      return node.text === '' ? '""' : visible(node.text)
    case 'number':
    case 'literal':
      return node.text
    case 'deep':
      return `nested too deep to draw: ${visible(node.text)}`
  }
}

function copy(node: JsonNode): void {
  void navigator.clipboard.writeText(node.kind === 'string' ? node.text : jsonText(node))
}
