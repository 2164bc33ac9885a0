import { useId, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { Search, X } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import { cx } from './cx.ts'
import css from './query-box.module.css'

/** Something that may stand at the cursor: choosing it calls `onSuggestion`. */
export type Suggestion = {
  readonly id: string
  readonly label: string
  readonly kind?: string
  readonly detail?: string
}

export type QueryBoxProps = {
  readonly label: string
  readonly value: string
  /** `cursor` is where the text cursor stands, in UTF-16 units: what completion needs. */
  readonly onChange: (value: string, cursor: number) => void
  /** Enter without a chosen suggestion. */
  readonly onSubmit: () => void
  readonly placeholder?: string
  /** What is wrong, and where: underlined from `from` to `to`, said below. */
  readonly error?: { readonly from: number; readonly to: number; readonly message: string } | undefined
  /** What was understood, read back in words. */
  readonly echo?: ReactNode
  readonly suggestions?: readonly Suggestion[]
  readonly onSuggestion?: (suggestion: Suggestion) => void
  readonly ref?: Ref<HTMLInputElement>
}

/**
 * The shell of a search box: one line of mono text, the error underlined at its place, suggestions below (arrows choose, Tab or Enter takes, Escape
 * closes). It knows no query language: the caller parses, completes and echoes.
 */
export function QueryBox(props: QueryBoxProps) {
  const { label, value, onChange, onSubmit, placeholder, error, echo, suggestions = [], onSuggestion, ref } = props
  const id = useId()
  const [focused, setFocused] = useState(false)
  const [closed, setClosed] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const [scroll, setScroll] = useState(0)
  const input = useRef<HTMLInputElement | null>(null)
  const open = focused && !closed && suggestions.length > 0
  const at = Math.min(chosen, suggestions.length - 1)

  const take = (suggestion: Suggestion): void => {
    onSuggestion?.(suggestion)
    setChosen(-1)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const suggestion = open ? suggestions[at] : undefined
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1
      setChosen(at + step < -1 ? suggestions.length - 1 : at + step >= suggestions.length ? -1 : at + step)
    } else if (event.key === 'Tab' && open && !event.shiftKey) take(suggestion ?? suggestions[0]!)
    else if (event.key === 'Enter') {
      if (suggestion) take(suggestion)
      else {
        setClosed(true)
        onSubmit()
      }
    } else if (event.key === 'Escape' && open) setClosed(true)
    else if (event.key === ' ' && event.ctrlKey) setClosed(false)
    else return
    event.preventDefault()
  }

  return (
    <div className={css['wrap']}>
      <div className={cx(css['box'], error && css['wrong'])}>
        <Search aria-hidden size={14} className={css['icon']} />
        <div className={css['line']}>
          <input
            ref={(element) => {
              input.current = element
              if (typeof ref === 'function') ref(element)
              else if (ref) ref.current = element
            }}
            className={css['input']}
            role="combobox"
            aria-label={label}
            aria-expanded={open}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={open && at >= 0 ? `${id}-${at}` : undefined}
            aria-invalid={error !== undefined}
            aria-describedby={error || echo !== undefined ? `${id}-note` : undefined}
            value={value}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => {
              setClosed(false)
              setChosen(-1)
              onChange(event.target.value, event.target.selectionStart ?? event.target.value.length)
            }}
            onSelect={(event) => onChange(value, event.currentTarget.selectionStart ?? value.length)}
            onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
            onKeyDown={onKeyDown}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              setFocused(false)
              setClosed(false)
            }}
          />
          {error && <Underline value={value} from={error.from} to={error.to} scroll={scroll} />}
        </div>
        {value !== '' && (
          <button
            type="button"
            className={css['clear']}
            aria-label="Empty the search"
            title="Empty the search"
            onClick={() => {
              onChange('', 0)
              input.current?.focus()
            }}
          >
            <X aria-hidden size={13} />
          </button>
        )}
      </div>
      {open && (
        <ul id={`${id}-list`} role="listbox" aria-label="Suggestions" className={css['list']}>
          {suggestions.map((suggestion, i) => (
            <li
              key={suggestion.id}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === at}
              className={cx(css['option'], i === at && css['chosen'])}
              onMouseDown={(event) => {
                event.preventDefault()
                take(suggestion)
              }}
            >
              <span className={css['text']}>{visible(suggestion.label)}</span>
              {suggestion.detail !== undefined && <span className={css['detail']}>{visible(suggestion.detail)}</span>}
              {suggestion.kind !== undefined && <span className={css['kind']}>{suggestion.kind}</span>}
            </li>
          ))}
        </ul>
      )}
      {!open && focused && (error ?? echo) !== undefined && (
        <div id={`${id}-note`} className={cx(css['note'], error && css['noteWrong'])} role="status">
          {error ? error.message : echo}
        </div>
      )}
    </div>
  )
}

/** The same text in the same place, invisible but for a wave under the part that is wrong; at the end of the text, one blank wide. */
function Underline({
  value,
  from,
  to,
  scroll,
}: {
  readonly value: string
  readonly from: number
  readonly to: number
  readonly scroll: number
}) {
  const start = Math.min(from, value.length)
  const end = Math.max(start, Math.min(to, value.length))
  return (
    <div className={css['mirror']} aria-hidden>
      <div style={{ transform: `translateX(${-scroll}px)` }}>
        {value.slice(0, start)}
        <span className={css['wave']}>{end > start ? value.slice(start, end) : '\u00a0'}</span>
        {value.slice(end)}
      </div>
    </div>
  )
}
