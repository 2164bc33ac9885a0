import { Button, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components'
import { Check, ChevronDown } from 'lucide-react'
import { cx } from './cx.ts'
import css from './field.module.css'
import unseen from './unseen.module.css'

export type SelectOption<Id extends string> = { readonly id: Id; readonly label: string; readonly detail?: string }

export type SelectProps<Id extends string> = {
  readonly label: string
  readonly value: Id
  readonly onChange: (value: Id) => void
  readonly options: readonly SelectOption<Id>[]
  /** `inline`: label before the value, small, without border, for tool bars. */
  readonly look?: 'field' | 'inline'
  /** The label is only read aloud, not drawn: where the value says enough. */
  readonly hideLabel?: boolean
  readonly isDisabled?: boolean
}

/** One of several, chosen from a list. */
export function Select<Id extends string>({
  label,
  value,
  onChange,
  options,
  look = 'field',
  hideLabel = false,
  isDisabled = false,
}: SelectProps<Id>) {
  return (
    <AriaSelect
      className={look === 'inline' ? (css['inline'] ?? '') : (css['field'] ?? '')}
      value={value}
      onChange={(key) => {
        const option = options.find((candidate) => candidate.id === key)
        if (option) onChange(option.id)
      }}
      isDisabled={isDisabled}
    >
      <Label className={(hideLabel ? unseen['unseen'] : css['label']) ?? ''}>{label}</Label>
      <Button className={cx(look === 'inline' ? css['inlineButton'] : css['input'], css['selectButton'])}>
        <SelectValue className={css['selectValue'] ?? ''}>
          {options.find((option) => option.id === value)?.label}
        </SelectValue>
        <ChevronDown aria-hidden size={13} />
      </Button>
      <Popover className={css['popover'] ?? ''} offset={4}>
        <ListBox className={css['list'] ?? ''} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={css['option'] ?? ''}>
              {({ isSelected }) => (
                <>
                  <span className={css['optionTick']}>{isSelected && <Check aria-hidden size={13} />}</span>
                  <span>{option.label}</span>
                  {option.detail !== undefined && <span className={css['optionDetail']}>{option.detail}</span>}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
