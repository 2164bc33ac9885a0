import { cx } from './cx.ts'
import { Unseen } from './unseen.tsx'
import css from './mark.module.css'

/**
 * How well a thing is vouched for. Always colour, pattern and word, so that it survives colour blindness and a black-and-white printer:
 * proven solid, listed hatched, altered crossed, missing dotted, none empty.
 */
export type MarkKind = 'proven' | 'listed' | 'altered' | 'missing' | 'none'

export const MARK_KINDS: readonly MarkKind[] = ['proven', 'listed', 'altered', 'missing', 'none']

export type MarkProps = {
  readonly kind: MarkKind
  /** The word to show; the kind itself unless another is needed. */
  readonly word?: string
  /** Only the swatch; the word stays for screen readers and as the title. */
  readonly compact?: boolean
}

/** A verdict as swatch and word. */
export function Mark({ kind, word = kind, compact = false }: MarkProps) {
  return (
    <span className={cx(css['mark'], css[kind])} title={compact ? word : undefined}>
      <MarkSwatch kind={kind} />
      {compact ? <Unseen>{word}</Unseen> : <span>{word}</span>}
    </span>
  )
}

/** The pattern alone, for legends and strips; say the word beside it. */
export function MarkSwatch({ kind }: { readonly kind: MarkKind }) {
  return <span aria-hidden className={cx(css['swatch'], css[kind], css[`${kind}Fill`])} />
}
