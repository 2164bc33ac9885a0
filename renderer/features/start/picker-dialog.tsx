import { useEffect, useMemo, useState } from 'react'
import { ChevronRight, CornerLeftUp } from 'lucide-react'
import type { OutputOf } from '#shared/contract/contract.ts'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import type { Chosen, ChooseWish } from '#renderer/client/window-services.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { Skeleton } from '#renderer/ui/states.tsx'
import { SearchField, TextField } from '#renderer/ui/text-field.tsx'
import { withExtension } from './file-name.ts'
import { PickerList, type PickerEntry } from './picker-list.tsx'
import { pickerEntries } from './picker-entries.ts'
import css from './picker.module.css'

type Root = OutputOf<'host.describe'>['roots'][number]
type Where = { readonly root: string; readonly path: readonly string[] }

export type PickerDialogProps = {
  readonly wish: ChooseWish
  /** The folders below which may be chosen; the first is where it begins. */
  readonly roots: readonly Root[]
  /** Nothing chosen: the person closed it. */
  readonly onDone: (chosen: readonly Chosen[]) => void
}

const LAST = 'trailcase.folder'

/** Chooses below the folders that the host may show: several for evidence, one file to open, a folder and a name to save. */
export function PickerDialog({ wish, roots, onDone }: PickerDialogProps) {
  const engine = useEngine()
  const [where, setWhere] = useState<Where>(() => lastFolder(roots))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [name, setName] = useState(wish.suggestedName ?? '')
  const [filter, setFilter] = useState('')
  const [showsAll, setShowsAll] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const listing = useAsk('host.browse', { root: where.root, path: [...where.path] }, { keepsPrevious: false })
  const { again } = listing
  // What lies in a folder changes by itself: each look is a new one.
  useEffect(again, [again, where])
  const kind = kindOf(wish.purpose)
  const only = wish.purpose === 'open-case' && !showsAll ? '.trailcase' : undefined
  const entries = useMemo(() => pickerEntries(listing.value, filter, only), [listing.value, filter, only])
  const folder = where.path.at(-1) ?? roots.find(({ id }) => id === where.root)?.label ?? ''

  const enter = (next: Where): void => {
    setWhere(next)
    setSelected(new Set())
    setFilter('')
    setTrouble(null)
  }
  const grant = async (paths: readonly (readonly string[])[]): Promise<void> => {
    const chosen: Chosen[] = []
    for (const path of paths) {
      const reply = await engine.ask('host.grant', { root: where.root, path: [...path], purpose: wish.purpose })
      if (!reply.ok) {
        setTrouble(reply.message)
        return
      }
      chosen.push({ grant: reply.value.grant, label: visible(path.join('/')) || visible(folder) })
    }
    localStorage.setItem(LAST, JSON.stringify(where))
    onDone(chosen)
  }
  const names = [...selected]
  const saveName = withExtension(name.trim(), wish.purpose === 'new-case' ? '.trailcase' : '')
  const isThere = kind === 'save' && (listing.value?.files.some((file) => file.name === saveName) ?? false)
  const act = (): void => {
    if (kind === 'save') void grant([[...where.path, saveName]])
    else if (names.length > 0) void grant(names.map((one) => [...where.path, one]))
    else if (kind === 'many') void grant([where.path])
  }
  const open = (entry: PickerEntry): void => {
    if (entry.kind === 'folder') enter({ ...where, path: [...where.path, entry.name] })
    else if (kind === 'save') setName(entry.name)
    else void grant([[...where.path, entry.name]])
  }
  const up = (): void => {
    if (where.path.length > 0) enter({ ...where, path: where.path.slice(0, -1) })
  }
  const isReady =
    kind === 'save' ? name.trim() !== '' && !isThere : kind === 'many' || names.some((one) => isFile(entries, one))

  return (
    <Dialog
      title={wish.title}
      isOpen
      onClose={() => onDone([])}
      isDismissable={false}
      width="wide"
      actions={
        <>
          <span className={css['chosen']}>{chosenWords(kind, names.length, folder)}</span>
          <Button tone="quiet" onPress={() => onDone([])}>
            Cancel
          </Button>
          <Button tone="primary" onPress={act} isDisabled={!isReady || listing.value === undefined}>
            {kind === 'save'
              ? 'Save here'
              : kind === 'one'
                ? 'Open'
                : names.length === 0
                  ? 'Use this whole folder'
                  : `Use ${counted(names.length, 'choice')}`}
          </Button>
        </>
      }
    >
      <div className={css['picker']}>
        <div className={css['bar']}>
          {roots.length > 1 && (
            <Select
              label="Folder to begin in"
              hideLabel
              look="inline"
              value={where.root}
              onChange={(root) => enter({ root, path: [] })}
              options={roots.map(({ id, label }) => ({ id, label }))}
            />
          )}
          <nav className={css['crumbs']} aria-label="Folder">
            {(roots.length === 1 ? [roots[0]?.label ?? ''] : ['Start']).concat(where.path).map((part, depth) => (
              <span key={depth} className={css['crumb']}>
                {depth > 0 && <ChevronRight aria-hidden size={12} />}
                <button
                  type="button"
                  aria-current={depth === where.path.length ? 'location' : undefined}
                  onClick={() => enter({ ...where, path: where.path.slice(0, depth) })}
                >
                  {visible(part)}
                </button>
              </span>
            ))}
          </nav>
          <IconButton
            label="Folder above"
            keys="Backspace"
            icon={CornerLeftUp}
            onPress={up}
            isDisabled={where.path.length === 0}
          />
          <div className={css['narrow']}>
            <SearchField label="Narrow the list" value={filter} onChange={setFilter} />
          </div>
        </div>
        {listing.failure ? (
          <p className={css['wrong']} role="alert">
            {listing.failure.message}
          </p>
        ) : listing.value === undefined ? (
          <div className={css['loading']}>
            <Skeleton lines={5} />
          </div>
        ) : (
          <PickerList
            key={`${where.root}/${where.path.join('/')}`}
            label={`What lies in ${visible(folder)}`}
            entries={entries}
            isMultiple={kind === 'many'}
            selected={selected}
            onSelected={(next) => {
              setSelected(next)
              const [first] = next
              if (kind === 'save' && first !== undefined && isFile(entries, first)) setName(first)
            }}
            onOpen={open}
            onUp={up}
            filesLeftOut={listing.value.filesLeftOut}
            empty={
              filter !== ''
                ? 'Nothing here has these letters in its name.'
                : only !== undefined && listing.value.files.length > 0
                  ? 'No .trailcase file here.'
                  : 'This folder is empty.'
            }
          />
        )}
        {kind === 'save' && (
          <TextField
            label="File name"
            value={name}
            onChange={setName}
            onEnter={() => isReady && act()}
            autoFocus
            error={
              isThere
                ? `${visible(saveName)} is there already. Choose another name; nothing is ever overwritten.`
                : undefined
            }
          />
        )}
        {wish.purpose === 'open-case' && (
          <Checkbox isSelected={showsAll} onChange={setShowsAll}>
            Show all files
          </Checkbox>
        )}
        {trouble !== null && (
          <p className={css['wrong']} role="alert">
            {trouble}
          </p>
        )}
      </div>
    </Dialog>
  )
}

type Kind = 'one' | 'many' | 'save'
const kindOf = (purpose: ChooseWish['purpose']): Kind =>
  purpose === 'evidence' ? 'many' : purpose === 'new-case' || purpose === 'save' ? 'save' : 'one'

const isFile = (entries: readonly PickerEntry[], name: string): boolean =>
  entries.some((entry) => entry.name === name && entry.kind === 'file')

const chosenWords = (kind: Kind, count: number, folder: string): string =>
  kind === 'many' && count === 0 ? `Nothing chosen inside ${visible(folder)}: all of it is used` : ''

/** Where the person chose last, while its root is still shown. */
function lastFolder(roots: readonly Root[]): Where {
  const first: Where = { root: roots[0]?.id ?? '', path: [] }
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(LAST) ?? 'null')
    if (typeof kept !== 'object' || kept === null || !('root' in kept) || !('path' in kept)) return first
    const { root, path } = kept
    if (!roots.some(({ id }) => id === root) || !Array.isArray(path)) return first
    return { root: String(root), path: path.filter((part): part is string => typeof part === 'string') }
  } catch {
    return first
  }
}
