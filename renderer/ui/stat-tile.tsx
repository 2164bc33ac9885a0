import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import css from './stat-tile.module.css'

export type StatTileProps = {
  readonly label: string
  /** Already grouped: `1,284,331`. */
  readonly value: string
  /** Of what, since when, compared with what. */
  readonly detail?: ReactNode
  readonly tone?: 'plain' | 'good' | 'warn' | 'danger'
  /** Given: the tile is a link to what it counts. */
  readonly onPress?: () => void
}

/** One number with its name; pressing it leads to what was counted. */
export function StatTile({ label, value, detail, tone = 'plain', onPress }: StatTileProps) {
  const body = (
    <>
      <span className={css['label']}>{label}</span>
      <span className={cx(css['value'], css[tone])}>{value}</span>
      {detail !== undefined && <span className={css['detail']}>{detail}</span>}
    </>
  )
  return onPress ? (
    <button type="button" className={cx(css['tile'], css['press'])} onClick={onPress}>
      {body}
    </button>
  ) : (
    <div className={css['tile']}>{body}</div>
  )
}
