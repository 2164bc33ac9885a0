import { Button as AriaButton, ToggleButton, Tooltip, TooltipTrigger } from 'react-aria-components'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Keys } from './kbd.tsx'
import css from './button.module.css'

export type ButtonTone = 'plain' | 'primary' | 'quiet' | 'danger'

export type ButtonProps = {
  readonly children: ReactNode
  readonly onPress?: () => void
  /** `primary` once per view at most; `quiet` has no border; `danger` for what cannot be undone. */
  readonly tone?: ButtonTone
  readonly icon?: LucideIcon
  /** The key that does the same, drawn at the end. */
  readonly keys?: string
  readonly isDisabled?: boolean
  readonly type?: 'button' | 'submit'
  readonly autoFocus?: boolean
}

const nothing = (): void => undefined

/** A button with a word. Also the trigger of a `MenuButton` or a RAC `DialogTrigger` when `onPress` is left out. */
export function Button({
  children,
  onPress = nothing,
  tone = 'plain',
  icon: Icon,
  keys,
  isDisabled = false,
  type = 'button',
  autoFocus = false,
}: ButtonProps) {
  return (
    <AriaButton
      className={cx(css['button'], css[tone])}
      onPress={onPress}
      isDisabled={isDisabled}
      type={type}
      autoFocus={autoFocus}
    >
      {Icon && <Icon aria-hidden size={14} />}
      <span className={css['label']}>{children}</span>
      {keys !== undefined && <Keys keys={keys} />}
    </AriaButton>
  )
}

export type IconButtonProps = {
  /** Said by screen readers and shown as the tooltip. */
  readonly label: string
  readonly icon: LucideIcon
  readonly onPress?: () => void
  readonly keys?: string
  readonly isDisabled?: boolean
  /** Given: the button is a switch that is on or off. */
  readonly isPressed?: boolean
  readonly size?: 'small' | 'normal'
}

/** An icon with its word as tooltip, optionally a switch. */
export function IconButton({
  label,
  icon: Icon,
  onPress = nothing,
  keys,
  isDisabled = false,
  isPressed,
  size = 'normal',
}: IconButtonProps) {
  const className = cx(css['button'], css['quiet'], css['icon'], size === 'small' && css['small'])
  const body = <Icon aria-hidden size={size === 'small' ? 12 : 15} />
  return (
    <WithTooltip text={label} {...(keys === undefined ? {} : { keys })}>
      {isPressed === undefined ? (
        <AriaButton aria-label={label} className={className} onPress={onPress} isDisabled={isDisabled}>
          {body}
        </AriaButton>
      ) : (
        <ToggleButton
          aria-label={label}
          className={className}
          onChange={onPress}
          isDisabled={isDisabled}
          isSelected={isPressed}
        >
          {body}
        </ToggleButton>
      )}
    </WithTooltip>
  )
}

/** A tooltip for one focusable RAC element. It names; it never holds what cannot be found elsewhere. */
export function WithTooltip({
  text,
  keys,
  children,
}: {
  readonly text: string
  readonly keys?: string
  readonly children: ReactNode
}) {
  return (
    <TooltipTrigger delay={400} closeDelay={60}>
      {children}
      <Tooltip className={css['tooltip'] ?? ''} offset={6}>
        {text}
        {keys !== undefined && <Keys keys={keys} />}
      </Tooltip>
    </TooltipTrigger>
  )
}

export type SegmentsProps<Id extends string> = {
  readonly label: string
  readonly value: Id
  readonly onChange: (value: Id) => void
  readonly options: readonly { readonly id: Id; readonly label: string }[]
}

/** A few exclusive choices side by side, such as `linear | log`. */
export function Segments<Id extends string>({ label, value, onChange, options }: SegmentsProps<Id>) {
  return (
    <div className={css['segments']} role="group" aria-label={label}>
      {options.map((option) => (
        <ToggleButton
          key={option.id}
          className={css['segment'] ?? ''}
          isSelected={option.id === value}
          onChange={() => onChange(option.id)}
        >
          {option.label}
        </ToggleButton>
      ))}
    </div>
  )
}
