import type { OutputOf } from '#shared/contract/contract.ts'

export type PickerEntry =
  | { readonly kind: 'folder'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly size: number; readonly modifiedMs: number }

/**
 * What the picker lists: folders first, then files; those whose name has the letters typed, and of the files only those with
 * the extension, where one is given. Names that begin with a dot come last, because few want them.
 */
export function pickerEntries(
  listing: OutputOf<'host.browse'> | undefined,
  filter: string,
  extension: string | undefined,
): readonly PickerEntry[] {
  if (!listing) return []
  const typed = filter.trim().toLowerCase()
  const fits = ({ name }: { readonly name: string }): boolean => name.toLowerCase().includes(typed)
  const folders = listing.folders.map((name): PickerEntry => ({ kind: 'folder', name }))
  const files = listing.files
    .filter(({ name }) => extension === undefined || name.toLowerCase().endsWith(extension))
    .map((file): PickerEntry => ({ kind: 'file', ...file }))
  return [...dotsLast(folders), ...dotsLast(files)].filter(fits)
}

function dotsLast(entries: readonly PickerEntry[]): readonly PickerEntry[] {
  const hasDot = ({ name }: PickerEntry): boolean => name.startsWith('.')
  return [...entries.filter((entry) => !hasDot(entry)), ...entries.filter(hasDot)]
}
