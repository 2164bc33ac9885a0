import type { CaseHeader } from '#shared/contract/cases.ts'
import { Select } from '#renderer/ui/select.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { FieldPair } from '#renderer/ui/form.tsx'
import { ianaZone } from '#shared/base/zone.ts'
import css from './start.module.css'

export type ShortHeader = Pick<CaseHeader, 'title' | 'number' | 'zone' | 'tlp'>

/** The classes of the Traffic Light Protocol 2.0 (FIRST), strictest first. */
const TLP: readonly { readonly id: CaseHeader['tlp']; readonly label: string; readonly detail: string }[] = [
  { id: 'TLP:RED', label: 'TLP:RED', detail: 'only who receives it' },
  { id: 'TLP:AMBER+STRICT', label: 'TLP:AMBER+STRICT', detail: 'the organisation' },
  { id: 'TLP:AMBER', label: 'TLP:AMBER', detail: 'the organisation and its clients' },
  { id: 'TLP:GREEN', label: 'TLP:GREEN', detail: 'the community' },
  { id: 'TLP:CLEAR', label: 'TLP:CLEAR', detail: 'anyone' },
]

/** Why this header cannot be saved, or nothing. */
export const headerTrouble = ({ title, zone }: ShortHeader): string | undefined =>
  title.trim() === '' ? 'A case needs a title.' : zoneTrouble(zone)

const zoneTrouble = (zone: string): string | undefined => {
  const found = ianaZone(zone)
  return found.ok ? undefined : found.message
}

type Props = {
  readonly value: ShortHeader
  readonly onChange: (change: Partial<ShortHeader>) => void
  readonly isDisabled?: boolean
  readonly autoFocus?: boolean
}

/** Title, number, time zone and classification: what every case has. */
export function CaseFields({ value, onChange, isDisabled = false, autoFocus = false }: Props) {
  return (
    <>
      <div className={css['titlePair']}>
        <TextField
          label="Title"
          value={value.title}
          onChange={(title) => onChange({ title })}
          placeholder="What happened, in a few words"
          isRequired
          isDisabled={isDisabled}
          autoFocus={autoFocus}
        />
        <TextField
          label="Case number"
          value={value.number}
          onChange={(number) => onChange({ number })}
          placeholder="ACME-2026-014"
          isDisabled={isDisabled}
        />
      </div>
      <FieldPair>
        <TextField
          label="Time zone beside UTC"
          value={value.zone}
          onChange={(zone) => onChange({ zone })}
          placeholder="UTC, or a name such as Europe/Berlin"
          error={zoneTrouble(value.zone)}
          isDisabled={isDisabled}
        />
        <Select
          label="Classification"
          value={value.tlp}
          onChange={(tlp) => onChange({ tlp })}
          options={TLP}
          isDisabled={isDisabled}
        />
      </FieldPair>
    </>
  )
}
