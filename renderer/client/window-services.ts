import { createContext, use } from 'react'
import type { AskOf } from '#shared/contract/contract.ts'
import type { Grant } from '#shared/contract/common.ts'

/** A right to a path, and how the person knows it: its name, or the way to it below a root. */
export type Chosen = { readonly grant: Grant; readonly label: string }

export type ChooseWish = {
  readonly purpose: AskOf<'host.pick'>['purpose']
  /** Heading of the picker: `Where to save the case`. */
  readonly title: string
  /** For what is going to be made. */
  readonly suggestedName?: string
}

export type Notice = {
  readonly tone: 'done' | 'note' | 'trouble'
  readonly text: string
  /** Such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** What the window does for every view, given by the shell. */
export type WindowServices = {
  /** Has the person choose files, folders or a place to save; nothing when they closed the dialog. */
  readonly choose: (wish: ChooseWish) => Promise<readonly Chosen[]>
  /** A short message in the corner. */
  readonly notify: (notice: Notice) => void
}

export const WindowServicesContext = createContext<WindowServices | null>(null)

export function useWindow(): WindowServices {
  const services = use(WindowServicesContext)
  if (!services) throw new Error('This should not happen: a component stands outside the window')
  return services
}
