import { timeText, UTC, type Zone } from '#shared/base/zone.ts'
import css from './time-cell.module.css'

export type TimeCellProps = {
  /** ms since 1970 UTC. */
  readonly utc: number
  /** Given and not UTC: the local time stands beside the UTC time, with its offset. */
  readonly zone?: Zone
  /** The time as it stood in the source, shown as the title. */
  readonly original?: string
}

/** A moment, UTC first: the date quiet, the clock plain. */
export function TimeCell({ utc, zone = UTC, original }: TimeCellProps) {
  const text = timeText(utc)
  return (
    <time className={css['time']} dateTime={text.replace(' ', 'T')} title={original}>
      <span className={css['date']}>{text.slice(0, 11)}</span>
      {text.slice(11)}
      {zone !== UTC && <span className={css['local']}>{timeText(utc, zone)}</span>}
    </time>
  )
}
