import { X } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import { cx } from './cx.ts'
import css from './tag-chip.module.css'

/** Eight hues, each with a shape of its own: 1 circle, 2 square, 3 triangle, 4 diamond, 5 pentagon, 6 star, 7 plus, 8 ring. */
export type TagStyle = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export const TAG_STYLES: readonly TagStyle[] = [1, 2, 3, 4, 5, 6, 7, 8]

export const TAG_STYLE_NAMES: Readonly<Record<TagStyle, string>> = {
  1: 'red circle',
  2: 'orange square',
  3: 'yellow triangle',
  4: 'green diamond',
  5: 'teal pentagon',
  6: 'blue star',
  7: 'violet plus',
  8: 'pink ring',
}

/** Outlines in a box of 12 x 12; the ring is the only one that is not filled. */
export const TAG_SHAPES: Readonly<Record<TagStyle, string>> = {
  1: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Z',
  2: 'M1.5 1.5h9v9h-9Z',
  3: 'M6 .8 11.6 10.8H.4Z',
  4: 'M6 0.3 11.7 6 6 11.7.3 6Z',
  5: 'M6 .6 11.5 4.6 9.4 11.2H2.6L.5 4.6Z',
  6: 'M6 .2 7.7 4.1 12 4.5 8.7 7.3 9.7 11.5 6 9.3 2.3 11.5 3.3 7.3 0 4.5 4.3 4.1Z',
  7: 'M4.2 .8h3.6v3.4h3.4v3.6H7.8v3.4H4.2V7.8H.8V4.2h3.4Z',
  8: 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8Zm0 3a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4Z',
}

/** The shape of a tag in its hue. */
export function TagShape({ look, size = 10 }: { readonly look: TagStyle; readonly size?: number }) {
  return (
    <svg className={css[`hue${look}`]} width={size} height={size} viewBox="0 0 12 12" aria-hidden>
      <path d={TAG_SHAPES[look]} fill="currentColor" fillRule="evenodd" />
    </svg>
  )
}

export type TagChipProps = {
  readonly name: string
  readonly look: TagStyle
  readonly count?: string
  readonly onPress?: () => void
  readonly onRemove?: () => void
}

/** A tag: shape, hue and name. */
export function TagChip({ name, look, count, onPress, onRemove }: TagChipProps) {
  const body = (
    <>
      <TagShape look={look} />
      <span className={css['name']}>{visible(name)}</span>
      {count !== undefined && <span className={css['count']}>{count}</span>}
    </>
  )
  return (
    <span className={cx(css['chip'], css[`hue${look}`])}>
      {onPress ? (
        <button type="button" className={css['press']} onClick={onPress}>
          {body}
        </button>
      ) : (
        <span className={css['press']}>{body}</span>
      )}
      {onRemove && (
        <button
          type="button"
          className={css['remove']}
          aria-label={`Remove the tag ${visible(name)}`}
          onClick={onRemove}
        >
          <X aria-hidden size={11} />
        </button>
      )}
    </span>
  )
}
