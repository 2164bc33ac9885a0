import { create } from 'zustand'
import type { Chosen } from './window-services.ts'

type PackageWish = {
  /** The package that the person wants to look at; nothing otherwise. */
  readonly chosen: Chosen | null
  show: (chosen: Chosen) => void
  close: () => void
}

/** Which package is looked at: wished from the start screen, the case menu or outside the window, shown by the app in one place. */
export const usePackageWish = create<PackageWish>()((set) => ({
  chosen: null,
  show: (chosen) => set({ chosen }),
  close: () => set({ chosen: null }),
}))
