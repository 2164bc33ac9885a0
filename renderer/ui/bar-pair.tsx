import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import css from './bar-pair.module.css'

export type BarPairProps = {
  readonly label: string
  /** The value in the selection, as a share 0 to 1 and as a count. */
  readonly inside: { readonly share: number; readonly count: number }
  /** The value in the rest. */
  readonly outside: { readonly share: number; readonly count: number }
  /** The share that fills the whole width; the largest of a list, so that its bars compare. */
  readonly full: number
  readonly onPress?: () => void
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`

/** One value compared: the selection above, the rest below. Pressing filters. */
export function BarPair({ label, inside, outside, full, onPress }: BarPairProps) {
  const width = (share: number): string => `${Math.min(100, (share / (full || 1)) * 100)}%`
  return (
    <button
      type="button"
      className={css['pair']}
      onClick={onPress}
      title={`${visible(label)}: ${grouped(inside.count)} here (${percent(inside.share)}), ${grouped(outside.count)} elsewhere (${percent(outside.share)})`}
    >
      <span className={css['label']}>{visible(label)}</span>
      <span className={css['bars']} aria-hidden>
        <span className={css['inside']} style={{ width: width(inside.share) }} />
        <span className={css['outside']} style={{ width: width(outside.share) }} />
      </span>
      <span className={css['numbers']}>
        {percent(inside.share)} <span className={css['rest']}>{percent(outside.share)}</span>
      </span>
    </button>
  )
}
