import type { ReactNode } from 'react'
import css from './form.module.css'

type Props = { readonly children: ReactNode }

/** Fields below each other, as dialogs have them. */
export function Form({ children }: Props) {
  return <div className={css['form']}>{children}</div>
}

/** Two fields side by side. */
export function FieldPair({ children }: Props) {
  return <div className={css['pair']}>{children}</div>
}

/** Fields that belong together, under their name. */
export function FieldGroup({ legend, children }: Props & { readonly legend: ReactNode }) {
  return (
    <fieldset className={css['group']}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  )
}
