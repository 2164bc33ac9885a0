import {
  FieldError,
  Input,
  Label,
  SearchField as AriaSearchField,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components'
import { Search } from 'lucide-react'
import { cx } from './cx.ts'
import css from './field.module.css'

export type TextFieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  /** A line below that helps. */
  readonly description?: string
  /** What is wrong and what to do; given, the field is marked. */
  readonly error?: string | undefined
  /** More than one: a text area. */
  readonly rows?: number
  readonly mono?: boolean
  /** A passphrase: drawn as dots, never offered again. */
  readonly isSecret?: boolean
  readonly isRequired?: boolean
  readonly isDisabled?: boolean
  readonly autoFocus?: boolean
  readonly onEnter?: () => void
}

/** A field with its label above and its error below. */
export function TextField(props: TextFieldProps) {
  const {
    label,
    value,
    onChange,
    placeholder = '',
    description,
    error,
    rows = 1,
    mono = false,
    isSecret = false,
    isRequired = false,
    isDisabled = false,
    autoFocus = false,
    onEnter,
  } = props
  const className = cx(css['input'], mono && css['mono'])
  return (
    <AriaTextField
      className={css['field'] ?? ''}
      value={value}
      onChange={onChange}
      isRequired={isRequired}
      isDisabled={isDisabled}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      autoFocus={autoFocus}
      type={isSecret ? 'password' : 'text'}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && rows === 1) onEnter?.()
        else event.continuePropagation()
      }}
    >
      <Label className={css['label'] ?? ''}>{label}</Label>
      {rows > 1 ? (
        <TextArea className={className} rows={rows} placeholder={placeholder} />
      ) : (
        <Input
          className={className}
          placeholder={placeholder}
          spellCheck="false"
          autoComplete={isSecret ? 'new-password' : 'off'}
        />
      )}
      {description !== undefined && error === undefined && (
        <Text slot="description" className={css['help'] ?? ''}>
          {description}
        </Text>
      )}
      <FieldError className={css['error'] ?? ''}>{error}</FieldError>
    </AriaTextField>
  )
}

export type SearchFieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly autoFocus?: boolean
}

/** A small field that narrows a list. Escape empties it. */
export function SearchField({ label, value, onChange, autoFocus = false }: SearchFieldProps) {
  return (
    <AriaSearchField
      className={css['search'] ?? ''}
      aria-label={label}
      value={value}
      onChange={onChange}
      autoFocus={autoFocus}
    >
      <Search aria-hidden size={13} />
      <Input className={css['input'] ?? ''} placeholder={label} spellCheck="false" autoComplete="off" />
    </AriaSearchField>
  )
}
