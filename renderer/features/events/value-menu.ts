import { useMemo, useState } from 'react'
import { Columns3, Copy, Crosshair, FileCode, Filter, FilterX, Fingerprint, PanelRight } from 'lucide-react'
import { entityKindOf, type EntityKind } from '#shared/domain/entity.ts'
import { everything } from '#shared/domain/query/query.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { toggleColumn } from '#renderer/ui/grid/column-layout.ts'
import type { MenuGroup } from '#renderer/ui/menu.tsx'
import { fieldColumn } from './columns.tsx'
import { furtherFields, type GridEvent } from './event-fields.ts'
import { applyTarget, around, type Target } from './filters.ts'
import type { SavedColumns } from './saved-columns.ts'
import type { TreeMenu } from './tree-tab.tsx'

type At = { readonly x: number; readonly y: number }
type About = {
  readonly at: At
  readonly target: Target | undefined
  readonly text: string
  readonly row?: GridEvent
  readonly field?: string | undefined
}

export type ValueMenuWishes = {
  readonly copyRaw: (event: number) => void
  readonly onColumn: (field: string) => void
}

/** One menu for every value, wherever it stands: in a cell, a facet or the tree. */
export function useValueMenu({ copyRaw, onColumn }: ValueMenuWishes) {
  const [about, setAbout] = useState<About | undefined>(undefined)
  const groups = useMemo(() => (about ? groupsOf(about, copyRaw, onColumn) : []), [about, copyRaw, onColumn])
  const openAtTree: TreeMenu = (target, text, at, field) => setAbout({ target, text, at, field })
  return {
    at: about?.at,
    groups,
    close: () => setAbout(undefined),
    openAtCell: (target: Target | undefined, text: string, at: At, row: GridEvent) =>
      setAbout({ target, text, at, row }),
    openAtFacet: (target: Target, text: string, at: At) => setAbout({ target, text, at }),
    openAtTree,
  }
}

function groupsOf(
  { target, text, row, field }: About,
  copyRaw: (event: number) => void,
  onColumn: (field: string) => void,
) {
  const filter = (against: boolean): void => {
    const { view, ask } = useWorkspace.getState()
    if (target) ask(applyTarget(view.query, target, against))
  }
  const groups: MenuGroup[] = [
    {
      id: 'filter',
      actions: [
        {
          id: 'for',
          label: 'Filter for it',
          icon: Filter,
          keys: 'f',
          isDisabled: !target,
          onAction: () => filter(false),
        },
        {
          id: 'against',
          label: 'Filter against it',
          icon: FilterX,
          keys: 'F',
          isDisabled: !target || target.kind === 'time',
          onAction: () => filter(true),
        },
      ],
    },
    {
      id: 'copy',
      actions: [
        {
          id: 'copy',
          label: 'Copy the value',
          icon: Copy,
          keys: 'Mod+c',
          isDisabled: text === '',
          onAction: () => void navigator.clipboard.writeText(text),
        },
        ...(row ? [{ id: 'raw', label: 'Copy the raw record', icon: FileCode, onAction: () => copyRaw(row.id) }] : []),
      ],
    },
  ]
  const page = pageOf(target)
  if (page)
    groups.push({
      id: 'page',
      actions: [
        {
          id: 'page',
          label: `Open the page of this ${page.kind === 'key' ? 'access key' : page.kind}`,
          icon: Fingerprint,
          onAction: () => useWorkspace.getState().go('identities', `${page.kind}:${page.value}`),
        },
      ],
    })
  if (row) groups.push(rowGroup(row))
  if (field !== undefined)
    groups.push({
      id: 'column',
      actions: [{ id: 'column', label: 'Show it as a column', icon: Columns3, onAction: () => onColumn(field) }],
    })
  return groups
}

/** The page in Identities that a value has, if it has one. */
function pageOf(target: Target | undefined): { readonly kind: EntityKind; readonly value: string } | undefined {
  if (target?.kind !== 'facet' && target?.kind !== 'condition') return undefined
  const { field, value } = target
  const kind = value === undefined ? undefined : entityKindOf(field, value)
  return kind === undefined || value === undefined ? undefined : { kind, value }
}

function rowGroup(row: GridEvent): MenuGroup {
  const { look, select, view } = useWorkspace.getState()
  const { timeMs } = row
  return {
    id: 'event',
    actions: [
      { id: 'details', label: 'Show the details', icon: PanelRight, keys: 'Enter', onAction: () => select(row.id) },
      {
        id: 'around',
        label: 'Five minutes before and after',
        icon: Crosshair,
        keys: '.',
        isDisabled: timeMs === null,
        onAction: () => {
          if (timeMs !== null) look({ query: around(timeMs, view.query.sort), event: row.id })
        },
      },
      {
        id: 'locate',
        label: 'Find it among all events',
        icon: Crosshair,
        onAction: () => look({ query: { ...everything, sort: view.query.sort }, event: row.id }),
      },
    ],
  }
}

/** A field, or a place in documents, as one more column that is shown. */
export function addColumn(saved: SavedColumns, field: string): SavedColumns {
  const id = fieldColumn(field)
  const place = saved.layout.find((one) => one.id === id)
  const layout = place?.hidden === true ? toggleColumn(saved.layout, id) : saved.layout
  if (saved.paths.includes(field)) return { ...saved, layout }
  if (furtherFields.includes(field) && place) return { ...saved, layout }
  return { layout, paths: [...saved.paths, field] }
}
