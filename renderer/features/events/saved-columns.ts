import type { ColumnLayout } from '#renderer/ui/grid/column-layout.ts'
import { readTexts } from './remembered.ts'

/** The columns of a case as they were last arranged, and the places in documents that were made columns. */
export type SavedColumns = { readonly layout: ColumnLayout; readonly paths: readonly string[] }

export const noColumns: SavedColumns = { layout: [], paths: [] }

/** Reads what was kept; undefined where it is not in the form that is written here. */
export function readColumns(value: unknown): SavedColumns | undefined {
  if (typeof value !== 'object' || value === null || !('layout' in value) || !('paths' in value)) return undefined
  const paths = readTexts(value.paths)
  if (paths === undefined || !Array.isArray(value.layout)) return undefined
  const layout = value.layout.filter(isPlace)
  return { layout, paths: paths.slice(0, 50) }
}

function isPlace(value: unknown): value is ColumnLayout[number] {
  if (typeof value !== 'object' || value === null) return false
  const { id, width, hidden } = value as Record<string, unknown>
  return typeof id === 'string' && typeof width === 'number' && typeof hidden === 'boolean'
}
