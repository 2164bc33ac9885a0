import { useState, type MouseEvent } from 'react'
import { ArrowDownWideNarrow, ArrowUpNarrowWide, ChevronRight, CircleMinus, CirclePlus } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'
import { Skeleton } from './states.tsx'
import { SearchField } from './text-field.tsx'
import css from './facet-list.module.css'

export type FacetValue = {
  readonly id: string
  readonly label: string
  /** The whole text, where the label is a short form of it. */
  readonly title?: string
  readonly count: number
  /** The current query already filters for or against it. */
  readonly state?: 'for' | 'against'
  readonly mono?: boolean
}

export type FacetContent =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  /** `distinct`: how many values there are in all; the list may hold only the first of them. */
  | { readonly kind: 'values'; readonly values: readonly FacetValue[]; readonly distinct: number }

export type Facet = {
  readonly id: string
  readonly label: string
  readonly content: FacetContent
  readonly rareFirst?: boolean
}

export type FacetListProps = {
  readonly label: string
  readonly facets: readonly Facet[]
  /** Ids of the facets that are open; only those need content. */
  readonly open: ReadonlySet<string>
  readonly onToggle: (facetId: string) => void
  /** A value was chosen; `against` with Alt or by its button. Choosing what already filters takes the filter away: the caller sees `state`. */
  readonly onChoose: (facetId: string, value: FacetValue, against: boolean) => void
  readonly onMenu?: (facetId: string, value: FacetValue, at: { readonly x: number; readonly y: number }) => void
  readonly onMore: (facetId: string) => void
  readonly onRareFirst?: (facetId: string, rareFirst: boolean) => void
  /** The search inside a facet changed; the caller answers with new content. */
  readonly onSearch?: (facetId: string, text: string) => void
  readonly stale?: boolean
}

/** Fields with their most frequent values and counts; a click filters for a value, with Alt against it. */
export function FacetList(props: FacetListProps) {
  return (
    <div
      className={cx(css['facets'], props.stale === true && css['stale'])}
      role="group"
      aria-label={props.label}
      aria-busy={props.stale === true}
    >
      {props.facets.map((facet) => (
        <FacetSection key={facet.id} facet={facet} {...props} />
      ))}
    </div>
  )
}

function FacetSection({
  facet,
  open,
  onToggle,
  onRareFirst,
  onSearch,
  ...rest
}: FacetListProps & { readonly facet: Facet }) {
  const isOpen = open.has(facet.id)
  const [search, setSearch] = useState('')
  const { content } = facet
  const distinct = content.kind === 'values' ? content.distinct : undefined
  const searchable = onSearch !== undefined && (search !== '' || (distinct ?? 0) > 8)
  return (
    <section className={css['facet']}>
      <div className={css['head']}>
        <button type="button" className={css['name']} aria-expanded={isOpen} onClick={() => onToggle(facet.id)}>
          <ChevronRight aria-hidden size={13} className={isOpen ? css['open'] : undefined} />
          {facet.label}
          {distinct !== undefined && <span className={css['distinct']}>{grouped(distinct)}</span>}
        </button>
        {isOpen && onRareFirst && (
          <IconButton
            size="small"
            icon={facet.rareFirst === true ? ArrowUpNarrowWide : ArrowDownWideNarrow}
            label={
              facet.rareFirst === true ? `${facet.label}: frequent values first` : `${facet.label}: rare values first`
            }
            onPress={() => onRareFirst(facet.id, facet.rareFirst !== true)}
          />
        )}
      </div>
      {isOpen && (
        <div className={css['body']}>
          {searchable && (
            <SearchField
              label={`Find in ${facet.label}`}
              value={search}
              onChange={(text) => {
                setSearch(text)
                onSearch(facet.id, text)
              }}
            />
          )}
          <FacetBody facet={facet} {...rest} />
        </div>
      )}
    </section>
  )
}

type BodyProps = Pick<FacetListProps, 'onChoose' | 'onMenu' | 'onMore'> & { readonly facet: Facet }

function FacetBody({ facet, onChoose, onMenu, onMore }: BodyProps) {
  const { content } = facet
  if (content.kind === 'loading') return <Skeleton lines={4} label={`Counting ${facet.label}`} />
  if (content.kind === 'failed') return <p className={css['failed']}>{content.message}</p>
  if (content.values.length === 0) return <p className={css['none']}>No value in this result</p>
  const most = Math.max(...content.values.map((value) => value.count))
  const hidden = content.distinct - content.values.length
  return (
    <>
      <ul>
        {content.values.map((value) => (
          <li key={value.id}>
            <ValueLine
              value={value}
              share={value.count / (most || 1)}
              onChoose={(against) => onChoose(facet.id, value, against)}
              onMenu={onMenu && ((at) => onMenu(facet.id, value, at))}
            />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" className={css['more']} onClick={() => onMore(facet.id)}>
          {grouped(hidden)} more
        </button>
      )}
    </>
  )
}

type ValueLineProps = {
  readonly value: FacetValue
  readonly share: number
  readonly onChoose: (against: boolean) => void
  readonly onMenu: ((at: { x: number; y: number }) => void) | undefined
}

function ValueLine({ value, share, onChoose, onMenu }: ValueLineProps) {
  const shown = visible(value.label)
  const openMenu = (event: MouseEvent): void => {
    if (!onMenu) return
    event.preventDefault()
    const box = event.currentTarget.getBoundingClientRect()
    // The context-menu key reports no place.
    onMenu(
      event.clientX === 0 && event.clientY === 0
        ? { x: box.left, y: box.bottom }
        : { x: event.clientX, y: event.clientY },
    )
  }
  return (
    <div className={cx(css['value'], value.state === 'for' && css['for'], value.state === 'against' && css['against'])}>
      <button
        type="button"
        className={css['press']}
        aria-pressed={value.state === 'for'}
        title={`${visible(value.title ?? value.label)}\nClick: filter for it. Alt-click: against it.`}
        onClick={(event) => onChoose(event.altKey)}
        onContextMenu={openMenu}
      >
        {value.state === 'for' && <CirclePlus aria-hidden size={12} />}
        {value.state === 'against' && <CircleMinus aria-hidden size={12} />}
        <span className={cx(css['label'], value.mono === true && css['mono'])}>
          {value.label === '' ? '(empty)' : cutMiddle(shown, 44)}
        </span>
        <span className={css['count']}>{grouped(value.count)}</span>
      </button>
      <span className={css['bar']} aria-hidden style={{ width: `${Math.max(1, share * 100)}%` }} />
      <button
        type="button"
        className={css['not']}
        aria-label={`Filter against ${shown}`}
        title="Filter against it"
        onClick={() => onChoose(true)}
      >
        <CircleMinus aria-hidden size={13} />
      </button>
    </div>
  )
}
