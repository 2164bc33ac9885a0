import { grouped } from '#shared/base/count.ts'
import { Button } from './button.tsx'
import css from './progress-bar.module.css'
import { durationText } from '#shared/base/zone.ts'

export type ProgressBarProps = {
  /** What is going on: `Importing s3-copy.zip`. */
  readonly label: string
  readonly done: number
  /** Undefined while nobody can know. */
  readonly total?: number | undefined
  /** What is counted, in the plural: `events`, `files`. */
  readonly unit: string
  /** Per second. */
  readonly rate?: number | undefined
  readonly secondsLeft?: number | undefined
  /** A further line: the file at hand, what was quarantined. */
  readonly detail?: string
  readonly onCancel?: (() => void) | undefined
}

/** Long work: what, how much, how fast, how long, and Cancel. */
export function ProgressBar({ label, done, total, unit, rate, secondsLeft, detail, onCancel }: ProgressBarProps) {
  const known = total !== undefined && total > 0
  const part = known ? Math.min(1, done / total) : undefined
  const words = [
    known ? `${grouped(done)} of ${grouped(total)} ${unit}` : `${grouped(done)} ${unit}`,
    rate === undefined ? undefined : `${grouped(rate)} ${unit}/s`,
    secondsLeft === undefined ? undefined : `about ${durationText(secondsLeft * 1000)} left`,
  ].filter((word) => word !== undefined)
  return (
    <div className={css['progress']}>
      <div className={css['head']}>
        <span className={css['label']}>{label}</span>
        <span className={css['percent']}>{part === undefined ? '' : `${Math.floor(part * 100)} %`}</span>
        {onCancel && (
          <Button tone="quiet" onPress={onCancel}>
            Cancel
          </Button>
        )}
      </div>
      <div
        className={css['track']}
        role="progressbar"
        aria-label={label}
        aria-valuetext={words.join(', ')}
        {...(known ? { 'aria-valuemin': 0, 'aria-valuemax': total, 'aria-valuenow': done } : {})}
      >
        <div
          className={part === undefined ? css['unknown'] : css['bar']}
          style={part === undefined ? {} : { width: `${part * 100}%` }}
        />
      </div>
      <div className={css['words']}>{words.join('  ·  ')}</div>
      {detail !== undefined && <div className={css['detail']}>{detail}</div>}
    </div>
  )
}
