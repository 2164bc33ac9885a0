import { TextField } from '#renderer/ui/text-field.tsx'
import { FieldPair } from '#renderer/ui/form.tsx'

/** Who works on a case, as it will stand in the custody log. */
export type ExaminerInput = {
  readonly name: string
  readonly organisation: string
  readonly identifier: string
  /** Of the key that the person signs with. */
  readonly keyFingerprint?: string | undefined
}

const KEY = 'trailcase.examiner'

/** Who said so last on this machine; offered again, never taken without asking. */
export function rememberedExaminer(): ExaminerInput {
  const nobody = { name: '', organisation: '', identifier: '' }
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return nobody
    const part = (name: string): string => {
      const value = (kept as Record<string, unknown>)[name]
      return typeof value === 'string' ? value : ''
    }
    const keyFingerprint = part('keyFingerprint')
    return {
      ...{ name: part('name'), organisation: part('organisation'), identifier: part('identifier') },
      ...(keyFingerprint !== '' && { keyFingerprint }),
    }
  } catch {
    return nobody
  }
}

export const rememberExaminer = (examiner: ExaminerInput): void => localStorage.setItem(KEY, JSON.stringify(examiner))

export const isNamed = ({ name }: ExaminerInput): boolean => name.trim() !== ''

type Props = {
  readonly value: ExaminerInput
  readonly onChange: (value: ExaminerInput) => void
  readonly onEnter?: () => void
  readonly autoFocus?: boolean
}

/** Name, organisation, number, signing key. */
export function ExaminerFields({ value, onChange, onEnter, autoFocus = false }: Props) {
  const enter = onEnter && { onEnter }
  return (
    <>
      <TextField
        label="Examiner"
        value={value.name}
        onChange={(name) => onChange({ ...value, name })}
        placeholder="First and last name"
        isRequired
        autoFocus={autoFocus}
        {...enter}
      />
      <FieldPair>
        <TextField
          label="Organisation"
          value={value.organisation}
          onChange={(organisation) => onChange({ ...value, organisation })}
          {...enter}
        />
        <TextField
          label="Badge or staff number"
          value={value.identifier}
          onChange={(identifier) => onChange({ ...value, identifier })}
          {...enter}
        />
      </FieldPair>
      <TextField
        label="Fingerprint of the signing key"
        value={value.keyFingerprint ?? ''}
        onChange={(text) => {
          const { keyFingerprint: _, ...rest } = value
          const typed = text.trim().toUpperCase()
          onChange(typed === '' ? rest : { ...rest, keyFingerprint: typed })
        }}
        placeholder="As keygen said it, for example K7QF-3M2D-9XTA-0B4H"
        mono
        {...enter}
      />
    </>
  )
}
