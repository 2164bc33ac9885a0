import { Segments } from './button.tsx'

export type Paper = 'A4' | 'Letter'

/** The size of the pages of what is printed. */
export function PaperChoice({ value, onChange }: { readonly value: Paper; readonly onChange: (paper: Paper) => void }) {
  return (
    <Segments
      label="Paper"
      value={value}
      onChange={onChange}
      options={[
        { id: 'A4', label: 'A4' },
        { id: 'Letter', label: 'Letter' },
      ]}
    />
  )
}
