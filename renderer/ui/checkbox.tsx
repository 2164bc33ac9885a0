import { CheckboxButton, CheckboxField } from 'react-aria-components'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import css from './field.module.css'

export type CheckboxProps = {
  readonly children: ReactNode
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly isIndeterminate?: boolean
  readonly isDisabled?: boolean
}

/** A box to tick with its words. */
export function Checkbox({
  children,
  isSelected,
  onChange,
  isIndeterminate = false,
  isDisabled = false,
}: CheckboxProps) {
  return (
    <CheckboxField
      isSelected={isSelected}
      onChange={onChange}
      isIndeterminate={isIndeterminate}
      isDisabled={isDisabled}
    >
      <CheckboxButton className={css['check'] ?? ''}>
        <span className={css['box']} aria-hidden>
          {isIndeterminate ? <Minus size={11} strokeWidth={3} /> : isSelected && <Check size={11} strokeWidth={3} />}
        </span>
        <span className={css['checkLabel']}>{children}</span>
      </CheckboxButton>
    </CheckboxField>
  )
}
