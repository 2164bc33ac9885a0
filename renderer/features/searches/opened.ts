import { create } from 'zustand'
import type { View } from '#shared/domain/view-address.ts'

/** The dialog about searches that is open. */
export type Opened =
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly tab: 'saved' | 'history' }
  | { readonly kind: 'save'; readonly view: View }

/** Which dialog about searches is open. */
export const useOpened = create<{ readonly opened: Opened; readonly open: (opened: Opened) => void }>()((set) => ({
  opened: { kind: 'none' },
  open: (opened) => set({ opened }),
}))
