import type { ReactNode } from 'react'
import { ArrowUpRight } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'
import css from './value-bars.module.css'

export type ValueBar = {
  readonly id: string
  /** The value as it stands in the data: shown cut in its middle, whole as the title. */
  readonly label: string
  readonly count: number
  /** Of the count, how many failed in the way that matters; drawn as the part of the bar in its colour. */
  readonly refused?: number
  /** A few words after the label: a time, a kind. */
  readonly detail?: ReactNode
  readonly onPress: () => void
  /** Given: a second button at the end leads to the page of the value. */
  readonly onOpen?: () => void
}

export type ValueBarsProps = {
  readonly label: string
  readonly items: readonly ValueBar[]
  /** The count that fills the whole width. Default: the largest of the list. */
  readonly full?: number
  readonly mono?: boolean
  /** Characters after which a value is cut. */
  readonly cut?: number
  /** What the refused part is called, for those who cannot see its colour: `denied`. */
  readonly refusedWord?: string
}

/** Values with their counts as bars. Pressing a row leads to what was counted. */
export function ValueBars({ label, items, full, mono = false, cut = 48, refusedWord = 'denied' }: ValueBarsProps) {
  const most = full ?? Math.max(1, ...items.map((item) => item.count))
  const width = (n: number): string => `${Math.min(100, (n / most) * 100)}%`
  return (
    <ul className={css['list']} aria-label={label}>
      {items.map((item) => (
        <li key={item.id} className={css['item']}>
          <button type="button" className={css['row']} onClick={item.onPress} title={visible(item.label)}>
            <span className={css['bar']} style={{ width: width(item.count) }} aria-hidden>
              {item.refused !== undefined && item.refused > 0 && (
                <span className={css['refused']} style={{ width: `${(item.refused / item.count) * 100}%` }} />
              )}
            </span>
            <span className={cx(css['label'], mono && css['mono'])}>{cutMiddle(visible(item.label), cut)}</span>
            {item.detail !== undefined && <span className={css['detail']}>{item.detail}</span>}
            <span className={css['count']}>
              {item.refused !== undefined && item.refused > 0 && (
                <span className={css['refusedCount']}>
                  {grouped(item.refused)} {refusedWord}
                </span>
              )}
              {grouped(item.count)}
            </span>
          </button>
          {item.onOpen && (
            <IconButton
              size="small"
              icon={ArrowUpRight}
              label={`Open the page of ${visible(item.label)}`}
              onPress={item.onOpen}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
