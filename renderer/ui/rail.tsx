import type { ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'
import { cx } from './cx.ts'
import css from './rail.module.css'

export type RailPlace = {
  readonly id: string
  readonly label: string
  readonly icon: LucideIcon
  /** The letter that goes there after `g`; underlined in the label. */
  readonly letter: string
  /** Something there wants to be seen: `2 altered`. */
  readonly note?: string
}

export type RailProps = {
  readonly label: string
  readonly places: readonly RailPlace[]
  readonly current: string
  readonly onGo: (id: string) => void
  /** Stands at the bottom: settings, help. */
  readonly foot?: ReactNode
}

/** The places of the window, one below the other, each with icon, word and letter. */
export function Rail({ label, places, current, onGo, foot }: RailProps) {
  return (
    <nav className={css['rail']} aria-label={label}>
      <ul>
        {places.map((place) => (
          <li key={place.id}>
            <button
              type="button"
              className={cx(css['place'], place.id === current && css['current'])}
              aria-current={place.id === current ? 'page' : undefined}
              title={`${place.label} (g ${place.letter})${place.note === undefined ? '' : `: ${place.note}`}`}
              onClick={() => onGo(place.id)}
            >
              <place.icon aria-hidden size={17} strokeWidth={1.6} />
              <span className={css['word']}>{withLetter(place.label, place.letter)}</span>
              {place.note !== undefined && <span className={css['note']} aria-label={place.note} role="img" />}
            </button>
          </li>
        ))}
      </ul>
      {foot !== undefined && <div className={css['foot']}>{foot}</div>}
    </nav>
  )
}

function withLetter(label: string, letter: string): ReactNode {
  const at = label.toLowerCase().indexOf(letter.toLowerCase())
  if (at < 0) return label
  return (
    <>
      {label.slice(0, at)}
      <u>{label.slice(at, at + 1)}</u>
      {label.slice(at + 1)}
    </>
  )
}
